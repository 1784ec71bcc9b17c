"""The PDF of a report of two rows beside a plain call of WeasyPrint: `python benchmarks/pdf_small.py`.

Warm: again and again in one process, WeasyPrint with its fonts and parsed style sheet shared. Cold: a process that
converts, beside one that only imports WeasyPrint, plus the warm time of WeasyPrint.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "samples/job-content.json"
RUNS = 30


def page_of(path):
    """Give the page that we lay out, and its style sheet."""
    import icreport
    from icreport.rendering.html import PageParts
    from icreport.rendering.markup import BAND
    from icreport.rendering.stylesheets import parsed
    from icreport.rendering.theme import load_theme
    from icreport.warnings import Warnings

    class Nowhere:
        warnings = Warnings()
        limits = icreport.Limits()

        def advance(self, rows):
            pass

    theme = load_theme(None)
    parts = PageParts(theme, None, rooms=parsed(theme.css(paper=True)).rooms)
    report = icreport.read(path)
    found = [part for at, element in enumerate(report.elements) for part in parts.element(element, at, Nowhere())]
    body = "".join(part if isinstance(part, str) else part.start + part.plain_rows(BAND) + part.end for part in found)
    start, end = parts.around("Report", source=None, nonce="", script="")
    return start + body + end, theme.css(paper=True)


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def process(*arguments):
    return seconds(lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True))


def main():
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    import icreport

    page, css = page_of(SAMPLE)
    fonts = FontConfiguration()
    sheet = CSS(string=css, font_config=fonts)
    with tempfile.TemporaryDirectory() as folder:
        target = f"{folder}/out.pdf"

        def ours():
            icreport.convert(SAMPLE, target)

        def plain():
            html = HTML(string=page, media_type="print")
            html.write_pdf(target, stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")

        times = {ours: [], plain: []}
        for _ in range(RUNS):
            for function, found in times.items():
                found.append(seconds(function))
        warm, theirs = (statistics.median(found) for found in times.values())
        code = f"import icreport; icreport.convert({str(SAMPLE)!r}, {target!r})"
        cold, start = ([process("-c", text) for _ in range(5)] for text in (code, "import weasyprint"))
        both = statistics.median(start) + theirs
        print("| two rows to PDF | icreport, ms | WeasyPrint, ms | ratio |")
        print("| --- | ---: | ---: | ---: |")
        print(f"| warm | {warm * 1000:.0f} | {theirs * 1000:.0f} | {warm / theirs:.2f} |")
        cold_median = statistics.median(cold)
        print(f"| cold | {cold_median * 1000:.0f} | {both * 1000:.0f} | {cold_median / both:.2f} |")


if __name__ == "__main__":
    main()
