import json
import pickle

import pytest

import icreport
from icreport.errors import UsageError
from icreport.model.formats import ColumnFormat, Condition, Mark, TableFormat
from icreport.model.front_matter import FrontMatter
from icreport.model.rows import Row

DOCUMENT = {
    "elements": [
        {
            "type": "table",
            "caption": "T",
            "data": {
                "icreport": {"grouped_by": ["A"], "new_page": True, "note": "2 of 3 rows", "unheard": [1]},
                "columns": [
                    {"caption": "A"},
                    {
                        "caption": "D",
                        "icreport": {
                            "unit": "mm",
                            "decimals": 1,
                            "width": "40%",
                            "type": "decimal",
                            "marks": [{"look": "bad", "at_least": 3}, {"in": ["x", 2.50], "look": "fair"}],
                            "bar": True,
                            "total": "sum",
                        },
                    },
                ],
                "rows": [
                    {"sourceKey": 1, "cells": [{"value": "a"}, {"value": 3.10, "icreport": {"look": "good"}}]},
                    {"cells": [{"value": "a"}, {"value": 1}], "icreport": {"look": "bad"}},
                    {"cells": [{"value": "a"}, {"value": 4}], "icreport": {"kind": "subtotal", "level": 1}},
                ],
            },
        }
    ]
}


def with_format(column=None, table=None, row=None, cell=None):
    document = json.loads(json.dumps(DOCUMENT))
    data = document["elements"][0]["data"]
    if column is not None:
        data["columns"][1]["icreport"] = column
    if table is not None:
        data["icreport"] = table
    if row is not None:
        data["rows"][0]["icreport"] = row
    if cell is not None:
        data["rows"][0]["cells"][0]["icreport"] = cell
    return document


def test_what_a_document_says_of_how_it_is_shown_is_read_and_written_as_it_was():
    text = json.dumps(DOCUMENT, separators=(",", ":"))
    report = icreport.read(text)
    assert report.to_json() == text
    assert not report.warnings
    (table,) = report.tables
    said = table.columns[1].format
    assert (said.unit, said.decimals, said.width, said.type, said.total) == ("mm", 1, "40%", "decimal", "sum")
    assert said.marks[1].one_of == ["x", 2.5]
    assert table.columns[1].head == "D (mm)"
    assert (table.group_columns, table.note, table.format.new_page) == ([0], "2 of 3 rows", True)
    assert [(row.kind, row.level, row.look, row.looks) for row in table.rows] == [
        ("row", 0, None, {1: "good"}),
        ("row", 0, "bad", {}),
        ("subtotal", 1, None, {}),
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"column": 5}, '"icreport" is not an object'),
        ({"column": {"decimals": "two"}}, '"decimals" in "icreport" is ignored'),
        ({"column": {"width": "140%"}}, "a width is a part of the table's"),
        ({"column": {"width": 40, "unit": "mm"}}, '"width" in "icreport" is ignored'),
        ({"column": {"total": "median"}}, '"total" in "icreport" is ignored'),
        ({"column": {"marks": [{"at_least": 3, "look": "awful"}]}}, '"look" in "icreport" is ignored'),
        ({"column": {"marks": [{"look": "bad"}]}}, "it asks nothing of a value"),
        ({"column": {"marks": [{"matches": "(", "look": "bad"}]}}, "no regular expression"),
        ({"column": {"marks": [{"older_than": "soon", "look": "bad"}]}}, "is no length of time"),
        ({"column": {"marks": [{"between": [1], "look": "bad"}]}}, '"between" in "icreport" is ignored'),
        ({"table": {"grouped_by": "A"}}, '"grouped_by" in "icreport" is ignored'),
        ({"table": {"grouped_by": ["A", "zz"]}}, "names no column of the table: 'zz'"),
        ({"table": []}, '"icreport" is not an object'),
        ({"row": {"look": "awful"}}, "has a look that is none of good, fair"),
        ({"row": {"kind": []}}, "has a kind that is none of row, group"),
        ({"cell": {"look": {}}}, "has a look that is none of good, fair"),
        ({"cell": "bad"}, '"icreport" is not an object'),
    ],
    ids=lambda value: None if isinstance(value, str) else json.dumps(value),
)
def test_what_is_wrong_in_a_document_is_told_and_kept_and_left_out(wrong, said):
    document = with_format(**wrong)
    report = icreport.read(document)
    assert said in " ".join(map(str, report.warnings))
    assert {warning.code for warning in report.warnings} == {"wrong-format"}
    assert not any(warning.loss for warning in report.warnings)
    assert report.to_json() == json.dumps(document, separators=(",", ":"))
    assert icreport.render(report, "csv").startswith(b"A,D")


