"""The journal takes down what became of each item, and nothing that is somebody else's is taken for it."""

import json

import pytest

import icreport
from icreport.batch.journal import NAME
from icreport.errors import OutputError, UsageError


def journal_of(folder):
    return (folder / NAME).read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize(
    "text",
    ["dear diary\n", "dear diary", '{"elements": []}', '{"elements": []}\n', '{"source": 1}\n', "[]\n", "\n"],
)
def test_a_file_that_is_no_journal_stays_as_it_is(text, resume, reports, tmp_path):
    (tmp_path / "notes").write_text(text)
    with pytest.raises(UsageError, match="no journal"):
        icreport.convert_many(reports(1), tmp_path / "out", ["csv"], resume=resume, journal=tmp_path / "notes")
    assert (tmp_path / "notes").read_text() == text


@pytest.mark.parametrize(
    ("place", "kind"),
    [("/dev/full", UsageError), ("/dev/null", UsageError), ("in/r000.json/journal", OutputError), ("in", OutputError)],
)
def test_a_journal_that_cannot_be_is_told_before_anything_runs(place, kind, reports, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind, match="journal"):
        icreport.convert_many(reports(1), tmp_path / "out", ["csv"], journal=place)
    assert not list((tmp_path / "out").glob("*.csv"))


@pytest.mark.parametrize("torn", [b"", b"{", b'{"source":"/x', b'{"source": "/x', b"\0" * 512])
def test_a_torn_first_line_is_dropped(torn, reports, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / NAME).write_bytes(torn)
    assert icreport.convert_many(reports(2), tmp_path / "out", ["csv"], resume=True).done == 2
    assert [json.loads(line)["status"] for line in journal_of(tmp_path / "out")] == ["done", "done"]


def test_the_item_of_a_broken_line_is_done_again(reports, tmp_path):
    source, out = reports(4), tmp_path / "out"
    icreport.convert_many(source, out, ["csv"])
    lines = journal_of(out)
    lines[2] = lines[2][:40] + b"\n"
    (out / NAME).write_bytes(b"".join(lines) + b"\0" * 100)
    result = icreport.convert_many(source, out, ["csv"], resume=True)
    assert (result.done, result.unchanged) == (1, 3)
    assert icreport.convert_many(source, out, ["csv"], resume=True).unchanged == 4


def test_a_run_that_does_not_resume_starts_the_journal_anew(reports, tmp_path):
    source, out = reports(2), tmp_path / "out"
    icreport.convert_many(source, out, ["csv"])
    assert icreport.convert_many(source, out, ["csv"]).done == 2
    assert len(journal_of(out)) == 2


def test_runs_in_several_formats_share_a_folder_and_its_journal(reports, tmp_path):
    source, out = reports(3), tmp_path / "out"
    assert [icreport.convert_many(source, out, kind, resume=True).done for kind in ("csv", "html")] == [3, 3]
    assert [icreport.convert_many(source, out, kind, resume=True).unchanged for kind in ("csv", "html")] == [3, 3]


def test_a_journal_serves_several_folders_and_sources(reports, tmp_path):
    journal = tmp_path / "journal"
    first, second = reports(2), reports(2, "other")
    for source in (first, second):
        icreport.convert_many(source, tmp_path / f"{source.name}-out", ["csv"], journal=journal, resume=True)
    for source in (first, second):
        out = tmp_path / f"{source.name}-out"
        assert icreport.convert_many(source, out, ["csv"], journal=journal, resume=True).unchanged == 2
    assert icreport.convert_many(first, tmp_path / "elsewhere", ["csv"], journal=journal, resume=True).done == 2
