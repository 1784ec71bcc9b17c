"""The addresses of style sheets are found, and put in, as a parser sees them."""

import string

import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st

from icreport.rendering.themes.css_urls import urls_of, with_urls


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a { b: url(x.png) }", [(1, "x.png")]),
        ("a { b: url( 'x y.png' ) }\n\n@media print { c { d: URL(\"y.png\") } }", [(1, "x y.png"), (3, "y.png")]),
        ("/* url(x.png) */ a { content: 'url(y.png)' }", []),
        ("a { b: image-set(url(x.png) 1x, url('y\\'.png') 2x) }", [(1, "x.png"), (1, "y'.png")]),
        ("a { b: u\\72l(x.png) }", [(1, "x.png")]),
        ("a { b: url(var(--x)) } c { d: url() }", [(1, "")]),
        ("a { b: url(x.png", [(1, "x.png")]),
    ],
)
def test_addresses_are_found_where_they_count(css, expected):
    assert list(urls_of(css)) == expected


@given(st.lists(st.text(string.printable + "é\u2028", min_size=1, max_size=20), max_size=4))
def test_any_address_can_be_put_in(addresses):
    waiting = iter(addresses)
    css = "/* kept */" + "".join(f"a{number} {{ b: url(x{number}) }}\n" for number in range(len(addresses)))
    changed = with_urls(css, lambda _address, _line: next(waiting))
    assert [address for _, address in urls_of(changed)] == addresses
    assert len(tinycss2.parse_stylesheet(changed, skip_comments=True, skip_whitespace=True)) == len(addresses)


@given(st.text("url(\"')\\{};/*a \n", max_size=60))
def test_a_sheet_whose_addresses_stay_is_kept(css):
    kept = with_urls(css, lambda address, _line: address)
    assert tinycss2.serialize(tinycss2.parse_component_value_list(css)) in {kept, css} or kept == css
