import io
import zipfile
from datetime import UTC, datetime

import pytest

import icreport
from icreport.clock import archive_date, document_date, fixed_date
from icreport.errors import UsageError

REPORT = icreport.Report(elements=[icreport.Table(caption="T", columns=["A"], rows=[(1,)])])


@pytest.mark.parametrize("epoch", ["abc", "-1", "1.5", "9" * 30, "1 2", "\u0661"])
@pytest.mark.parametrize("kind", ["pdf", "html", "xlsx"])
def test_a_wrong_time_is_one_line_in_every_format(kind, epoch, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(UsageError, match=r"SOURCE_DATE_EPOCH is .*no number of seconds"):
        icreport.render(REPORT, kind)


def test_a_wrong_time_is_one_line_in_archives(monkeypatch, tmp_path):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        icreport.write(REPORT, tmp_path / "out.zip", "csv")
    assert not list(tmp_path.iterdir())


def test_an_empty_one_is_none(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", " ")
    assert fixed_date() is None
    assert document_date().microsecond == 0
    assert archive_date() == datetime(1980, 1, 1, tzinfo=UTC)
    for kind in ("pdf", "html", "xlsx"):
        assert icreport.render(REPORT, kind)


@pytest.mark.parametrize(("epoch", "year"), [("0", 1980), ("1700000000", 2023), ("99999999999", 2107)])
def test_the_members_of_an_archive_have_a_year_that_zip_knows(epoch, year, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with zipfile.ZipFile(io.BytesIO(icreport.render(REPORT, "xlsx"))) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {year}
