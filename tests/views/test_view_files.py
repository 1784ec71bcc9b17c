import io
import json
import random
import re
import string
from pathlib import Path

import pytest

import icreport
from icreport.errors import IcreportError, ViewError
from icreport.views.toml_lines import line_of
from viewing import SAMPLE, T, document, table

PAGE = Path(__file__).parents[2] / "docs" / "views.md"
DOCUMENTED = re.search(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[1]


@pytest.fixture
def view(tmp_path):
    def write(text, name="view.toml"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def test_the_file_of_the_docs_shows_the_sample(view):
    made = icreport.View.load(view(DOCUMENTED)).apply(icreport.read(SAMPLE))
    register = next(one for one in made.tables if one.caption == "Open anomalies")
    assert register.names == ["Component", "No.", "Tag", "Criticality", "Elevation (m)", "Remarks"]
    assert register.note == "32 of 42 rows: Status not Closed"
    by_component = [row.values[0] for row in register.rows]
    assert by_component == sorted(by_component, key=str.casefold)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('elements = "all"\nmising = "skip"\n', "line 2: mising: there is no such setting (did you mean 'missing'?"),
        ('[[table]]\nmatch = "T"\n\n[[table]]\nmatch = "U"\nlimit = "5"\n', "line 6: table.2.limit: input should be"),
        ('[[table]]\nmatch = "T"\n[table.column."N"]\ndecimals = -1\n', "line 4: table.1.column.N.decimals"),
        ('[[table]]\nmatch = "T"\n[table.column."A.b"]\nbars = true\n', "line 4: table.1.column.A.b.bars: there is no"),
        ('[[table]]\nmatch = "T"\nwhere = [\n { column = "N", like = 1 }]\n', "line 3: table.1.where.1.like"),
        ('[[table]]\nmatch = "X"\n', "line 2: the report has no table 'X'"),
        ('[[table]]\nmatch = "T"\ncolumns = ["Q"]\n', "line 3: the table 'T' has no column 'Q'"),
        ('[[table]]\nmatch = "T"\n[table.column.Q]\ntotal = "sum"\n', "line 3: the table 'T' has no column 'Q'"),
        ('[[summary]]\nof = "T"\nrows = "Q"\n', "line 3: the table 'T' has no column 'Q'"),
        ("title = \n", "is no TOML: Invalid value (at line 1, column 9)"),
        ('extend = "view.toml"\n', "line 1: it extends 'view.toml', which is no other file"),
        ('extend = "https://example.com/view.toml"\n', "which is no other file"),
    ],
)  # fmt: skip
def test_an_error_names_the_line_of_the_file(view, text, said):
    path = view(text)
    with pytest.raises(ViewError) as error:
        icreport.convert(T, io.BytesIO(), format="csv", view=path)
    assert said in str(error.value)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("asked", ["at_least = inf", "equals = nan", "in = [1, -inf]", "between = [0, +inf]"])
def test_floats_that_are_no_numbers_are_one_line_when_the_view_is_loaded(view, asked):
    name = asked.partition(" ")[0]
    head = '[[table]]\nmatch = "T"\n'
    with pytest.raises(ViewError, match=rf"line 3: .*{name} is [+-]?(inf|nan), which is no number$"):
        icreport.View.load(view(f'{head}where = {{ column = "N", {asked} }}\n'))
    with pytest.raises(ViewError, match=rf"{name} is [+-]?(inf|nan), which is no number$"):
        icreport.View.load(view(f'{head}[table.column.N]\nmark = {{ look = "bad", {asked} }}\n'))
    with pytest.raises(ViewError, match=r"order is inf, which is no number$"):
        icreport.View.load(view(f"{head}[table.column.N]\norder = [inf]\n"))


def test_a_view_extends_another(view, tmp_path):
    (tmp_path / "base").mkdir()
    view(
        'missing = "skip"\n[[table]]\nmatch = "T"\nlimit = 3\n[table.column.N]\nunit = "mm"\ndecimals = 2\n'
        '[[table]]\nmatch = "Other"\n',
        "base/base.toml",
    )
    path = view(
        'extend = "base/base.toml"\ntitle = "X"\n'
        '[[table]]\nmatch = "T"\ncolumns = ["N"]\n[table.column.N]\nunit = "cm"\n'
    )
    made = icreport.View.load(path)
    assert (made.title, made.missing, [one.match for one in made.table]) == ("X", "skip", ["T", "Other"])
    assert (made.table[0].limit, made.table[0].columns) == (3, ["N"])
    assert (made.table[0].column["N"].unit, made.table[0].column["N"].decimals) == ("cm", 2)
    view('[[table]]\nmatch = "T"\ncolumns = ["Q"]\n', "base/base.toml")
    with pytest.raises(ViewError, match=r"base.base.toml', line 3: the table 'T' has no column 'Q'"):
        icreport.View.load(view('extend = "base/base.toml"\n')).apply(icreport.read(T))


