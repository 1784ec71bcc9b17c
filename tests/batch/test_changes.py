"""What changed since the run before, and documents whose source is gone."""

import json
from pathlib import Path

import pytest

import icreport
from batch.conftest import report
from icreport.batch.changes import vanished
from icreport.batch.journal import NAME
from icreport.batch.running import absolute
from icreport.batch.sources import places


def lines_of(folder):
    return [json.loads(line) for line in (folder / NAME).read_text().splitlines()]


def names(result):
    return {change: sorted(Path(source).stem for source in sources) for change, sources in result.items.items()}


def change(source):
    """Four reports r000 to r003 a night later: one changed, one gone, one broken, one new."""
    (source / "r001.json").write_text(json.dumps(report(1, rows=5)))
    (source / "r002.json").unlink()
    (source / "r003.json").write_text("{")
    (source / "r009.json").write_text(json.dumps(report(9)))


@pytest.mark.parametrize("resume", [False, True])
def test_a_run_says_what_changed_since_the_one_before(resume, reports, tmp_path):
    source, out = reports(4), tmp_path / "out"
    first = icreport.convert_many(source, out, ["csv"], resume=resume)
    assert names(first) == {"new": ["r000", "r001", "r002", "r003"], "changed": [], "unchanged": [], "vanished": [],
                            "failed": []}  # fmt: skip
    change(source)
    second = icreport.convert_many(source, out, ["csv"], resume=resume)
    assert names(second) == {"new": ["r009"], "changed": ["r001"], "unchanged": ["r000"], "vanished": ["r002"],
                             "failed": ["r003"]}  # fmt: skip
    assert second.to_dict()["items"] == second.items
    assert (out / "r002.csv").exists()


@pytest.mark.parametrize("resume", [False, True])
def test_pruning_removes_documents_whose_source_is_gone_and_nothing_else(resume, reports, tmp_path):
    source, out = reports(4), tmp_path / "out"
    icreport.convert_many(source, out, ["csv", "html"], name="{stem}/{format}")
    (out / "mine.csv").write_text("mine")
    change(source)
    # A night without pruning forgets nothing.
    icreport.convert_many(source, out, ["csv", "html"], name="{stem}/{format}", resume=resume)
    pruned = icreport.convert_many(source, out, ["csv", "html"], name="{stem}/{format}", resume=resume, prune=True)
    assert sorted(pruned.pruned) == [str(out / "r002/csv.csv"), str(out / "r002/html.html")]
    assert sorted(path.name for path in out.iterdir()) == [NAME, "mine.csv", "r000", "r001", "r003", "r009"]
    assert lines_of(out)[-1]["status"] == "removed"
    again = icreport.convert_many(source, out, ["csv", "html"], name="{stem}/{format}", resume=True, prune=True)
    assert (again.pruned, names(again)["vanished"]) == ([], [])


def test_a_document_that_somebody_changed_is_not_pruned(reports, tmp_path, caplog):
    source, out = reports(2), tmp_path / "out"
    icreport.convert_many(source, out, ["csv"])
    (source / "r001.json").unlink()
    (out / "r001.csv").write_text("with remarks")
    assert icreport.convert_many(source, out, ["csv"], resume=True, prune=True).pruned == []
    assert (out / "r001.csv").read_text() == "with remarks"
    assert "r001.csv stays" in caplog.text


def test_documents_of_other_folders_and_of_sources_elsewhere_are_not_pruned(reports, tmp_path):
    journal, first, second = tmp_path / "journal", reports(2), reports(2, "other")
    for source in (first, second):
        icreport.convert_many(source, tmp_path / f"{source.name}-out", ["csv"], journal=journal, resume=True)
    (first / "r001.json").unlink()
    (second / "r001.json").unlink()
    # What is of another run is left to that, were it that its folder is not mounted.
    result = icreport.convert_many(first, tmp_path / "other-out", ["csv"], journal=journal, resume=True, prune=True,
                                   name="x-{stem}")  # fmt: skip
    assert names(result)["vanished"] == ["r001"]
    assert result.pruned == []
    assert sorted(path.name for path in tmp_path.glob("*-out/r*.csv")) == [
        "r000.csv",
        "r000.csv",
        "r001.csv",
        "r001.csv",
    ]


def test_a_folder_that_seems_empty_prunes_nothing(reports, tmp_path):
    source, out = reports(1), tmp_path / "out"
    icreport.convert_many(source, out, ["csv"])
    (source / "r000.json").unlink()
    with pytest.raises(icreport.UsageError, match="has no reports"):
        icreport.convert_many(source, out, ["csv"], prune=True)
    assert (out / "r000.csv").exists()


def test_a_document_that_another_source_makes_now_stays(reports, tmp_path):
    source, out = reports(2), tmp_path / "out"
    icreport.convert_many(source, out, ["csv"])
    (source / "r001.json").rename(source / "r001.json.moved")
    (tmp_path / "elsewhere").mkdir()
    (source / "r001.json.moved").rename(tmp_path / "elsewhere/r001.json")
    result = icreport.convert_many([source, tmp_path / "elsewhere"], out, ["csv"], resume=True, prune=True)
    assert (names(result)["vanished"], names(result)["new"], result.pruned) == (["r001"], ["r001"], [])
    assert (out / "r001.csv").exists()


