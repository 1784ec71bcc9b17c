"""`var()` that can be resolved once is, and nothing else."""

import io
import itertools

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icreport
from icreport.model.elements import Table
from icreport.model.report import Report
from icreport.rendering.pdf.css_variables import resolved
from icreport.rendering.themes.files import built_in_themes
from icreport.rendering.themes.loading import load_theme


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (":root { --a: red } p { color: var(--a) }", "color: red"),
        (":root { --a: red } :root { --a: blue } p { color: var( --a ) }", "color: blue"),
        (":root { --a: var(--b) solid; --b: 1px } p { border: var(--a) }", "border: 1px solid"),
        (":root { --a: red } @media print { :root { --a: blue } } p { color: var(--a) }", "color: blue"),
        (":root { --a: red } @media screen and (x: y) { p { --a: blue } } p { color: var(--a) }", "color: red"),
        (':root { --a: "}" } /* { */ p { content: var(--a) }', 'content: "}"'),
        (":root { --a: red } @page { @top-left { color: var(--a) } }", "@top-left { color: red }"),
    ],
)
def test_what_only_the_root_sets_is_put_where_it_is_used(css, expected):
    assert expected in resolved(css)


@pytest.mark.parametrize(
    "css",
    [
        ":root { --a: red } b { --a: blue } p { color: var(--a) }",
        ":root { --a: red } p { b { --a: blue } color: var(--a) }",
        ":root { --a: red } p { --a: blue; b { color: red } color: var(--a) }",
        ":root { --a: red } @media screen, print { :root { --a: blue } } p { color: var(--a) }",
        ":root { --a: red } @supports (x: y) { :root { --a: blue } } p { color: var(--a) }",
        ":root { --a: red !important } :root { --a: blue } p { color: var(--a) }",
        ":root, b { --a: red } p { color: var(--a) }",
        ":root { --a: } p { color: var(--a) }",
        ":root { --a: var(--a) } p { color: var(--a) }",
        "p { color: var(--a) }",
        f":root {{ --a: {'x' * 300} }} p {{ color: var(--a) }}",
    ],
)
def test_what_could_be_different_for_some_elements_stays(css):
    assert "color: var(--a)" in resolved(css)


def test_values_that_make_more_of_each_other_do_not_grow():
    levels = "".join(f"--v{n}: {f'var(--v{n + 1}) ' * 9};" for n in range(20))
    assert len(resolved(f":root {{ {levels} }} p {{ color: {'var(--v0) ' * 100} }}")) < 100_000


@given(st.text(alphabet=":root{}-a;\"'/*@media print screen,()\\", max_size=200))
def test_no_text_is_too_strange(text):
    assert "var(" not in resolved(text)


def test_documents_are_the_same_without(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    report = Report(name="R", elements=[Table(caption="T", columns=["A", "S"], rows=[(1, "Open"), (2, "Failed")])])
    for name, painter in itertools.product(built_in_themes(), ("auto", "off")):
        with_them, without = io.BytesIO(), io.BytesIO()
        icreport.write(report, with_them, "pdf", theme=name, painter=painter, pdf_variant="none")
        with monkeypatch.context() as patch:
            patch.setattr("icreport.rendering.pdf.resolved", lambda css: css)
            icreport.write(report, without, "pdf", theme=name, painter=painter, pdf_variant="none")
        assert "var(--line)" in load_theme(name).css(paper=True)
        assert pages(with_them) == pages(without)


def pages(stream):
    with pikepdf.open(stream) as pdf:
        return [page.Contents.read_bytes() for page in pdf.pages]
