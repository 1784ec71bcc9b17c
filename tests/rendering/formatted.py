"""Reports that say how they are shown: groups, totals, marks, bars, colour scales, all of it."""

from pathlib import Path

import icreport
from icreport.model import Row

SAMPLE = Path(__file__).with_name("snapshots") / "shown.json"
FORMATS = [
    None,
    {
        "order": ["Critical", "Minor"],
        "marks": [{"equals": "Critical", "look": "bad"}, {"equals": "Minor", "look": "fair"}],
    },
    {"unit": "mm", "decimals": 1, "total": "max", "bar": True, "marks": [{"at_least": 4, "look": "bad"}]},
    {"total": "sum", "decimals": 2, "scale": True},
    {"total": "mean", "bar": True},
    {"total": "min"},
    {"width": "25%", "marks": [{"contains": "weld", "look": "good"}]},
]
HEADS = ["Component", "Criticality", "Depth", "Loss", "Drift", "Inspected", "Remarks"]


def register(rows, groups=4, *, grouped_by=("Component",), looks=True, **said):
    """A report with a table of so many rows, whose columns and rows say all that they can."""
    columns = [
        icreport.model.Column(caption=head, format=icreport.model.ColumnFormat.model_validate(each) if each else None)
        for head, each in zip(HEADS, FORMATS, strict=True)
    ]
    per_group = -(-rows // groups)
    listed = [
        Row.shown(
            (
                f"Leg {number // per_group}",
                ["Critical", "Minor", "Observation", "n/a"][number % 4],
                number * 7 % 50 / 10,
                number % 13 * 2.5,
                number % 9 - 4,
                f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}",
                None if number % 5 == 0 else f"pitting at the weld {number}" if number % 3 else "nothing",
            ),
            number,
            look="bad" if looks and number == 5 else None,
            looks={6: "fair"} if looks and number % 50 == 7 else None,
        )
        for number in range(rows)
    ]
    said = icreport.model.TableFormat(grouped_by=list(grouped_by) or None, note="All of 137 rows", **said)
    table = icreport.Table(
        caption="Anomalies", source_business_object="Anomaly", format=said, columns=columns, rows=listed
    )
    return icreport.Report(name="Anomalies", elements=[table, icreport.Paragraph(text="After.")])
