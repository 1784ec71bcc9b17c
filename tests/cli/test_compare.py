"""The command that compares reports, and batches that do."""

import json

import pytest

import commands
import icreport
from viewing import SAMPLE

WEEK_2 = SAMPLE.parent / "next-week/inspection-week-2.json"


def run(*arguments, status=0, **more):
    done = commands.run(*arguments, **more)
    assert done.returncode == status, done.stderr
    return done


def test_without_a_target_it_says_in_a_few_lines_what_changed():
    assert run("compare", SAMPLE, WEEK_2).stdout.splitlines() == [
        "Anomaly register: 1 added, 2 removed, 6 changed, 34 same",
        "Ultrasonic thickness readings: 2 changed, 58 same; 1 row in notation only",
        "texts: 1 changed, 7 same",
        "all rows: 1 added, 2 removed, 8 changed, 132 same",
    ]
    assert run("compare", SAMPLE, SAMPLE).stdout == "nothing changed: 142 rows\n"


def test_reports_without_rows_have_no_line_of_none(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).write_text(icreport.Report(elements=[icreport.Paragraph(text=name)]).to_json())
    assert run("compare", tmp_path / "old", tmp_path / "new").stdout == "texts: 1 added, 1 removed\n"


def test_exit_codes_tell_a_scheduler_whether_anything_changed():
    run("compare", SAMPLE, WEEK_2, "--exit-code", "-q", status=5)
    run("compare", SAMPLE, SAMPLE, "--exit-code", "-q")
    run("compare", SAMPLE, "none.json", "--exit-code", status=1)


def test_json_has_the_numbers_of_each_table(tmp_path):
    said = json.loads(run("compare", SAMPLE, WEEK_2, "--json", "-o", tmp_path / "c.html").stdout)
    assert said["changed"] is True
    assert said["rows"] == {"same": 132, "added": 1, "removed": 2, "changed": 8, "notation": 1}
    assert [table["caption"] for table in said["tables"] if table["rows"]["changed"]] == [
        "Anomaly register",
        "Ultrasonic thickness readings",
    ]
    assert "<del>" in (tmp_path / "c.html").read_text("utf-8")


def test_the_document_takes_the_options_of_its_format(tmp_path):
    run("compare", SAMPLE, WEEK_2, "-o", tmp_path / "c.csv", "--option", "table=Anomaly register", "--ignore-notation")
    assert len((tmp_path / "c.csv").read_text("utf-8").splitlines()) == 10
    shown = run("compare", SAMPLE, WEEK_2, "-t", "csv", "--option", "table=Anomaly register", "--unchanged").stdout
    assert len(shown.splitlines()) == 44
    run("compare", SAMPLE, WEEK_2, "-o", tmp_path / "c.html", "--theme", "formal", "--title", "Since last week")
    assert "<title>Since last week</title>" in (tmp_path / "c.html").read_text("utf-8")
    run("compare", SAMPLE, WEEK_2, "-o", tmp_path / "c.html", "--no-clobber", status=1)


def test_a_view_and_a_key_say_what_is_compared(tmp_path):
    (tmp_path / "v.toml").write_text('elements = "listed"\n[[table]]\nmatch = "Anomaly register"\n', "utf-8")
    assert "all rows: 1 added" in run("compare", SAMPLE, WEEK_2, "--view", tmp_path / "v.toml", "--key", "No.").stdout
    assert "did you mean 'No.'" in run("compare", SAMPLE, WEEK_2, "--key", "No", status=2).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-", "-"], "only one of the reports can be standard input"),
        ([SAMPLE, WEEK_2, "-o", WEEK_2], "would replace a report"),
        ([SAMPLE, WEEK_2, "-t", "html", "--json"], "say -o FILE"),
        ([SAMPLE, WEEK_2, "-o", "x.docm"], ".docm"),
        ([SAMPLE], "Missing argument"),
        ([SAMPLE, WEEK_2, "--theme", "formal"], "--theme: it is of a document; say -o FILE"),
        ([SAMPLE, WEEK_2, "--option", "locale=nb", "--json"], "--option: it is of a document; say -o FILE"),
    ],
    ids=["two inputs", "target", "json", "suffix", "one", "theme", "option"],
)
def test_what_cannot_be_is_said_on_one_line(arguments, said):
    done = run("compare", *arguments, status=2)
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_report_may_come_from_standard_input():
    assert run("compare", SAMPLE, "-", given=SAMPLE.read_text("utf-8")).stdout == "nothing changed: 142 rows\n"


@pytest.fixture
def nights(tmp_path):
    """Two folders of reports: one changed, one as it was, one that is new."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "same.json").write_bytes(SAMPLE.read_bytes())
    (old / "a.json").write_bytes(SAMPLE.read_bytes())
    (new / "a.json").write_bytes(WEEK_2.read_bytes())
    (new / "fresh.json").write_bytes(WEEK_2.read_bytes())
    return tmp_path


def batch(nights, **more):
    options = {"workers": 1, "compare_with": nights / "old", **more}
    return icreport.convert_many(nights / "new", nights / "out", ["html", "csv"], **options)


def records(nights):
    lines = (nights / "out" / "icreport-journal.jsonl").read_text("utf-8").splitlines()
    return {record["source"].rpartition("/")[2]: record for record in map(json.loads, lines) if "status" in record}


def test_a_batch_writes_what_changed_beside_each_document_and_records_it(nights):
    assert batch(nights).ok
    assert sorted(path.name for path in (nights / "out").glob("*.[chz]*")) == [
        "a.changes.csv.zip", "a.changes.html", "a.csv", "a.html", "fresh.csv", "fresh.html",
        "same.changes.csv.zip", "same.changes.html", "same.csv", "same.html",
    ]  # fmt: skip
    found = records(nights)
    assert found["a.json"]["changes"] == {"same": 132, "added": 1, "removed": 2, "changed": 8, "notation": 1}
    assert found["same.json"]["changes"]["same"] == 142
    assert "changes" not in found["fresh.json"]
    assert [target["format"] for target in found["a.json"]["targets"]] == ["html", "changes.html", "csv", "changes.csv"]
    assert "Nothing changed." in (nights / "out" / "same.changes.html").read_text("utf-8")


def test_a_batch_that_resumes_compares_again_where_the_older_report_is_another(nights):
    batch(nights)
    assert batch(nights, resume=True).unchanged == 3
    (nights / "old" / "a.json").write_bytes(WEEK_2.read_bytes())
    again = batch(nights, resume=True)
    assert (again.done, again.unchanged) == (1, 2)
    assert records(nights)["a.json"]["changes"]["changed"] == 0


def test_an_older_report_that_cannot_be_read_costs_the_changes_alone(nights):
    (nights / "old" / "a.json").write_text("{", "utf-8")
    done = batch(nights)
    assert (done.done, done.failed) == (2, 1)
    assert (nights / "out" / "a.html").exists()
    assert not (nights / "out" / "a.changes.html").exists()


def test_what_a_batch_cannot_be_compared_with_is_said_before_it_starts(nights):
    with pytest.raises(icreport.UsageError, match="there is no folder"):
        batch(nights, compare_with=nights / "none")
    with pytest.raises(icreport.UsageError, match="compared with itself"):
        batch(nights, compare_with=nights / "new")
    with pytest.raises(icreport.UsageError, match="jobs of a server"):
        icreport.convert_many("7", nights / "out", "html", server="https://example.org", compare_with=nights / "old")
    with pytest.raises(icreport.UsageError, match="would both become"):
        (nights / "new" / "a.changes.json").write_bytes(SAMPLE.read_bytes())
        batch(nights)
