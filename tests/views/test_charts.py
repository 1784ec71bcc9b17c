"""Charts that a view makes: of which rows, in which order, and what is wrong with one."""

import io
import json
import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import icreport
from icreport import Chart, LimitError, Report, Row, Table, View, ViewError
from icreport.views.histogram import Histogram

COLUMNS = ["Component", "Criticality", "Loss (%)", "Found"]
ROWS = [
    ("J1", "Minor", 4, "2026-08-14"),
    ("J2", "Critical", 21.5, "2026-08-15"),
    ("J1", "Critical", 30, "2026-08-15"),
    ("J3", "Minor", None, "2026-08-16"),
    ("J1", "Minor", "n/a", "2026-08-16"),
    ("J2", "Minor", 6, "n/a"),
]
REPORT = Report(elements=[Table(caption="Register", columns=COLUMNS, rows=ROWS)])
ORDER = {"match": "Register", "column": {"Criticality": {"order": ["Critical", "Minor"]}}}


def charts(*said, report=REPORT, **view):
    """The charts that a view makes, the same of a report and of a scan."""
    made = View.load(view | {"chart": [{"of": "Register"} | one for one in said]})
    found = [element for element in made.apply(report).elements if isinstance(element, Chart)]
    with icreport.scan(report.to_json()) as scanned:
        walked = [one.to_object() for one in made.apply(scanned).elements if isinstance(one, Chart)]
    assert walked == [one.to_object() for one in found]
    return found


def values(chart):
    return [tuple(row) for row in chart.rows]


def test_rows_are_counted_by_component_and_colour_in_the_order_of_the_view():
    (chart,) = charts({"x": "Component", "color": "Criticality"}, table=[ORDER])
    assert chart.caption == "Register by Component and Criticality"
    assert chart.table.names == ["Component", "Criticality", "Count"]
    assert values(chart) == [
        *[("J1", "Critical", 1), ("J1", "Minor", 2)],
        *[("J2", "Critical", 1), ("J2", "Minor", 1)],
        *[("J3", "Critical", 0), ("J3", "Minor", 1)],
    ]
    assert chart.spec["encoding"]["color"]["sort"] == ["Critical", "Minor"]


def test_bars_are_sorted_by_what_is_said():
    for sort, expected in {"-y": "J1 J2 J3", "y": "J3 J2 J1", "-x": "J3 J2 J1", "Component": "J1 J2 J3"}.items():
        (chart,) = charts({"x": "Component", "sort": sort})
        assert [row[0] for row in values(chart)] == expected.split()


def test_a_total_of_a_column_leaves_out_what_has_no_value():
    (chart,) = charts({"x": "Component", "y": {"mean": "Loss (%)"}})
    assert values(chart) == [("J1", 17.0), ("J2", 13.75), ("J3", None)]
    assert chart.table.names == ["Component", "Loss (%) (mean)"]


def test_a_mark_for_each_row_has_the_values_as_they_are():
    (chart,) = charts({"mark": "point", "x": "Loss (%)", "y": "Loss (%)", "color": "Component"})
    assert values(chart) == [(4, 4, "J1"), (21.5, 21.5, "J2"), (30, 30, "J1"), (6, 6, "J2")]
    view = View.load({"chart": [{"of": "Register", "mark": "point", "x": "Loss (%)", "y": "Loss (%)"}]})
    viewed = view.over(REPORT)
    list(viewed.elements)
    assert [(one.code, one.count, one.loss) for one in viewed.warnings] == [("not-in-chart", 2, False)]


def test_dates_have_their_place_on_a_line_and_bars_stand_side_by_side():
    line, bar = charts({"mark": "line", "x": "Found"}, {"mark": "bar", "x": "Found"})
    assert line.spec["encoding"]["x"]["type"] == "temporal"
    assert bar.spec["encoding"]["x"]["type"] == "nominal"


def test_only_the_rows_that_the_table_shows_are_in_its_chart_and_conditions_of_its_own_count():
    table = {"match": "Register", "where": {"column": "Component", "equals": "J1"}}
    (chart,) = charts({"x": "Criticality", "where": {"column": "Loss (%)", "above": 3}}, table=[table])
    assert values(chart) == [("Critical", 1), ("Minor", 1)]


