"""Themes in folders, and a report for them."""

from PIL import Image

from icreport.model.elements import Section, Table
from icreport.model.report import Report
from icreport.model.rows import Row

REPORT = Report(
    name="R",
    elements=[Table(caption="T", columns=["A", "B"], rows=[Row((1, "<x>"), 7)]), Section(caption="S")],
)


def template(folder, text, name="elements/section.html.j2"):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return str(folder)


def picture(folder, name, colour="red"):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (20, 10), colour).save(folder / name)
    return (folder / name).read_bytes()
