"""What WeasyPrint leaves out of the structure of a PDF (ISO 32000-1, 14.8): what a head of a table is the head of."""

from __future__ import annotations

import pydyf


def give_scopes(pdf: pydyf.PDF) -> None:
    """Give each head of a table its scope: its row if it stands among the rows, else its column."""
    elements = {item.reference: item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and "P" in item}
    for item in elements.values():
        if item.get("S") == "/TH" and "A" in item:
            row = elements.get(item["P"], {})
            group = elements.get(row.get("P"), {})
            item["A"]["Scope"] = "/Row" if group.get("S") == "/TBody" else "/Column"