def test_documents_of_a_store_are_pruned_there(s3, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number in range(2):
        s3.pipe_file(f"reports/pruned/in/r{number}.json", json.dumps(report(number)).encode())
    given = ("s3://reports/pruned/in/*.json", "s3://reports/pruned/out", ["csv"])
    icreport.convert_many(*given, workers=1)
    s3.rm_file("reports/pruned/in/r1.json")
    result = icreport.convert_many(*given, workers=1, resume=True, prune=True)
    assert result.pruned == ["s3://reports/pruned/out/r1.csv"]
    s3.invalidate_cache()
    assert s3.ls("reports/pruned/out", detail=False) == ["reports/pruned/out/r0.csv"]


def test_lines_of_the_journal_have_a_time_a_run_and_a_version(reports, tmp_path):
    result = icreport.convert_many(reports(2), tmp_path / "out", ["csv"])
    for line in lines_of(tmp_path / "out"):
        assert line["run"] == result.run
        assert line["version"] == result.version
        assert line["time"].endswith("Z")
        assert line["time"] > "2026"


def test_a_journal_from_before_lines_had_a_time_is_read(reports, tmp_path):
    source, out = reports(3), tmp_path / "out"
    icreport.convert_many(source, out, ["csv"])
    old = [{name: line[name] for name in line if name not in {"time", "run", "version"}} for line in lines_of(out)]
    (out / NAME).write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in old))
    again = icreport.convert_many(source, out, ["csv"], resume=True)
    assert (again.unchanged, len(names(again)["unchanged"])) == (3, 3)


@pytest.mark.parametrize(
    ("view", "unchanged"),
    [
        ({"table": [{"match": "Anomalies", "where": [{"column": "No.", "blank": False}]}]}, 1),
        ({"table": [{"match": "Anomalies", "where": [{"column": "No.", "not": {"older_than": "60 days"}}]}]}, 0),
        ({"table": [{"match": "Anomalies", "column": {"Depth": {"mark": [{"newer_than": 3, "look": "bad"}]}}}]}, 0),
        ({"title": "{name}, as of {date}"}, 0),
    ],
)
def test_what_stands_for_another_day_is_made_again_on_that(view, unchanged, reports, tmp_path, monkeypatch):
    source, out = reports(1), tmp_path / "out"
    icreport.convert_many(source, out, ["csv", "html"], view=view)
    assert icreport.convert_many(source, out, ["csv", "html"], view=view, resume=True).unchanged == 1
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700100000")
    assert icreport.convert_many(source, out, ["csv", "html"], view=view, resume=True).unchanged == unchanged


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["in/r0.json"], []),
        (["in/gone.json"], []),
        (["in"], ["in"]),
        (["in/", "other/r0.json"], ["in"]),
        (["in/../in"], ["in"]),
        (["in/r[0-1]*"], []),
        (["in/*e.json", "in/*0.json"], ["in"]),
        (["**/g?ne.json"], ["in", "other", "in/below"]),
        (["*/g?ne.json"], ["in", "other"]),
        (["in/**"], ["in", "in/below"]),
        (["@list"], ["in"]),
        (["in/below", "other/r0.json"], ["in/below"]),
    ],
)
def test_what_vanished_is_of_the_folders_and_patterns_that_were_named(given, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folders = ("in", "other", "in/below")
    for folder in folders:
        (tmp_path / folder).mkdir()
    (tmp_path / "list").write_text("in\nother/r0.json\n")
    before = [str(tmp_path / folder / "gone.json") for folder in folders]
    now = [str(tmp_path / folder / "r0.json") for folder in folders]
    found = vanished(before, now, map(absolute, places(given)))
    assert found == [str(tmp_path / folder / "gone.json") for folder in expected]


def test_a_single_file_says_nothing_of_those_beside_it(reports, tmp_path):
    source, out = reports(3), tmp_path / "out"
    icreport.convert_many(source, out, ["csv"])
    (source / "r002.json").unlink()
    alone = source / ".." / source.name / "r001.json"
    result = icreport.convert_many([source / "r001.json", alone], out, ["csv"], resume=True, prune=True)
    assert (result.total, result.unchanged, result.pruned) == (1, 1, [])
    assert (out / "r002.csv").exists()
    assert not [line for line in lines_of(out) if ".." in line["source"]]


def test_up_from_a_linked_folder_is_where_that_is(reports, tmp_path):
    reports(1, "real")
    (tmp_path / "real/below").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/link").symlink_to(tmp_path / "real/below", target_is_directory=True)
    result = icreport.convert_many(tmp_path / "elsewhere/link/../r000.json", tmp_path / "out", ["csv"])
    assert result.done == 1


def test_a_document_that_cannot_be_removed_is_told_when_all_is_done(reports, tmp_path, monkeypatch):
    source, out = reports(3), tmp_path / "out"
    icreport.convert_many(source, out, ["csv"])
    (source / "r001.json").unlink()
    unlink = Path.unlink

    def refused(path, **options):
        if path.name == "r001.csv":
            raise PermissionError(13, "Permission denied")
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", refused)
    result = icreport.convert_many(source, out, ["csv"], resume=True, prune=True)
    assert (result.unchanged, result.pruned, result.ok) == (2, [], False)
    assert result.not_removed == [f"cannot remove {str(out / 'r001.csv')!r}: Permission denied"]
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert icreport.convert_many(source, out, ["csv"], resume=True, prune=True).pruned == [str(out / "r001.csv")]
