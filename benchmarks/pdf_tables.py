"""The PDF of one large table beside other ways to make one: `python benchmarks/pdf_tables.py [ROWS [CONTENDER…]]`.

All wrap text in cells, repeat the head, number pages and subset fonts; only `painted`, `painted_linked`, `bands`
(icreport without its painter) and `weasyprint` (a plain call with the same page and style sheet) are tagged, and the
last two take minutes at 10,000 rows. Needs typst, reportlab, fpdf2 and Debian's chromium.
"""

import json
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

import measure
import synthetic

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
BOLD = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"


def texts_of(path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    return [
        ["" if (value := cell["value"]) is None else str(value) for cell in row["cells"]]
        for row in document["elements"][0]["data"]["rows"]
    ]


def painted(path, target):
    import icreport

    icreport.convert(path, target)


def painted_untagged(path, target):
    import icreport

    icreport.convert(path, target, pdf_variant="none")


def painted_linked(path, target):
    import icreport

    icreport.convert(path, target, link="https://host.example/#/{sourceBusinessObject}/{sourceKey}")


def bands(path, target):
    import icreport

    icreport.convert(path, target, painter="off")


def weasyprint(path, target):
    import pdf_small
    from weasyprint import HTML

    page, css = pdf_small.page_of(path)
    HTML(string=page.replace("</head>", f"<style>{css}</style></head>")).write_pdf(target, pdf_variant="pdf/ua-1")


def typst(path, target):
    import typst

    source = Path(target).with_suffix(".typ")
    data = Path(target).with_suffix(".json")
    data.write_text(json.dumps(texts_of(path)))
    source.write_text(
        '#set page(paper: "a4", flipped: true, margin: 15mm, numbering: "1 of 1")\n'
        '#set text(font: "DejaVu Sans", size: 8pt)\n'
        f'#let rows = json("{data.name}")\n'
        "#table(columns: (1fr,) * 10, stroke: (bottom: 0.4pt + gray), "
        "fill: (_, y) => if calc.even(y) { rgb(246, 248, 250) }, "
        f"table.header({', '.join(f'[*{caption}*]' for caption in synthetic.COLUMNS)}), ..rows.flatten())\n"
    )
    fonts = ["/usr/share/fonts/truetype/dejavu"]
    typst.compile(str(source), output=target, font_paths=fonts, pdf_tags=False)


def reportlab(path, target):
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

    pdfmetrics.registerFont(TTFont("DejaVu", FONT))
    style = ParagraphStyle("cell", fontName="DejaVu", fontSize=8, leading=11)
    width = landscape(A4)[0] - 85
    rows = [
        [Paragraph(text.replace("&", "&amp;"), style) for text in row] for row in [synthetic.COLUMNS, *texts_of(path)]
    ]
    table = LongTable(rows, colWidths=[width / 10] * 10, repeatRows=1)
    SimpleDocTemplate(target, pagesize=landscape(A4), leftMargin=42, rightMargin=42).build([table])


def fpdf2(path, target):
    from fpdf import FPDF

    pdf = FPDF(orientation="landscape", format="A4")
    pdf.add_font("DejaVu", fname=FONT)
    pdf.add_font("DejaVu", style="B", fname=BOLD)
    pdf.set_font("DejaVu", size=8)
    pdf.add_page()
    with pdf.table() as table:
        for row in [synthetic.COLUMNS, *texts_of(path)]:
            table.row(row)
    pdf.output(target)


def chromium(path, target):
    page = Path(target).with_suffix(".html")
    rows = "".join(f"<tr>{''.join(f'<td>{escape(text)}' for text in row)}" for row in texts_of(path))
    heads = "".join(f"<th>{caption}" for caption in synthetic.COLUMNS)
    page.write_text(
        "<!DOCTYPE html><meta charset=utf-8><style>@page { size: A4 landscape; margin: 15mm }"
        "table { table-layout: fixed; width: 100%; font: 8pt 'DejaVu Sans'; border-collapse: collapse }"
        f"td, th {{ border-bottom: 0.4pt solid gray }}</style><table><thead><tr>{heads}<tbody>{rows}</table>"
    )
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += [f"--user-data-dir={page.parent}/profile", f"--print-to-pdf={target}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True)


CONTENDERS = {
    function.__name__: function
    for function in (painted, painted_untagged, painted_linked, typst, reportlab, fpdf2, chromium, bands, weasyprint)
}


def main():
    if len(sys.argv) > 1 and sys.argv[1] in CONTENDERS:
        with tempfile.TemporaryDirectory() as folder:
            target = str(Path(folder) / "table.pdf")
            measure.child(CONTENDERS[sys.argv[1]], sys.argv[2], target)
            print(f"{sys.argv[1]}: {Path(target).stat().st_size:,} bytes", file=sys.stderr)
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    names = sys.argv[2:] or list(CONTENDERS)
    with tempfile.TemporaryDirectory() as folder:
        path = synthetic.write(rows, str(Path(folder) / "report.json"))
        measure.compare(__file__, names, path, runs=1 if {"bands", "weasyprint"} & set(names) and rows > 2000 else 3)


if __name__ == "__main__":
    main()
