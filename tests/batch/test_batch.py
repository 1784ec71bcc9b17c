import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

import icreport
from batch.conftest import contents, report
from icreport.batch.item import HELD
from icreport.batch.journal import NAME, Journal
from icreport.errors import FormatError, OptionError, ThemeError, UsageError
from icreport.output.draft_names import draft_beside
from icweb.server import CREDENTIALS, GUID, ICWeb, running


def journal_of(folder):
    return [json.loads(line) for line in (folder / NAME).read_text().splitlines()]


def test_each_source_becomes_a_document_in_each_format(reports, tmp_path):
    source, out = reports(5), tmp_path / "out"
    result = icreport.convert_many([source], out, ["csv", "xlsx"])
    assert (result.total, result.done, result.failed, result.documents, result.rows) == (5, 5, 0, 10, 15)
    assert result.ok
    for number in range(5):
        alone = icreport.render(icreport.read(report(number)), "csv")
        assert (out / f"r{number:03}.csv").read_bytes() == alone
        assert (out / f"r{number:03}.xlsx").stat().st_size


def test_the_journal_has_what_became_of_each_item(reports, tmp_path):
    source, out = reports(2), tmp_path / "out"
    icreport.convert_many([source], out, ["csv"])
    lines = {Path(line["source"]).name: line for line in journal_of(out)}
    line = lines["r001.json"]
    assert line["status"] == "done"
    assert line["rows"] == 3
    assert line["elements"] == 1
    import hashlib

    assert line["sha256"] == hashlib.sha256((source / "r001.json").read_bytes()).hexdigest()
    data = (out / "r001.csv").read_bytes()
    assert line["targets"] == [
        {
            "path": str(out / "r001.csv"),
            "format": "csv",
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "rows": 3,
        }
    ]


def test_what_fails_costs_no_other_and_is_told(reports, tmp_path):
    source, out = reports(4), tmp_path / "out"
    (source / "r001.json").write_text('{"elements": [')
    result = icreport.convert_many([source, tmp_path / "absent.json"], out, ["csv"])
    assert (result.done, result.failed) == (3, 2)
    assert not result.ok
    assert {Path(record.source).name: record.error.kind for record in result.failures} == {
        "r001.json": "JsonError",
        "absent.json": "ReadError",
    }
    assert sorted(contents(out)) == ["r000.csv", "r002.csv", "r003.csv"]


def test_fail_fast_starts_nothing_more(reports, tmp_path):
    source = reports(60)
    for path in source.iterdir():
        path.write_text("[")
    result = icreport.convert_many([source], tmp_path / "out", ["csv"], workers=1, fail_fast=True)
    assert result.failed
    assert result.not_run == 60 - result.failed > 0


def test_sources_are_files_folders_patterns_and_lists(reports, tmp_path, monkeypatch):
    source = reports(6)
    (source / "deep").mkdir()
    (source / "deep/inner.json.gz").write_bytes(__import__("gzip").compress(json.dumps(report(7)).encode()))
    (source / "notes.txt").write_text("no report")
    listed = tmp_path / "list.txt"
    listed.write_text(f"{source / 'r000.json'}\n\n{source / 'r001.json'}\n")
    assert icreport.convert_many([f"@{listed}"], tmp_path / "a", ["csv"]).done == 2
    assert icreport.convert_many([source], tmp_path / "b", ["csv"]).done == 6
    assert icreport.convert_many([f"{source}/**/*.json*"], tmp_path / "c", ["csv"]).done == 7
    assert (tmp_path / "c/inner.csv").exists()
    assert icreport.convert_many([f"{source}/r00[12].json"], tmp_path / "d", ["csv"]).done == 2
    assert icreport.convert_many([f"file://{source}/*.json"], tmp_path / "e", ["csv"]).done == 6
    with pytest.raises(UsageError, match="has no reports"):
        icreport.convert_many([f"{source}/*.nothing"], tmp_path / "f", ["csv"])