def test_marks_and_names_of_the_view_are_those_of_the_chart():
    said = {"Loss (%)": {"caption": "Loss", "unit": "%"}, "Criticality": {"mark": {"equals": "Minor", "look": "bad"}}}
    chart, _ = charts(
        {"mark": "point", "x": "Loss (%)", "y": "Loss (%)", "color": "Criticality"},
        {"x": "Component", "color": "Criticality"},
        table=[{"match": "Register", "column": said}],
    )
    assert chart.table.names == ["Loss (%)", "Loss (%) (2)", "Criticality"]
    assert chart.columns[2].format.marks[0].look == "bad"


@pytest.mark.parametrize(("place", "expected"), [("before", "ct"), ("after", "tc"), ("instead", "c")])
def test_a_chart_stands_where_it_is_said(place, expected):
    shown = View.load({"chart": [{"of": 1, "x": "Component", "place": place}]}).apply(REPORT)
    assert "".join(one.type[0] for one in shown.elements) == expected


def test_a_listed_view_may_show_charts_alone():
    shown = View.load({"elements": "listed", "chart": [{"of": "Register", "x": "Component"}]}).apply(REPORT)
    assert [one.type for one in shown.elements] == ["chart"]


def test_a_histogram_counts_numbers_in_bins_without_gaps():
    (chart,) = charts({"mark": "histogram", "x": "Loss (%)"})
    rows = values(chart)
    assert sum(row[2] for row in rows) == 4
    assert all(first[1] == second[0] for first, second in pairwise(rows))
    assert chart.table.names == ["Loss (%) from", "Loss (%) to", "Count"]


@given(st.lists(st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6, width=32), min_size=1, max_size=200))
def test_a_histogram_has_every_number_in_the_bin_that_it_is_of(numbers):
    histogram = Histogram()
    for number in numbers:
        histogram.add([number], [None])
    bins = list(histogram.bins())
    assert histogram.lost == 0
    assert len(bins) <= 21
    for start, end, counts in bins:
        inside = sum(start <= number < end for number in numbers)
        assert abs(counts[None] - inside) <= sum(number in {start, end} for number in numbers)
    assert sum(counts.total() for _, _, counts in bins) == len(numbers)


def test_a_histogram_of_many_different_numbers_keeps_few_bins():
    chance = random.Random(1)
    numbers = [chance.uniform(0, 1000) for _ in range(20_000)]
    histogram = Histogram()
    for at in range(0, len(numbers), 1000):
        histogram.add(numbers[at : at + 1000], [None] * 1000)
        assert len(histogram._counts) <= 2000
    expected = Counter(int(number // 50) * 50 for number in numbers)
    assert {start: counts[None] for start, _, counts in histogram.bins()} == dict(expected)


def test_fields_with_letters_that_vega_lite_reads_are_found():
    table = Table(caption="Register", columns=["a.b[c]'d\"\\e", "N"], rows=[("x", 1), ("y", 2)])
    (chart,) = charts({"x": "a.b[c]'d\"\\e"}, report=Report(elements=[table]))
    assert b">x</text>" in icreport.render(Report(elements=[chart]), "html")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"x": "Komponent"}, "has no column 'Komponent' (did you mean 'Component'?"),
        ({"x": "Component", "y": {"mean": "Los"}}, "has no column 'Los'"),
        ({"x": "Component", "color": "C"}, "has no column 'C'"),
        ({"x": "Component", "of": "Registers"}, "the report has no table 'Registers'"),
    ],
    ids=["x", "y", "color", "of"],
)
def test_what_the_report_lacks_is_one_line_with_the_nearest_name_or_skipped(said, message):
    view = {"chart": [{"of": "Register"} | said]}
    with pytest.raises(ViewError) as found:
        View.load(view).apply(REPORT)
    assert message in str(found.value)
    skipped = View.load(view | {"missing": "skip"}).apply(REPORT)
    assert [one.type for one in skipped.elements] == ["table"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, "chart.1.x: field required"),
        ({"x": "C", "mark": "pie"}, "chart.1.mark"),
        ({"x": "C", "y": {"mean": "a", "sum": "b"}}, "y says one thing"),
        ({"x": "C", "y": 3}, "chart.1.y"),
        ({"x": "C", "y": "N", "mark": "histogram"}, "a histogram counts rows"),
        ({"x": "C", "color": "N", "mark": "arc"}, "leave out color"),
        ({"x": "C", "sort": "z"}, "sort says x or y"),
        ({"x": "C", "colour": "N"}, "there is no such setting (did you mean 'color'?"),
    ],
    ids=["no-x", "mark", "two-totals", "number", "histogram", "pie", "sort", "typo"],
)
def test_what_is_wrong_in_a_view_is_one_line_that_says_where(tmp_path, said, message):
    with pytest.raises(ViewError) as found:
        View.load({"chart": [{"of": "Register"} | said]})
    assert message in str(found.value)
    path = tmp_path / "view.toml"
    path.write_text('title = "T"\n[[chart]]\nof = "Register"\nx = "C"\nmark = "pie"\n')
    with pytest.raises(ViewError, match="line 5"):
        View.load(path)