def test_what_is_wrong_in_python_is_an_error():
    for made in (
        lambda: ColumnFormat(decimals=-1),
        lambda: ColumnFormat(total="median"),
        lambda: Mark(look="bad"),
        lambda: Row.shown((1,), look="red"),
        lambda: Row.shown((1,), kind="foo"),
        lambda: Row.shown((1,), looks={0: "red"}),
        lambda: Row.shown((1,), looks={5: "bad"}),
        lambda: Row.shown((1,), looks={-1: "bad"}),
        Condition,
    ):
        with pytest.raises(UsageError):
            made()


def test_a_report_made_in_python_says_how_it_is_shown():
    table = icreport.Table(
        caption="T",
        columns=[
            "A",
            icreport.Column(caption="D", format=ColumnFormat(unit="mm", marks=[Mark(at_least=3, look="bad")])),
        ],
        rows=[Row.shown(("a", 1), 7, look="bad", looks={1: "fair"}), ("b", 2)],
        format=TableFormat(grouped_by=["A"]),
    )
    document = json.loads(icreport.Report(elements=[table]).to_json())["elements"][0]["data"]
    assert document == {
        "icreport": {"grouped_by": ["A"]},
        "columns": [
            {"caption": "A"},
            {"caption": "D", "icreport": {"unit": "mm", "marks": [{"at_least": 3, "look": "bad"}]}},
        ],
        "rows": [
            {
                "sourceKey": 7,
                "cells": [{"value": "a"}, {"value": 1, "icreport": {"look": "fair"}}],
                "icreport": {"look": "bad"},
            },
            {"cells": [{"value": "b"}, {"value": 2}]},
        ],
    }


def test_a_copy_writes_what_it_was_given():
    column = icreport.read(DOCUMENT).tables[0].columns[0]
    changed = column.model_copy(update={"format": ColumnFormat(total="count")})
    assert changed.to_object() == {"caption": "A", "icreport": {"total": "count"}}
    assert pickle.loads(pickle.dumps(changed)) == changed


def test_cells_go_with_their_columns():
    row = Row.shown((1, 2, 3), 9, looks={2: "bad"})
    picked = row.picked([2, 0, 5])
    assert (picked.values, picked.looks, picked.source_key) == ((3, 1, None), {0: "bad"}, 9)
    assert picked.to_object()["cells"] == [{"value": 3, "icreport": {"look": "bad"}}, {"value": 1}, {"value": None}]


def test_an_ordinary_row_is_as_small_as_ever():
    assert Row.__struct_fields__ == ("values", "source_key", "fields", "cells")


def test_fields_of_the_service_that_are_called_like_ours_stay_theirs():
    document = {
        "elements": [
            {
                "type": "table",
                "format": 1,
                "data": {"columns": [{"caption": "A", "format": "0.00", "total": 5}], "format": {}, "rows": []},
            }
        ]
    }
    report = icreport.read(document)
    assert not report.warnings
    assert json.loads(report.to_json()) == document


@pytest.mark.parametrize("kind", [ColumnFormat, TableFormat, FrontMatter])
def test_what_says_nothing_is_as_if_it_had_been_checked(kind):
    nothing, checked = kind.empty(), kind()
    assert nothing == checked
    assert (nothing.to_object(), nothing.model_fields_set) == (checked.to_object(), set()) == ({}, set())
    assert pickle.loads(pickle.dumps(nothing)) == checked


def test_what_says_nothing_can_be_replaced():
    assert FrontMatter.empty().replace(client="A").to_object() == {"client": "A"}
    assert ColumnFormat.empty().replace(unit="mm").to_object() == {"unit": "mm"}