def test_names_follow_a_pattern(reports, tmp_path):
    out = tmp_path / "out"
    icreport.convert_many([reports(2)], out, ["csv", "html"], name="{format}/{name} of {stem}")
    found = sorted(str(path.relative_to(out)) for path in out.rglob("*.*") if path.suffix != ".jsonl")
    assert found == [
        "csv/Report 0 of r000.csv",
        "csv/Report 1 of r001.csv",
        "html/Report 0 of r000.html",
        "html/Report 1 of r001.html",
    ]


def test_a_hostile_name_stays_in_the_folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.json").write_text(json.dumps(report(1) | {"name": "../../etc/passwd\0:x"}))
    icreport.convert_many([tmp_path / "in"], tmp_path / "out", ["csv"], name="{name}")
    assert sorted(contents(tmp_path / "out")) == ["etc-passwd-x.csv"]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("{stem", "pattern"),
        ("{author}", "unknown"),
        ("{job}", "not at hand"),
        ("../{stem}", "leads out"),
        ("/tmp/{stem}", "leads out"),
        ("same", "both become"),
    ],
)
def test_patterns_that_cannot_be_are_refused_before_anything_runs(pattern, why, reports, tmp_path):
    with pytest.raises(UsageError, match=why):
        icreport.convert_many([reports(2)], tmp_path / "out", ["csv"], name=pattern)
    assert not (tmp_path / "out").exists()


def test_two_sources_with_one_name_are_refused(reports, tmp_path):
    first, second = reports(1), reports(1, "other")
    with pytest.raises(UsageError, match="both become"):
        icreport.convert_many([first, second], tmp_path / "out", ["csv"])


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"formats": ["odt"]}, FormatError),
        ({"formats": []}, UsageError),
        ({"formats": ["csv"], "delimeter": ";"}, OptionError),
        ({"formats": ["csv"], "delimiter": ";;"}, OptionError),
        ({"formats": ["html"], "theme": "no-such"}, ThemeError),
    ],
)
def test_wrong_options_are_found_before_anything_runs(given, kind, reports, tmp_path):
    with pytest.raises(kind):
        icreport.convert_many([reports(1)], tmp_path / "out", **given)
    assert not (tmp_path / "out").exists()


def test_what_reading_has_to_tell_is_in_the_journal_and_under_strict_an_error(tmp_path):
    (tmp_path / "in").mkdir()
    document = json.dumps(report(1) | {"name": "half of \ud83d"})
    (tmp_path / "in/small.json").write_text(document)
    (tmp_path / "in/large.json").write_text(document + " " * HELD)
    icreport.convert_many(tmp_path / "in", tmp_path / "out", ["csv", "html"])
    for line in journal_of(tmp_path / "out"):
        assert [(told["format"], told["code"]) for told in line["warnings"]] == [
            ("csv", "lone-surrogate"),
            ("html", "lone-surrogate"),
        ]
    strict = icreport.convert_many(tmp_path / "in", tmp_path / "out", ["csv"], strict=True)
    assert [record.error.kind for record in strict.failures] == ["LossError", "LossError"]


def test_options_go_to_the_formats_that_have_them(reports, tmp_path):
    out = tmp_path / "out"
    icreport.convert_many([reports(1)], out, ["csv", "html"], delimiter=";", theme="compact")
    assert b";" in (out / "r000.csv").read_bytes()


