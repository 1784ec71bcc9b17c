import io
from concurrent.futures import ThreadPoolExecutor

import icreport
from icreport.model.elements import Table
from icreport.model.report import Report
from icreport.rendering.pdf.stylesheets import parsed

REPORT = Report(elements=[Table(columns=["A"], rows=[(1,)])])


def test_a_style_sheet_is_parsed_once_a_thread():
    assert parsed("p { color: red }") is parsed("p { color: red }")
    assert parsed("p { color: red }") is not parsed("p { color: blue }")
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(parsed, "p { color: red }").result() is not parsed("p { color: red }")


def test_only_the_last_few_are_kept():
    first = parsed("p { color: #000 }")
    for number in range(1, 9):
        parsed(f"p {{ color: #00{number} }}")
    assert parsed("p { color: #000 }") is not first


def test_what_a_style_sheet_asks_for_in_vain_is_told_of_every_document(tmp_path):
    (tmp_path / "theme.css").write_text(
        "@font-face { font-family: F; src: url(http://192.0.2.1/a.ttf) } h1 { font-family: F }"
    )
    for _ in range(2):
        (warning,) = icreport.write(REPORT, io.BytesIO(), "pdf", theme=str(tmp_path)).warnings
        assert warning.code == "not-fetched"


def test_a_theme_that_has_changed_is_parsed_anew(tmp_path):
    documents = []
    for colour in ("#123456", "#654321"):
        (tmp_path / "theme.css").write_text(f"h1 {{ color: {colour} }}")
        documents.append(icreport.render(REPORT, "pdf", theme=str(tmp_path)))
    assert documents[0] != documents[1]
