"""Sources and targets behind fsspec, on a real S3 server (moto's) over HTTP on loopback."""

import json

import pytest

import icreport
from batch.conftest import contents, report
from icreport.errors import OutputError, ReadError


def test_s3_is_read_and_written(s3, tmp_path):
    s3.pipe("reports/one/in.json", json.dumps(report(1)).encode())
    icreport.convert("s3://reports/one/in.json", "s3://reports/one/out.csv")
    assert s3.cat("reports/one/out.csv") == icreport.render(icreport.read(report(1)), "csv")
    icreport.convert("s3://reports/one/in.json", tmp_path / "out.xlsx")
    assert (tmp_path / "out.xlsx").stat().st_size


def test_a_conversion_that_fails_leaves_the_object_that_was_there(s3):
    s3.pipe("reports/two/out.csv", b"what was there")
    with pytest.raises(ReadError):
        icreport.convert(b'{"elements": [', "s3://reports/two/out.csv")
    assert s3.cat("reports/two/out.csv") == b"what was there"


def test_an_upload_that_breaks_publishes_nothing(s3, monkeypatch):
    def breaks(*arguments, **options):
        raise OSError("the line is cut")

    s3.pipe("reports/three/out.csv", b"what was there")
    monkeypatch.setattr(s3, "put_file", breaks)
    with pytest.raises(OutputError, match=r"reports/three/out\.csv"):
        icreport.convert(json.dumps(report(1)), "s3://reports/three/out.csv")
    s3.invalidate_cache()
    assert s3.cat("reports/three/out.csv") == b"what was there"


def test_folders_and_archives_go_to_s3(s3):
    document = report(1)
    document["elements"] *= 2
    icreport.convert(document, "s3://reports/four/tables/", format="csv")
    icreport.convert(document, "s3://reports/four/tables.zip", format="csv")
    s3.invalidate_cache()
    names = [name.rpartition("/")[2] for name in s3.ls("reports/four/tables", detail=False)]
    assert names == ["01-anomalies.csv", "02-anomalies.csv", "datapackage.json"]
    assert s3.cat("reports/four/tables.zip")[:2] == b"PK"


def test_a_batch_from_s3_to_s3_resumes(s3, tmp_path, reports):
    source = reports(6)
    for path in source.iterdir():
        s3.pipe(f"reports/five/in/{path.name}", path.read_bytes())
    run = lambda: icreport.convert_many(  # noqa: E731
        ["s3://reports/five/in/*.json"], "s3://reports/five/out", ["csv"], journal=tmp_path / "journal", resume=True
    )
    assert (run().done, run().unchanged) == (6, 6)
    s3.invalidate_cache()
    icreport.convert_many([source], tmp_path / "here", ["csv"])
    assert {name.rpartition("/")[2]: s3.cat(name) for name in s3.ls("reports/five/out", detail=False)} == contents(
        tmp_path / "here"
    )
    for folder in ("s3://reports/five/in", "s3://reports/five/in/"):
        again = icreport.convert_many(folder, "s3://reports/five/out", "csv", journal=tmp_path / "journal", resume=True)
        assert again.unchanged == 6
    s3.rm("reports/five/out/r001.csv")
    assert run().done == 1


def test_local_disks_behind_fsspec_get_whole_files_too(tmp_path):
    (tmp_path / "out.csv").write_text("what was there")
    with pytest.raises(ReadError):
        icreport.convert(b"[", f"file://{tmp_path}/out.csv")
    assert (tmp_path / "out.csv").read_text() == "what was there"
    icreport.convert(json.dumps(report(1)), f"file://{tmp_path}/out.csv")
    assert b"AN-0001" in (tmp_path / "out.csv").read_bytes()


def test_who_logs_in_is_not_told(tmp_path):
    with pytest.raises(OutputError) as caught:
        icreport.convert(json.dumps(report(1)), "ftp://user:s3cret@127.0.0.1:9/out.csv")
    assert "s3cret" not in str(caught.value)
    assert "127.0.0.1:9/out.csv" in str(caught.value)
