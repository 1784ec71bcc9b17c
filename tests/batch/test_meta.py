"""What differs from document to document of a batch, from a CSV."""

import logging

import pytest

import icreport


def run(folder, reports, table=None, **options):
    if table is not None:
        (folder / "meta.csv").write_text(table, "utf-8")
        options["meta_from"] = folder / "meta.csv"
    return icreport.convert_many(reports, folder / "out", "html", workers=1, **options)


def pages(folder):
    return {path.stem: path.read_text("utf-8") for path in (folder / "out").glob("*.html")}


def test_each_document_has_its_row_before_what_all_have(tmp_path, reports):
    sources = reports(3)
    first, second, third = sorted(sources.iterdir())
    table = f"\ufeffsource,number,client\n{first.stem},N-1,\n{second.name},N-2,Other\n{third},N-3,\n"
    assert run(tmp_path, sources, table, meta={"client": "All", "revision": "02"}).ok
    for path, number, client in ((first, "N-1", "All"), (second, "N-2", "Other"), (third, "N-3", "All")):
        page = pages(tmp_path)[path.stem]
        assert f"<dd>{number}</dd>" in page
        assert f"<dd>{client}</dd>" in page
        assert "<dd>02</dd>" in page


def test_a_table_may_have_tabs_between_its_cells(tmp_path, reports):
    sources = reports(1)
    assert run(tmp_path, sources, f"source\tnumber\n{next(sources.iterdir()).stem}\tN-1\n").ok
    assert "<dd>N-1</dd>" in next(iter(pages(tmp_path).values()))


def test_sources_without_a_row_and_rows_without_a_source_are_told(tmp_path, reports, caplog):
    sources = reports(3)
    name = min(sources.iterdir()).stem
    with caplog.at_level(logging.WARNING, "icreport.batch"):
        run(tmp_path, sources, f"source;number\n{name};N-1\nother;N-2\n")
    told = [record.getMessage() for record in caplog.records]
    assert any("meta.csv: 2 sources have no row" in line for line in told)
    assert any("meta.csv: 1 row fits no source: other" in line for line in told)


WRONG = {
    "no column": ("name,number\na,b\n", "no column 'source'"),
    "a name misspelt": ("source,revison\na,b\n", "did you mean 'revision'"),
    "two rows": ("source,number\na,1\na,2\n", "row 3: 'a' has a row before"),
    "no source": ("source,number\n,1\n", "row 2"),
    "too many cells": ("source,number\na,1,2\n", "row 2"),
    "nothing": ("", "no column 'source'"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_in_the_table_is_told_before_anything_runs(tmp_path, reports, wrong):
    table, said = WRONG[wrong]
    with pytest.raises(icreport.UsageError, match=said) as raised:
        run(tmp_path, reports(1), table)
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "out").exists()


def test_a_table_that_cannot_be_read_is_one_line(tmp_path, reports):
    (tmp_path / "meta.csv").write_bytes(b"source\n\xff\n")
    (tmp_path / "open.csv").write_text('source,number\n"a,1\nb,2\n')
    sources = reports(1)
    for name, said in {"none.csv": "No such file", "meta.csv": "not in UTF-8", "open.csv": "is no CSV"}.items():
        with pytest.raises(icreport.ReadError, match=f"{name}.*{said}"):
            run(tmp_path, sources, meta_from=tmp_path / name)


def test_items_are_done_again_when_what_is_said_has_changed(tmp_path, reports):
    sources = reports(1)
    assert run(tmp_path, sources, meta={"revision": "01"}).done == 1
    assert run(tmp_path, sources, meta={"revision": "01"}, resume=True).unchanged == 1
    assert run(tmp_path, sources, meta={"revision": "02"}, resume=True).done == 1
    assert run(tmp_path, sources, "source,number\nx,1\n", meta={"revision": "02"}, resume=True).done == 1
