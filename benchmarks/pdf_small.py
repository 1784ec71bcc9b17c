"""The PDF of a report of two rows beside a plain call of WeasyPrint: `python benchmarks/pdf_small.py`.

Warm: again and again in a process, WeasyPrint with its fonts and parsed style sheet shared; processes of both take
turns, so that neither clears up after the other. Cold: a process that converts, beside one that only imports
WeasyPrint, plus the warm time of WeasyPrint.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "samples/job-content.json"
RUNS, WARM_UP, TURNS = 60, 5, 5


def page_of(path):
    """Give the page that we lay out, and its style sheet."""
    import icreport
    from icreport.model.front_matter import NOTHING
    from icreport.rendering.pdf.page import PaperPage
    from icreport.rendering.pdf.stylesheets import parsed
    from icreport.rendering.themes.loading import load_theme
    from icreport.warnings import Warnings

    class Nowhere:
        warnings = Warnings()
        limits = icreport.Limits()

        def advance(self, rows, phase=None):
            pass

    theme = load_theme(None)
    parts = PaperPage(theme, None, None, parsed(theme.css(paper=True)).rooms)
    report = icreport.read(path)
    found = [part for at, element in enumerate(report.elements) for part in parts.element(element, at, Nowhere())]
    body = "".join(part if isinstance(part, str) else part.start + part.plain_rows() + part.end for part in found)
    around = parts.around("Report", source=None, document=NOTHING, lists=None)
    return around.head + body + around.tail, theme.css(paper=True)


def ours(target):
    """Give what converts the sample."""
    import icreport

    return lambda: icreport.convert(SAMPLE, target)


def theirs(target):
    """Give what has WeasyPrint make a PDF of the same page."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    page, css = page_of(SAMPLE)
    fonts = FontConfiguration()
    sheet = CSS(string=css, font_config=fonts)

    def convert():
        html = HTML(string=page, media_type="print")
        html.write_pdf(target, stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")

    return convert


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def warm(make):
    """Print the seconds that a document takes once everything is loaded."""
    with tempfile.TemporaryDirectory() as folder:
        convert = make(f"{folder}/out.pdf")
        for _ in range(WARM_UP):
            convert()
        print(seconds(lambda: [convert() for _ in range(RUNS)]) / RUNS)


def process(*arguments):
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main():
    if len(sys.argv) > 1:
        warm({"ours": ours, "theirs": theirs}[sys.argv[1]])
        return
    turns = [[float(process(__file__, name)) for name in ("ours", "theirs")] for _ in range(TURNS)]
    ours_warm, theirs_warm = map(statistics.median, zip(*turns, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        code = f"import icreport; icreport.convert({str(SAMPLE)!r}, {folder + '/out.pdf'!r})"
        turns = [[seconds(lambda: process("-c", text)) for text in (code, "import weasyprint")] for _ in range(TURNS)]  # noqa: B023 - called at once
        cold, start = map(statistics.median, zip(*turns, strict=True))
    both = start + theirs_warm
    print("| two rows to PDF | icreport, ms | WeasyPrint, ms | ratio |")
    print("| --- | ---: | ---: | ---: |")
    print(f"| warm | {ours_warm * 1000:.0f} | {theirs_warm * 1000:.0f} | {ours_warm / theirs_warm:.2f} |")
    print(f"| cold | {cold * 1000:.0f} | {both * 1000:.0f} | {cold / both:.2f} |")


if __name__ == "__main__":
    main()
