import json
import tomllib

import jsonschema
import pytest

import commands
import icreport
from icreport.views.starting import toml_string, view_of
from viewing import SAMPLE, T, document, table


def run(*arguments, status=0, **more):
    done = commands.run(*arguments, **more)
    assert done.returncode == status, done.stderr
    return done


@pytest.fixture
def files(tmp_path):
    (tmp_path / "t.json").write_text(json.dumps(T), "utf-8")
    (tmp_path / "view.toml").write_text(
        '[[table]]\nmatch = "T"\nwhere = { column = "Status", equals = "Open" }\ngroup_by = "G"\n'
        '[table.column.N]\ntotal = "sum"\n',
        "utf-8",
    )
    return tmp_path


def test_commands_take_a_view(files):
    run("convert", files / "t.json", "-o", files / "t.csv", "--view", files / "view.toml", "--report", files / "r.json")
    assert (files / "t.csv").read_text("utf-8").splitlines()[1:] == ["a,1.5,Open", "b,2,Open", "b,,Open"]
    assert json.loads((files / "r.json").read_text("utf-8"))["elements"][0]["view"]["left_out"] == [
        {"condition": "Status Open", "rows": 1}
    ]
    said = run("inspect", files / "t.json", "--view", files / "view.toml", "--json").stdout
    assert json.loads(said)["elements"][0]["rows"] == 3
    said = run("convert", files / "t.json", "-o", files / "t.csv", "--view", files / "none.toml", status=2).stderr
    assert said.count("\n") == 1
    assert "none.toml' cannot be read" in said


def test_a_batch_takes_a_view_which_is_part_of_what_it_does(files):
    command = ("batch", files / "t.json", "-d", files / "out", "-t", "csv", "--view", files / "view.toml", "--json")
    assert json.loads(run(*command).stdout)["rows"] == 4
    assert len((files / "out" / "t.csv").read_text("utf-8").splitlines()) == 4
    assert json.loads(run(*command, "--resume").stdout)["unchanged"] == 1
    (files / "view.toml").write_text('[[table]]\nmatch = "T"\nlimit = 1\n', "utf-8")
    assert json.loads(run(*command, "--resume").stdout)["done"] == 1
    assert len((files / "out" / "t.csv").read_text("utf-8").splitlines()) == 2


def test_a_view_is_checked_with_and_without_a_report(files):
    assert "nothing wrong" in run("view", "check", files / "view.toml").stderr
    said = run("view", "check", files / "view.toml", files / "t.json").stdout
    assert said == (
        'elements[0] table "T": 3 of 4 rows: Status Open; columns: G, N, Status; grouped by G; totals of N (sum)\n'
    )
    (files / "view.toml").write_text('[[table]]\nmatch = "T"\ncolumns = ["X", "Y", "G"]\n[[table]]\nnumber = 3\n')
    done = run("view", "check", files / "view.toml", files / "t.json", status=1)
    assert done.stdout.count("has no column") == 2
    assert "no table 3" in done.stdout
    assert "3 things missing" in done.stderr


def test_the_view_to_start_from_shows_a_report_as_it_is(files):
    (files / "all.toml").write_text(run("view", "init", SAMPLE).stdout, "utf-8")
    report = icreport.read(SAMPLE)
    assert icreport.View.load(files / "all.toml").apply(report).to_json() == report.to_json()
    assert "elements[5]" in run("view", "check", files / "all.toml", SAMPLE).stdout


def test_what_is_commented_in_it_is_a_view_too():
    text = "\n".join(view_of(icreport.read(SAMPLE)))
    lines = [line.removeprefix("# ") for line in text.splitlines()[1:]]
    view = icreport.View.load(tomllib.loads("\n".join(lines).replace('order = ["Open"', 'order = ["Open"')))
    assert view.apply(icreport.read(SAMPLE)).tables


def test_hostile_names_and_values_are_strings_of_toml(files):
    names = ['a"b', "c\nd", "\x7f\x85\u2028", "", "same", "same", "#", "'''", "\ud83d"]
    source = document(
        table([tuple(names)], names, "same *"),
        table([("\n[[table]]\nx = 1",)], ["\\"], "twice"),
        table([], ["A"], "twice"),
    )
    text = "\n".join(view_of(icreport.read(json.dumps(source))))
    report = icreport.read(json.dumps(source))
    assert icreport.View.load(tomllib.loads(text)).apply(report).to_json() == report.to_json()
    assert tomllib.loads(f"a = {toml_string(chr(0) + chr(0x1F600))}")["a"] == "\x00\U0001f600"


def test_the_schema_of_a_view_holds_for_views_and_not_for_others(files):
    schema = json.loads(run("schema", "view").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    good = tomllib.loads((files / "view.toml").read_text("utf-8")) | {"summary": [{"of": "T", "rows": "G"}]}
    assert not list(validator.iter_errors(good))
    for bad in ({"tables": []}, {"table": [{"match": 1}]}, {"table": [{"match": "T", "where": {"equals": 1}}]}):
        assert list(validator.iter_errors(bad))
    assert json.loads(run("schema").stdout)["title"] == "Report"