class TestResume:
    def test_does_nothing_where_nothing_has_changed(self, reports, tmp_path):
        source, out = reports(4), tmp_path / "out"
        icreport.convert_many([source], out, ["csv"])
        times = {path: path.stat().st_mtime_ns for path in out.iterdir()}
        result = icreport.convert_many([source], out, ["csv"], resume=True)
        assert (result.done, result.unchanged) == (0, 4)
        assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == times

    def test_does_what_has_changed(self, reports, tmp_path):
        source, out = reports(5), tmp_path / "out"
        (source / "r004.json").write_text("[")
        icreport.convert_many([source], out, ["csv"])
        (source / "r000.json").write_text(json.dumps(report(77)))
        (out / "r001.csv").unlink()
        (out / "r002.csv").write_text("changed by hand")
        (source / "r004.json").write_text(json.dumps(report(4)))
        result = icreport.convert_many([source], out, ["csv"], resume=True)
        assert (result.done, result.unchanged, result.failed) == (4, 1, 0)
        assert b"AN-0077" in (out / "r000.csv").read_bytes()
        assert b"AN-0002" in (out / "r002.csv").read_bytes()

    def test_does_all_with_other_options(self, reports, tmp_path):
        source, out = reports(2), tmp_path / "out"
        icreport.convert_many([source], out, ["csv"])
        assert icreport.convert_many([source], out, ["csv"], resume=True, delimiter=";").done == 2
        assert icreport.convert_many([source], out, ["csv", "html"], resume=True).done == 2

    def test_sees_that_a_theme_has_changed(self, reports, tmp_path):
        theme = tmp_path / "theme"
        theme.mkdir()
        (theme / "extra.css").write_text("td { color: red }")
        source, out = reports(1), tmp_path / "out"
        run = lambda: icreport.convert_many([source], out, ["html"], theme=str(theme), resume=True)  # noqa: E731
        assert (run().done, run().done) == (1, 0)
        (theme / "extra.css").write_text("td { color: blue }")
        assert run().done == 1

    def test_drops_a_torn_line(self, reports, tmp_path):
        source, out = reports(3), tmp_path / "out"
        icreport.convert_many([source], out, ["csv"])
        whole = (out / NAME).read_bytes()
        (out / NAME).write_bytes(whole[:-20])
        result = icreport.convert_many([source], out, ["csv"], resume=True)
        assert (result.done, result.unchanged) == (1, 2)
        assert len(journal_of(out)) == 3

    def test_refuses_what_is_no_journal(self, reports, tmp_path):
        (tmp_path / "notes").write_text("dear diary\n")
        with pytest.raises(UsageError, match="no journal"):
            icreport.convert_many([reports(1)], tmp_path / "out", ["csv"], resume=True, journal=tmp_path / "notes")
        assert (tmp_path / "notes").read_text() == "dear diary\n"

    def test_removes_the_drafts_of_a_killed_run_and_nothing_else(self, reports, tmp_path):
        source, out = reports(1), tmp_path / "out"
        out.mkdir()
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        left = draft_beside(out / "r000.csv")
        left.with_name(left.name.replace(f"-{os.getpid()}-", f"-{ended.pid}-")).write_text("half")
        (out / ".other.csv.0123abcd.part").write_text("of somebody else")
        icreport.convert_many([source], out, ["csv"], resume=True)
        assert sorted(contents(out)) == [".other.csv.0123abcd.part", "r000.csv"]


def test_two_runs_do_not_share_a_journal(reports, tmp_path):
    out = tmp_path / "out"
    with Journal(out / NAME), pytest.raises(UsageError, match="another run"):
        icreport.convert_many([reports(1)], out, ["csv"])


def test_any_executor_will_do(reports, tmp_path):
    source = reports(8)
    with ThreadPoolExecutor(3) as threads:
        result = icreport.convert_many([source], tmp_path / "out", ["csv", "pdf"], executor=threads)
    assert (result.done, result.documents) == (8, 16)
    icreport.convert_many([source], tmp_path / "here", ["csv", "pdf"])
    assert contents(tmp_path / "out") == contents(tmp_path / "here")


def test_progress_is_told_item_by_item(reports, tmp_path):
    told = []
    icreport.convert_many([reports(5)], tmp_path / "out", ["csv"], progress=told.append)
    assert [progress.ended for progress in told] == [1, 2, 3, 4, 5]
    assert {progress.total for progress in told} == {5}
    assert {Path(progress.item.source).stem for progress in told} == {f"r{number:03}" for number in range(5)}


