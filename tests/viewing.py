"""Reports for the tests of views, and what a view shows of them: the same of a report and of a scan."""

import json
from pathlib import Path

import icreport

SAMPLE = Path(__file__).parents[1] / "samples" / "inspection.json"


def table(rows, columns, caption="T", **data):
    cells = [{"sourceKey": at, "cells": [{"value": value} for value in row]} for at, row in enumerate(rows, 1)]
    made = {"columns": [{"caption": one} for one in columns], "rows": cells} | data
    return {"type": "table", "caption": caption, "data": made}


def document(*elements, **fields):
    return fields | {"elements": list(elements)}


def shown(source, view):
    """The tables that a view shows, the same of a report and of a scan."""
    view = icreport.View.load(view)
    made = view.apply(icreport.read(source))
    with icreport.scan(source) as scanned:
        viewed = view.apply(scanned)
        assert json.loads(viewed.to_json()) == json.loads(made.to_json())
        # As a renderer walks it, each element while it is there.
        walked = [[row.to_object() for row in one.rows] for one in viewed.elements if isinstance(one, icreport.Table)]
    assert walked == [[row.to_object() for row in one.rows] for one in made.tables]
    return made.tables


ROWS = [("b", 2, "Open"), ("a", 10, "Closed"), ("b", None, "Open"), ("a", 1.5, "Open")]
T = document(table(ROWS, ["G", "N", "Status"]))