def test_columns_and_hide_of_a_view_take_the_place_of_each_other_in_what_it_extends(view):
    for base, own, shown_columns in (("hide", "columns", ["G"]), ("columns", "hide", ["N", "Status"])):
        view(f'[[table]]\nmatch = "T"\n{base} = ["G"]\n', "base.toml")
        path = view(f'extend = "base.toml"\n[[table]]\nmatch = "T"\n{own} = ["G"]\n')
        assert icreport.View.load(path).apply(icreport.read(T)).tables[0].names == shown_columns


def test_what_is_wrong_in_a_setting_that_is_inherited_names_the_file_that_says_it(view):
    view('[[table]]\nmatch = "T"\n[table.column.N]\nunit = "mm"\n[table.column.Q]\nunit = "mm"\n', "base.toml")
    own = 'extend = "base.toml"\n\n\n[[table]]\nmatch = "T"\nlimit = 1\n[table.column.N]\nunit = "m"\n'
    with pytest.raises(ViewError, match=r"base.toml', line 5: the table 'T' has no column 'Q'"):
        icreport.View.load(view(own)).apply(icreport.read(T))
    with pytest.raises(ViewError, match=r"view.toml', line 9: the table 'T' has no column 'Q'"):
        icreport.View.load(view(own + "[table.column.Q]\n")).apply(icreport.read(T))


def test_tables_of_a_view_count_before_wider_ones_of_what_it_extends(view):
    view('[[table]]\nmatch = "*"\nlimit = 3\n', "base.toml")
    path = view('extend = "base.toml"\n[[table]]\nmatch = "T"\nlimit = 1\n')
    (one,) = icreport.View.load(path).apply(icreport.read(T)).tables
    assert len(one.rows) == 1


def test_files_that_are_no_view_are_one_line(tmp_path):
    for data in (b"\xff\xfe", b"\0", b"[" * 10_000, b"a = " + b"[" * 5000, b"x" * (5 << 20)):
        path = tmp_path / "view.toml"
        path.write_bytes(data)
        with pytest.raises(ViewError) as error:
            icreport.View.load(path)
        assert "\n" not in str(error.value)
    for wrong in (tmp_path, tmp_path / "none.toml", "a\0b"):
        with pytest.raises(ViewError, match="cannot be read"):
            icreport.View.load(wrong)


def test_names_with_quotes_dots_and_newlines_are_columns_like_any(view):
    names = ['a "b"', "c.d", "e\nf", "=1+1", "-g", "", "'h'"]
    source = document(table([tuple(range(7))], names))
    text = f'[[table]]\nmatch = \'T\'\ncolumns = {json.dumps(names[:5][::-1])}\nsort = ["-g", "-c.d"]\n' + "".join(
        f"[table.column.{json.dumps(name)}]\ncaption = {json.dumps(name + '!')}\n" for name in names[:5]
    )
    (one,) = icreport.View.load(view(text)).apply(icreport.read(source)).tables
    assert one.names == [name + "!" for name in names[:5][::-1]]
    assert one.rows[0].values == (4, 3, 2, 1, 0)
    assert icreport.render(icreport.read(source), "xlsx", view=view(text))


def test_lines_are_found_by_what_they_say():
    text = "# x\na = 1\n[[t]]\nb = 1\n[[t]]\n'b c' = 1\n[t.d.\"e.f\"]\ng = 2\n"
    assert line_of(text, ["a"]) == 2
    assert line_of(text, ["t", 0, "b"]) == 4
    assert line_of(text, ["t", 1, "b c"]) == 6
    assert line_of(text, ["t", 1, "d", "e.f", "g", 3]) == 8
    assert line_of(text, ["t", 1, "zz"]) == 5
    assert line_of(text, ["zz"]) is None


def test_mutated_files_give_a_view_or_one_line(tmp_path):
    source = icreport.read(SAMPLE)
    rng = random.Random(23)
    path = tmp_path / "view.toml"
    told = []
    for _ in range(1000):
        text = list(DOCUMENTED)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(text))
            match rng.randrange(4):
                case 0:
                    del text[at : at + rng.randint(1, 30)]
                case 1:
                    text.insert(at, rng.choice(string.printable + '"[]{}=\u00e6\u200b'))
                case 2:
                    text[at:at] = text[rng.randrange(len(text)) :][: rng.randint(1, 60)]
                case _:
                    text[at] = rng.choice('"[]{}=,.-0123456789\n')
        path.write_text("".join(text), "utf-8")
        try:
            icreport.View.load(path).apply(source)
        except IcreportError as error:
            told.append(str(error))
    assert len(told) > 500
    assert all(line.isprintable() for line in told)


def test_the_view_of_the_sample_shows_all_that_it_names():
    made = icreport.View.load(SAMPLE.with_suffix(".toml")).apply(icreport.read(SAMPLE))
    assert [one.caption for one in made.tables[1:5]] == [
        "Findings by component and criticality",
        "Open anomalies by component and criticality",
        "Open anomalies, the worst first",
        "Ultrasonic thickness readings",
    ]
    assert sum(row.values[-1] for row in made.tables[2].rows) == len(made.tables[3].rows) == 32
