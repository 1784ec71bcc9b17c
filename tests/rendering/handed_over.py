"""A report that is handed over: with front matter and photographs."""

from icreport import Image, Paragraph, Report, Section, Table
from photographs import photo

SAID = {
    "client": "Norsk Energi AS",
    "project": "Frigg Sør 2026",
    "number": "FS-NX-26-0143",
    "revision": "02",
    "status": "Issued for approval",
    "classification": "Confidential",
    "vessel_name": "Nordlys",
    "revisions": [
        {"revision": "01", "date": "2026-09-04", "description": "Issued for review"},
        {"revision": "02", "date": "2026-09-18", "description": "Comments included"},
    ],
    "approvals": [{"role": "Prepared", "name": "K. Berg", "date": "2026-09-16"}, {"role": "Approved"}],
}
PHOTOS = [("Weld 12", "A crack at the toe"), ("Anode 3", None), ("Coating", "Bare steel")]


def images():
    return [Image(photo(80 + at, 60), caption=caption, alt=alt) for at, (caption, alt) in enumerate(PHOTOS)]


def handed_over(said=SAID, rows=3, **more):
    elements = [
        Section(caption="Findings"),
        Paragraph(caption="Scope", text="All of it."),
        Table(caption="Register", columns=["Tag", "Depth"], rows=[(f"J{n}", n + 0.5) for n in range(rows)]),
        Section(caption="Photographs"),
        *images(),
        Paragraph(caption="Remarks", text="None."),
        Image(photo(200, 100), caption="Overview"),
    ]
    return Report(name="Campaign", elements=elements, document=said | more)