def test_charts_of_a_view_that_is_extended_come_first(tmp_path):
    (tmp_path / "base.toml").write_text('[[chart]]\nof = "Register"\nx = "Component"\n')
    (tmp_path / "view.toml").write_text('extend = "base.toml"\n[[chart]]\nof = "Register"\nx = "Criticality"\n')
    shown = View.load(tmp_path / "view.toml").apply(REPORT)
    assert [one.caption for one in shown.elements] == ["Register by Component", "Register by Criticality", "Register"]


def test_more_marks_than_a_page_shows_are_refused():
    rows = [Row((f"J{number}", "Minor", number, None)) for number in range(10_001)]
    report = Report(elements=[Table(caption="Register", columns=COLUMNS, rows=rows)])
    view = View.load({"chart": [{"of": "Register", "mark": "point", "x": "Loss (%)", "y": "Loss (%)"}]})
    with pytest.raises(LimitError, match="more than 10,000 marks"):
        view.apply(report)


def test_totals_that_a_report_has_among_its_rows_are_in_no_chart():
    rows = [*map(Row, ROWS), Row.shown(("J1", None, 99, None), kind="total")]
    report = Report(elements=[Table(caption="Register", columns=COLUMNS, rows=rows)])
    (chart,) = charts({"x": "Component", "y": {"sum": "Loss (%)"}}, report=report)
    assert values(chart)[0] == ("J1", 34)


def test_what_a_chart_says_of_its_own_accord_is_said_in_the_words_of_the_document(tmp_path):
    said = {"Count": "Anzahl", "{label} from": "{label} von", "{count} rows of data": "{count} Zeilen"}
    words = "\n".join(f'"{english}" = "{own}"' for english, own in said.items())
    (tmp_path / "theme.toml").write_text(f'lang = "de"\n[words]\n{words}\n')
    both = [{"of": 1, "x": "Component"}, {"of": 1, "x": "Loss (%)", "mark": "histogram", "color": "Criticality"}]
    page = icreport.render(View.load({"chart": both}).apply(REPORT), "html", theme=str(tmp_path)).decode()
    assert page.count(">Anzahl</text>") == 2
    assert '<th scope="col" class="number">Loss (%) von</th>' in page
    assert "Zeilen</desc>" in page
    assert ">Count<" not in page


@pytest.mark.parametrize("said", [{"y": "Loss (%)"}, {"y": {"mean": "Loss (%)"}}, {"y": {"sum": "Loss (%)"}}], ids=str)
@pytest.mark.parametrize("mark", ["bar", "line", "point", "arc"])
def test_numbers_that_cannot_be_drawn_are_told(mark, said):
    rows = [("J1", "Minor", "1e999", None), ("J2", "Minor", 10**400, None), ("J3", "Minor", 10**300, None)]
    report = Report(elements=[Table(caption="Register", columns=COLUMNS, rows=rows)])
    view = View.load({"chart": [{"of": "Register", "mark": mark, "x": "Component"} | said]})
    for name in ("html", "xlsx"):
        result = icreport.convert(json.loads(report.to_json()), io.BytesIO(), format=name, view=view)
        assert [(one.code, one.count) for one in result.warnings] == [("not-in-chart", 2)]
