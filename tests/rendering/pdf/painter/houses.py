"""Tables in several looks, as HTML that WeasyPrint lays out whole and as rows for the painter."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from icreport.rendering.pdf.assembly.painted_pages import paint
from icreport.rendering.pdf.isolation import isolate_texts
from icreport.rendering.pdf.painter.probe import learn, probe_stylesheet
from icreport.rendering.pdf.painter.resources import Resources

LINES = """
table { border-collapse: collapse }
td { white-space: pre-line }
td.num { white-space: nowrap }
td, th { border-bottom: .5pt solid #ccc }
thead th { background: #e8ecf0; border-bottom: 1pt solid #345 }
tbody tr:nth-child(even) { background: #f6f8fa }
"""
GRID = """
table { border-collapse: collapse }
td, th { border: 1px solid #99a; vertical-align: middle }
tbody tr:nth-child(odd) td { background: #eef }
"""
APART = """
table { border-collapse: separate; border-spacing: 0 }
td, th { border-bottom: 1px dotted #678; border-right: 2px solid #abc }
td, th { vertical-align: baseline; padding: 2px 6px 5px 3px }
td.num { font-size: 120% }
"""
LEFTWARD = """
table { border-collapse: collapse; direction: rtl }
td { white-space: pre-line }
td, th { border-bottom: .5pt solid #ccc; border-right: 1px solid #456; text-align: start !important }
td.num { direction: ltr; text-align: end !important }
tbody tr:nth-child(even) { background: #f6f8fa }
"""
LOOKS = {"lines": LINES, "grid": GRID, "apart": APART, "leftward": LEFTWARD}

_HOUSE = """
@page { size: %(paper)s; margin: 18mm 15mm 20mm; @top-left { content: "Inspection report" }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font-size: 8pt } }
html { font: %(size)s/1.4 %(font)s }
table { table-layout: fixed; width: 100%% }
td, th { padding: 3pt 5pt; text-align: left; vertical-align: top; overflow-wrap: anywhere }
td.num { text-align: right; font-variant-numeric: tabular-nums }
td.mid { text-align: center; color: #a33 }
tr { break-inside: avoid }
"""


@dataclass(frozen=True)
class House:
    look: str = "lines"
    paper: str = "A4"
    size: str = "9pt"
    font: str = "'DejaVu Sans'"
    columns: int = 4
    css: str = ""
    dir: str = "ltr"

    @property
    def kinds(self):
        return tuple(("", "num", "", "mid")[i % 4] for i in range(self.columns))

    def html(self, body_rows, after="", css=""):
        style = _HOUSE % self.__dict__ + LOOKS[self.look] + self.css + css
        heads = "".join(f"<th scope=col>Column {i}</th>" for i in range(self.columns))
        return (
            f"<html lang=en dir={self.dir}><head><title>Report</title><style>{style}</style></head><body>"
            f"<h1>Anomalies</h1>"
            f"<table id=t1><thead><tr>{heads}</tr></thead><tbody>{body_rows}</tbody></table>{after}</body></html>"
        )

    def rows(self, rows):
        return "".join(
            "<tr>"
            + "".join(
                f'<td class="{kind}">{escape(text)}</td>' if kind else f"<td>{escape(text)}</td>"
                for text, kind in zip(row, self.kinds, strict=True)
            )
            + "</tr>"
            for row in rows
        )

    def render(self, html, fonts):
        page = HTML(string=html)
        isolate_texts(page, html)
        return page.render(font_config=fonts)

    def probe(self, rows, config):
        sample = [rows[0], *[("Ag",) * self.columns] * 4]
        page = HTML(string=self.html(self.rows(sample), css=probe_stylesheet("t1", len(sample))))
        return page.render(font_config=config)

    def model(self, rows, config=None):
        document = self.probe(rows, config or FontConfiguration())
        return document, learn(document, "t1", Resources())

    def painted(self, rows, config, **options):
        _, model = self.model(rows, config)
        return paint(model, ((row, self.kinds, None) for row in rows), **options)
