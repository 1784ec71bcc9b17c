"""A hundred charts in one report: HTML, PDF, and as Excel's own. `python benchmarks/charts.py [CHARTS]`."""

import io
import sys
import time


def report(charts):
    """A report of bars by component and criticality, each chart with its own numbers."""
    import icreport

    spec = {
        "mark": "bar",
        "encoding": {
            "x": {"field": "Component", "type": "nominal"},
            "y": {"field": "Count", "type": "quantitative"},
            "color": {"field": "Criticality", "type": "nominal"},
        },
    }
    made = [
        icreport.Chart(
            spec,
            caption=f"Anomalies of campaign {number}",
            columns=["Component", "Criticality", "Count"],
            rows=[
                (f"J{at}", word, (number * 7 + at * 3 + len(word)) % 17)
                for at in range(8)
                for word in ("Critical", "Major", "Minor", "Observation")
            ],
        )
        for number in range(charts)
    ]
    return icreport.Report(name="Charts", elements=made)


def main(charts):
    """Print the seconds of each format, the first with the start of the process that draws."""
    import icreport

    made = report(charts)
    print(f"\n| {charts} charts | seconds | for each |\n| --- | ---: | ---: |")
    for format in ("html", "pdf", "xlsx"):
        start = time.perf_counter()
        icreport.write(made, io.BytesIO(), format)
        seconds = time.perf_counter() - start
        print(f"| {format} | {seconds:.2f} | {1000 * seconds / charts:.0f} ms |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
