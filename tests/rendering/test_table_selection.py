"""Which tables a format takes that holds nothing else."""

import pytest

import icreport
from icreport.errors import OptionError, RenderError


def report(*captions):
    tables = [
        icreport.Table(caption=caption, columns=["A"], rows=[(str(at),)]) for at, caption in enumerate(captions, 1)
    ]
    return icreport.Report(elements=tables)


@pytest.mark.parametrize(
    ("wanted", "number"),
    [("1", 1), ("2", 2), ("=2", 1), ("Anomalies", 3), ("=Anomalies", 3), ("=", 4), ("٢", 5)],
)
def test_a_table_is_taken_by_its_number_or_else_its_caption(wanted, number):
    data = icreport.render(report("2", "x", "Anomalies", "", "٢"), "csv", table=wanted)
    assert data == b"A\r\n%d\r\n" % number


def test_two_tables_of_one_caption_are_both_taken():
    assert icreport.render(report("T", "x", "T"), "csv", table="T").count(b"A\r\n") == 2


@pytest.mark.parametrize("wanted", ["4", "Anomaly register", "0", "-1", "=3"])
def test_a_table_that_is_not_there_is_told_with_the_nearest(wanted):
    with pytest.raises(OptionError, match=r"the report has 3; .*known: Anomaly registers, b, c") as caught:
        icreport.render(report("Anomaly registers", "b", "c"), "csv", table=wanted)
    assert ("did you mean 'Anomaly registers'" in str(caught.value)) == (wanted == "Anomaly register")


def test_a_report_without_tables_has_nothing_for_a_csv():
    with pytest.raises(RenderError, match="the report has no table"):
        icreport.render(icreport.Report(elements=[icreport.Paragraph(caption="x")]), "csv")
