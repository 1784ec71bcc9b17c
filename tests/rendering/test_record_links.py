"""Links to records: every kind takes the same patterns, refuses the same, and leads to the same addresses."""

import io
import re
import zipfile
from html import unescape

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import commands
import icreport
from icreport.errors import OptionError
from icreport.model.elements import Table
from icreport.model.rows import Row

FORMATS = ("html", "pdf", "xlsx")


def report(key=7, business_object="Task"):
    table = Table(columns=["A"], rows=[Row(("text",), key)], source_business_object=business_object)
    return icreport.Report(elements=[table])


def address_in(data, kind):
    """The address to which the row leads."""
    if kind == "html":
        found = re.findall(r'<a href="(http[^"]*)"', data.decode())
        return unescape(found[0]) if found else None
    if kind == "pdf":
        with pikepdf.open(io.BytesIO(data)) as pdf:
            links = [
                note.A.URI for page in pdf.pages for note in page.get("/Annots", []) if "/URI" in note.get("/A", {})
            ]
            return str(links[0]) if links else None
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        found = [
            target
            for name in package.namelist()
            if name.endswith("sheet1.xml.rels")
            for target in re.findall('hyperlink" Target="([^"]*)"|Target="(http[^"]*)"', package.read(name).decode())
        ]
    texts = [one or two for one, two in found]
    return unescape(texts[0]) if texts else None


WRONG = [
    "javascript:alert({sourceKey})",
    "//host/{sourceKey}",
    "https://{sourceKey}/",
    "https:///x",
    "http://x/{foo}",
    "http://x/{}",
    "http://x/{sourceKey",
    "http://x/}",
    "http://[x/",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("link", WRONG)
def test_a_link_that_is_none_is_refused_by_every_format_before_anything_is_read(link, kind, tmp_path):
    with pytest.raises(OptionError, match=f"option 'link' of {kind}"):
        icreport.convert("no-such-report.json", tmp_path / "out", format=kind, link=link)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_batch_with_a_wrong_link_ends_before_it_starts(kind, tmp_path):
    (tmp_path / "in.json").write_text(report().to_json())
    with pytest.raises(OptionError, match=r"\{foo\}"):
        icreport.convert_many([str(tmp_path / "in.json")], tmp_path / "out", [kind], link="http://x/{foo}")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("command", [["convert", "in.json", "-o", "out"], ["batch", "in.json", "-d", "out"]])
def test_a_wrong_link_is_wrong_usage_of_the_command_line(kind, command, tmp_path):
    (tmp_path / "in.json").write_text(report().to_json())
    done = commands.run(*command, "-t", kind, "--option", "link=http://x/{foo}", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"option 'link' of {kind}" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_table_without_the_business_object_that_is_asked_for_has_no_links_and_is_told(kind, tmp_path):
    link = "https://ic.invalid/{sourceBusinessObject}/{sourceKey}"
    result = icreport.write(report(business_object=None), tmp_path / "out", kind, link=link)
    assert [warning.code for warning in result.warnings] == ["dropped-link"]
    assert address_in((tmp_path / "out").read_bytes(), kind) is None


_PIECES = ["{sourceKey}", "{sourceBusinessObject}", "/", "?a=", "#", "%20", "é", " ", '"', "<", "{x}", "{", "報"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(_PIECES), max_size=6).map(lambda parts: "https://ic.invalid/" + "".join(parts)),
    st.one_of(st.integers(), st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=5)),
)
def test_formats_agree_about_every_pattern_and_key(link, key):
    found = []
    for kind in FORMATS:
        try:
            found.append(address_in(icreport.render(report(key, "Task & Co"), kind, link=link), kind))
        except OptionError:
            found.append("refused")
    assert len(set(found)) == 1, found
    assert found[0] == "refused" or re.fullmatch(r"https://[!-~]+", found[0])


def test_a_page_of_a_pdf_leads_where_the_others_do():
    link = "https://ic.invalid/{sourceBusinessObject}?é={sourceKey}"
    addresses = {address_in(icreport.render(report("x/y z", "A & B"), kind, link=link), kind) for kind in FORMATS}
    assert addresses == {"https://ic.invalid/A%20%26%20B?%C3%A9=x%2Fy%20z"}
