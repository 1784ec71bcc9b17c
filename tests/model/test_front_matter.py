"""What a document says of itself: in Python, in JSON, in views and for a conversion."""

import json
import pickle

import pytest

import icreport
from icreport import Approval, FrontMatter, Report, Revision, Section, View
from icreport.words import words_of

SAID = {
    "client": "Norsk Energi AS",
    "number": "FS-26-0143",
    "revision": "02",
    "vessel": "Nordlys",
    "revisions": [{"revision": "01", "date": "2026-09-04", "description": "Issued for review"}],
    "approvals": [{"role": "Prepared", "name": "K. Berg"}, {"role": "Approved"}],
}


def report(**said):
    return Report(name="R", elements=[Section(caption="S")], document=said or SAID)


def test_a_report_says_it_in_python_and_reads_back():
    made = report()
    assert made.document.client == "Norsk Energi AS"
    assert made.document.revisions == [Revision(revision="01", date="2026-09-04", description="Issued for review")]
    assert made.document.approvals[1] == Approval(role="Approved")
    assert made.document.others == {"vessel": "Nordlys"}
    assert json.loads(made.to_json())["icreport"] == {"document": SAID}
    again = icreport.read(made.to_json())
    assert again.document == made.document
    assert again.to_json() == made.to_json()
    assert pickle.loads(pickle.dumps(again)).document == made.document


def test_nothing_said_is_false():
    assert not Report(elements=[]).document
    assert not FrontMatter(client=" ")
    assert not FrontMatter(headings="numbered")
    assert FrontMatter(others={"vessel": "Nordlys"})
    assert FrontMatter(approvals=[Approval(role="Approved")])


def test_numbers_and_dates_are_texts_and_stay_numbers_in_json():
    text = (
        '{"name":"R","icreport":{"document":{"revision":2,"number":1.50,"revisions":[{"revision":1}]}},"elements":[]}'
    )
    read = icreport.read(text)
    assert (read.document.revision, read.document.number) == ("2", "1.50")
    assert read.to_json() == text


@pytest.mark.parametrize("at_end", [False, True])
def test_a_scan_says_it_wherever_it_stands(at_end):
    parts = {"name": "R", "icreport": {"document": SAID}}
    elements = {"elements": [{"type": "section"}]}
    whole = elements | parts if at_end else parts | elements
    with icreport.scan(json.dumps(whole)) as scan:
        assert scan.document.number == "FS-26-0143"
        assert [element.type for element in scan.elements] == ["section"]
        assert scan.document.number == "FS-26-0143"
        assert (scan.document_at_start.number is None) == at_end or at_end


@pytest.mark.parametrize("misspelt", ["clinet", "Client", "revison", "approval"])
def test_a_name_that_is_misspelt_is_one_line_with_the_nearest(misspelt):
    for refused in (
        lambda: FrontMatter.of({misspelt: "x"}),
        lambda: View.load({"document": {misspelt: "x"}}),
        lambda: icreport.render(report(), "html", meta={misspelt: "x"}),
    ):
        with pytest.raises(icreport.IcreportError, match="did you mean") as raised:
            refused()
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"client": ["x"]},
        {"client": "x" * 301},
        {"revisions": "02"},
        {"revisions": [{}] * 201},
        {"approvals": [{"rle": "x"}]},
        {"more": {"a": 1}},
        {"headings": "roman"},
        {"lists": "yes"},
        {f"n{at}": "x" for at in range(51)},
    ],
)
def test_what_is_no_front_matter_is_one_line_and_in_a_document_told_and_kept(wrong):
    with pytest.raises(icreport.UsageError):
        FrontMatter.of(wrong)
    text = json.dumps({"icreport": {"document": wrong}, "elements": []})
    read = icreport.read(text)
    assert json.loads(read.to_json()) == json.loads(text)
    assert all(warning.code == "wrong-format" for warning in read.warnings)


def test_meta_counts_before_the_report_that_before_the_view_and_that_before_the_theme(tmp_path):
    (tmp_path / "theme.toml").write_text(
        '[document]\nclient = "theme"\nproject = "theme"\nnumber = "theme"\nstatus = "theme"\n'
    )
    view = {"document": {"client": "view", "project": "view", "number": "view"}}
    made = report(client="report", project="report")
    page = icreport.render(made, "html", theme=str(tmp_path), view=view, meta={"client": "meta"}).decode()
    facts = dict(zip(*[iter(texts_of(page))] * 2, strict=True))
    assert facts == {"Client": "meta", "Project": "report", "Document number": "view", "Status": "theme"}


def texts_of(page):
    listed = page[page.index("<dl>") : page.index("</dl>")]
    return [part.partition(">")[2].partition("<")[0] for part in listed.replace("<div>", "").split("<d")[2:]]


def test_a_view_says_it_for_reports_and_scans():
    view = View.load({"document": {"client": "view", "status": "Draft"}})
    made = report(client="report")
    assert view.apply(made).document == FrontMatter(client="report", status="Draft")
    with icreport.scan(made.to_json()) as scan:
        shown = json.loads(view.over(scan).to_json())
    assert shown["icreport"]["document"] == {"client": "report", "status": "Draft"}


def test_a_view_goes_on_with_what_another_says(tmp_path):
    (tmp_path / "base.toml").write_text('[document]\nclient = "A"\nnumber = "1"\n')
    (tmp_path / "view.toml").write_text('extend = "base.toml"\n[document]\nnumber = "2"\n')
    said = View.load(tmp_path / "view.toml").document
    assert (said.client, said.number) == ("A", "2")


def test_it_can_be_replaced():
    assert report().replace(document={"client": "B"}).document == FrontMatter(client="B")
    assert not report().replace(document=None).document


def test_what_stands_on_each_page_is_number_and_revision():
    words = words_of("en")
    assert FrontMatter(number="N-1", revision="02").running(words) == "N-1 · Rev. 02"
    assert FrontMatter(number="N-1").running(words) == "N-1"
    assert FrontMatter(client="C").running(words) == ""
    assert FrontMatter(others={"vessel_name": "Nordlys"}).facts(words) == [("Vessel name", "Nordlys")]


def test_a_text_that_is_too_long_is_told_by_its_characters():
    with pytest.raises(icreport.UsageError, match="client: string should have at most 300 characters"):
        icreport.Report(elements=[], document={"client": "x" * 301})
