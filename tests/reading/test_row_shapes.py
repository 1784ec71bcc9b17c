"""Rows of every shape that JSON can give them, beside the json module of the standard library."""

import json

from hypothesis import given
from hypothesis import strategies as st

import icreport
from icreport.values import text_of


class Literal:
    """A number by its text."""

    def __init__(self, text):
        self.text = text

    @staticmethod
    def told(text):
        """Give a number that is equal only to one that is written alike."""
        return ("number", text)


# What ends, starts and separates cells, within strings.
PARTS = [
    '{"value":',
    '}, {"value": ',
    '}]}, {"sourceKey": 1, "cells": [',
    "}]",
    "[",
    "{",
    '"',
    "\\",
    ", ",
    "æ",
    "\U0001f600",
    "x",
]
texts = st.lists(st.sampled_from(PARTS), max_size=4).map("".join)
numbers = st.sampled_from(
    ["0", "-1.5", "12.10", "1e400", "0.1234567890123456789", "1e5", "-0.0", "123456789012345678901"]
)
scalars = st.one_of(st.none(), st.booleans(), texts, numbers.map(Literal))
nested = st.recursive(
    scalars,
    lambda items: st.one_of(
        st.lists(items, max_size=2),
        st.dictionaries(st.sampled_from(["value", "cells", "sourceKey"]), items, max_size=2),
    ),
    max_leaves=4,
)
values = st.one_of(*[scalars] * 8, nested)


def json_of(value, comma, colon):
    """Write JSON with white space of one's own."""
    if isinstance(value, Literal):
        return value.text
    if isinstance(value, list):
        return "[" + comma.join(json_of(item, comma, colon) for item in value) + "]"
    if isinstance(value, dict):
        items = [json.dumps(key) + colon + json_of(item, comma, colon) for key, item in value.items()]
        return "{" + comma.join(items) + "}"
    return json.dumps(value)


@st.composite
def rows(draw):
    width = draw(st.integers(0, 3))
    cells = st.one_of(*[values.map(lambda value: {"value": value})] * 9, values, st.just({}))
    order = draw(st.sampled_from([["sourceKey", "cells"], ["cells", "sourceKey"], ["cells"]]))
    members = {"sourceKey": st.one_of(st.integers(0, 9), values), "cells": st.lists(cells, min_size=width, max_size=3)}
    row = st.fixed_dictionaries({name: members[name] for name in order})
    return draw(st.lists(row, min_size=1, max_size=6))


def exact(text):
    return json.loads(text, parse_float=Literal.told, parse_int=Literal.told)


@given(rows=rows(), comma=st.sampled_from([",", ", ", " ,\n "]), colon=st.sampled_from([":", ": "]))
def test_rows_of_any_shape_are_what_json_says(rows, comma, colon):
    table = {"type": "table", "data": {"columns": [], "rows": rows}}
    document = json_of({"elements": [table]}, comma, colon)
    expected = exact(document)
    report = icreport.read(document)
    assert exact(report.to_json()) == expected
    for row, given_row in zip(report.elements[0].rows, expected["elements"][0]["data"]["rows"], strict=True):
        found = [cell.get("value") if isinstance(cell, dict) else cell for cell in given_row["cells"]]
        assert [
            exact(text_of(value)) if isinstance(value, int | float | list | dict) else value for value in row
        ] == found


@given(text=texts)
def test_a_text_that_looks_like_the_end_of_a_cell_is_a_text(text):
    rows = [{"sourceKey": number, "cells": [{"value": text}, {"value": number}]} for number in range(3)]
    report = icreport.read({"elements": [{"type": "table", "data": {"columns": [], "rows": rows}}]})
    assert [row.values for row in report.elements[0].rows] == [(text, number) for number in range(3)]
    assert not report.warnings
