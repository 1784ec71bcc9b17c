"""Which sources there are, and what their documents are called."""

import json
import os
import zipfile

import pytest

import icreport
from batch.conftest import contents, report
from icreport.errors import ReadError, UsageError
from icreport.rendering.registry import find_renderer


def write(folder, name, document=None):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(document or report(1)))
    return folder / name


def test_one_source_and_one_format_need_no_list(reports, tmp_path):
    source = reports(2)
    assert icreport.convert_many(str(source), tmp_path / "a", "csv").done == 2
    assert icreport.convert_many(source, tmp_path / "b", "csv").done == 2


def test_what_is_named_twice_is_done_once(reports, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = reports(3)
    result = icreport.convert_many([source, source / "r001.json", "in/r002.json", "in/*.json"], "out", ["csv"])
    assert (result.total, result.done) == (3, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_list_of_another_system_is_read(reports, tmp_path, encoding):
    source = reports(2)
    lines = f"\ufeff{source / 'r000.json'}\r\n\r\n{source / 'r001.json'}\r\n"
    (tmp_path / "list.txt").write_bytes(lines.encode(encoding))
    assert icreport.convert_many([f"@{tmp_path / 'list.txt'}"], tmp_path / "out", ["csv"]).done == 2


def test_the_lines_of_a_list_are_no_lists(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.txt").write_text("@list.txt\n-\n")
    result = icreport.convert_many(["@list.txt"], "out", ["csv"])
    assert [record.error.kind for record in result.failures] == ["ReadError", "ReadError"]


def test_names_that_are_not_utf_8_are_sources_and_go_through_the_journal(tmp_path):
    odd = os.fsencode(write(tmp_path / "in", "x.json").parent) + b"/caf\xe9.json"
    os.rename(tmp_path / "in/x.json", odd)
    (tmp_path / "list.txt").write_bytes(odd)
    out = os.fsdecode(os.fsencode(tmp_path) + b"/\xe9t\xe9")
    for source in (tmp_path / "in", f"@{tmp_path / 'list.txt'}"):
        result = icreport.convert_many(source, out, ["csv"], resume=True)
        assert (result.done + result.unchanged, result.failed) == (1, 0)
    assert result.unchanged
    assert os.listdir(out) == ["caf.csv", "icreport-journal.jsonl"] or len(os.listdir(out)) == 2
    line = json.loads((tmp_path / out / "icreport-journal.jsonl").read_text())
    assert os.fsencode(line["source"]) == odd


def test_a_folder_gives_what_is_not_hidden_under_suffixes_of_any_case(tmp_path):
    for name in ("UPPER.JSON", "._copy.json", ".r.csv.01234567.part", "plain.json"):
        write(tmp_path / "in", name)
    assert icreport.convert_many(tmp_path / "in", tmp_path / "out", ["csv"]).done == 2
    assert sorted(contents(tmp_path / "out")) == ["UPPER.csv", "plain.csv"]


def test_a_folder_behind_a_url_needs_no_slash(reports, tmp_path):
    source = reports(3)
    assert icreport.convert_many(f"file://{source}", tmp_path / "a", ["csv"]).done == 3
    assert icreport.convert_many(f"file://{source}/", tmp_path / "b", ["csv"]).done == 3
    assert icreport.convert_many(f"file://{source}/r000.json", tmp_path / "c", ["csv"]).done == 1
    # Neither is there: found out when its turn comes.
    assert icreport.convert_many(f"file://{source}-not", tmp_path / "d", ["csv"]).failed == 1


def test_a_list_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ReadError, match=r"the list 'none\.txt'"):
        icreport.convert_many("@none.txt", tmp_path / "out", ["csv"])


@pytest.mark.parametrize(
    ("source", "document"),
    [
        ("---.json", "report.csv"),
        ("CON.json", "_CON.csv"),
        ("nul.final.json", "_nul.final.csv"),
        ("a: b\n?.json.gz", "a- b.csv"),
        ("報告.json", "報告.csv"),
        ("報" * 80 + ".json", "報" * 80 + ".csv"),
        ("x[1].json", "x[1].csv"),
        ("@at.json", "@at.csv"),
    ],
)
def test_documents_have_names_that_fit_anywhere(source, document, tmp_path):
    write(tmp_path / "in", source)
    assert icreport.convert_many(tmp_path / "in", tmp_path / "out", ["csv"]).ok
    assert list(contents(tmp_path / "out")) == [document]


def test_a_long_name_of_a_report_is_cut(tmp_path):
    write(tmp_path / "in", "a.json", report(1) | {"name": "Ü" * 500})
    assert icreport.convert_many(tmp_path / "in", tmp_path / "out", ["csv", "parquet"], name="{name}").ok
    assert sorted(contents(tmp_path / "out")) == ["Ü" * 120 + ".csv", "Ü" * 120 + ".parquet"]


def test_a_name_that_follows_the_elements_is_found(tmp_path):
    write(tmp_path / "in", "a.json", {"elements": report(1)["elements"], "name": "At the end"})
    icreport.convert_many(tmp_path / "in", tmp_path / "out", ["csv"], name="{name}")
    assert list(contents(tmp_path / "out")) == ["At the end.csv"]


@pytest.mark.parametrize("names", [("A.json", "a.json"), ("\u00e9.json", "e\u0301.json"), ("a?.json", "a*.json")])
def test_names_that_are_one_on_another_system_are_refused(names, tmp_path):
    for name in names:
        write(tmp_path / "in", name)
    with pytest.raises(UsageError, match="both become"):
        icreport.convert_many(tmp_path / "in", tmp_path / "out", ["csv"])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("pattern", ["{stem:d}", "{stem!r}", "{stem:>999}"])
def test_fields_of_a_pattern_take_no_format(pattern, reports, tmp_path):
    with pytest.raises(UsageError, match="take no format"):
        icreport.convert_many(reports(1), tmp_path / "out", ["csv"], name=pattern)


def test_two_formats_of_one_suffix_need_names_that_tell_them(reports, tmp_path, monkeypatch):
    monkeypatch.setattr(find_renderer("html", ""), "suffixes", (".csv",))
    with pytest.raises(UsageError, match="in csv and in html"):
        icreport.convert_many(reports(1), tmp_path / "out", ["csv", "html"])
    assert icreport.convert_many(
        tmp_path / "in", tmp_path / "out", ["csv", "html"], name="{format}/{stem}", workers=1
    ).documents


def test_a_document_does_not_replace_a_source(tmp_path):
    source = write(tmp_path / "in", "a.zip.json")
    source = source.rename(tmp_path / "in/a.zip")
    with zipfile.ZipFile(tmp_path / "in/b.zip", "w"):
        pass
    with pytest.raises(UsageError, match="would replace a source"):
        icreport.convert_many(source, tmp_path / "in", ["csv"])
    assert source.read_text() == json.dumps(report(1))