@pytest.fixture
def hanging(reports):
    """A folder of reports with a source among them that no worker ever gets to the end of."""
    source = reports(12)
    path = source / "r000-hangs.json"
    os.mkfifo(path)
    ours = os.open(path, os.O_RDWR)
    yield path
    os.close(ours)


def readers(path):
    """The processes, without this one, that have a file open."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if os.readlink(entry) == str(path):
                found.add(int(entry.parts[2]))
    return found - {os.getpid()}


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_an_item_timeout_in_which_nothing_could_be_done_is_refused(tmp_path, seconds):
    with pytest.raises(UsageError, match="item_timeout is"):
        icreport.convert_many(tmp_path / "in.json", tmp_path / "out", ["csv"], item_timeout=seconds)


def test_an_item_that_hangs_is_given_up(hanging, tmp_path):
    result = icreport.convert_many([hanging.parent], tmp_path / "out", ["csv"], item_timeout=2.0, workers=2)
    assert (result.done, result.failed) == (12, 1)
    assert "item timeout" in result.failures[0].error.message
    assert not readers(hanging)


def test_a_worker_that_is_killed_costs_its_item_alone(hanging, tmp_path):
    ended = threading.Event()

    def kill():
        while not ended.wait(0.05):
            for pid in readers(hanging):
                os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    result = icreport.convert_many([hanging.parent], tmp_path / "out", ["csv"], workers=2)
    ended.set()
    killer.join()
    assert (result.done, result.failed) == (12, 1)
    assert "worker was lost" in result.failures[0].error.message
    assert len(contents(tmp_path / "out")) == 12


def test_jobs_of_a_server_are_items(tmp_path, monkeypatch):
    icweb = ICWeb()
    monkeypatch.setenv("ICREPORT_API_KEY", CREDENTIALS["APIKEY"])
    with running(icweb) as url:
        result = icreport.convert_many([GUID], tmp_path / "out", ["csv"], server=url, name="job {job}", workers=1)
    assert result.ok
    assert list(contents(tmp_path / "out")) == [f"job {GUID.strip('{}')}.csv"]


def test_a_job_that_is_done_is_not_fetched_again(tmp_path, monkeypatch):
    monkeypatch.setenv("ICREPORT_API_KEY", CREDENTIALS["APIKEY"])
    run = lambda url, job: icreport.convert_many(job, tmp_path / "out", "csv", server=url, resume=True)  # noqa: E731
    with running(ICWeb()) as url:
        assert run(url, [GUID, GUID.strip("{}")]).done == 1
    # Its notification was dismissed, or the server is down.
    assert run(url, GUID.strip("{}")).unchanged == 1
    next((tmp_path / "out").glob("*.csv")).unlink()
    assert run(url, GUID).failures[0].error.kind == "UnreachableError"


def test_a_batch_needs_to_know_its_server(tmp_path, monkeypatch):
    monkeypatch.delenv("ICREPORT_API_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with pytest.raises(UsageError, match="no credentials"):
        icreport.convert_many([GUID], tmp_path / "out", ["csv"], server="http://127.0.0.1:9", workers=1)


def test_a_host_that_listens_hears_of_items_and_of_the_end(tmp_path, caplog):
    (tmp_path / "good.json").write_bytes(b'{"elements": [{"type": "table", "data": {"columns": [], "rows": []}}]}')
    (tmp_path / "bad.json").write_bytes(b"[")
    with caplog.at_level("INFO", "icreport.batch"), ThreadPoolExecutor(1) as threads:
        icreport.convert_many(tmp_path, tmp_path / "out", "csv", executor=threads)
    told = {(record.levelname, record.getMessage().partition(": ")[2].partition(",")[0]) for record in caplog.records}
    assert ("INFO", "done") in {(level, message.split(",")[0]) for level, message in told}
    assert any(level == "WARNING" and message.startswith("failed: ") for level, message in told)
    assert caplog.records[-1].getMessage().startswith("batch ended: 1 done, 0 unchanged, 1 failed, 0 not run")
    assert all(record.name.startswith("icreport.batch") for record in caplog.records)
