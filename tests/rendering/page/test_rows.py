"""Rows that are written together are as each by itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icreport import Row, Table
from icreport.model.rows import Batch
from icreport.rendering.column_texts import TextBatch
from icreport.rendering.grid import grid
from icreport.rendering.locales import LocalText, PageText
from icreport.rendering.page.columns import looks_of
from icreport.rendering.page.rows import BAND, Rows
from icreport.rendering.page.survey import Survey
from icreport.rendering.record_links import LinkPattern
from icreport.values import ExactFloat
from icreport.warnings import Warnings
from rendering.hostile import TEXTS

MOMENTS = ["2026-08-14", "2026-08-14T06:29:00Z", "2026-08-14 06:29", "2026-02-30T01:00"]
KINDS = [
    st.sampled_from(["Open", "Closed", ""]),
    st.sampled_from(MOMENTS),
    st.sampled_from([*TEXTS, "\x1f", "a\x1f\x1fb"]),
    st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([ExactFloat("12.10"), 2, None])),
    st.booleans(),
    st.sampled_from([True, "true", "Yes", None, [1], "12 m"]),
]
KEYS = st.one_of(st.integers(), st.none(), st.sampled_from(TEXTS))
TABLES = st.lists(st.sampled_from(KINDS), min_size=1, max_size=5).flatmap(
    lambda kinds: st.lists(st.tuples(st.tuples(*kinds), KEYS), min_size=1, max_size=9)
)


def rows_of(table, page_text, link=None):
    rectangle = grid(table, 0, Warnings())
    survey = Survey()
    survey.see(Batch(rectangle.sample))
    words = [{"open": "bad", "closed": "good"} if at == 0 else {} for at in range(len(rectangle.heads))]
    looks = looks_of(rectangle.heads, survey, page_text, words)
    links = LinkPattern(link).of_table("A", Warnings(), None) if link else None
    keys = [{"12 m": "12", MOMENTS[0]: '"<'}.get if at % 2 else None for at in range(len(looks))]
    return Rows(rectangle, table, looks, links, page_text, keys), list(rectangle.batches)


@given(TABLES, st.booleans(), st.booleans(), st.booleans())
def test_rows_that_are_written_together_are_as_each_by_itself(rows, has_categories, is_local, is_linked):
    table = Table(
        columns=[str(at) for at in range(len(rows[0][0]))],
        rows=[Row(values, key) for values, key in rows],
        categories=["<a>", "b"] if has_categories else None,
    )
    page_text = LocalText("nb") if is_local else PageText("en")
    written, batches = rows_of(table, page_text, "https://x.example/{sourceKey}?a&b" if is_linked else None)
    together = "".join(written.whole(batch) for batch in batches)
    apart = "".join(written.band([row]) for batch in batches for row in batch.rows)
    bodies = re.compile(r"</tbody>\n<tbody>\n")
    assert together == bodies.sub("", apart)
    assert together == "".join(written.whole(TextBatch(batch)) for batch in batches)
    assert not re.search(r"<(?!/?(t[dhr]|tbody|a|span)\b)|onerror=\"|[\x00-\x09\x0b-\x1f]", together.replace("\t", ""))


@pytest.mark.parametrize("count", [1, BAND, BAND + 1, 2 * BAND])
def test_a_body_has_no_more_rows_than_a_browser_draws_at_once(count):
    table = Table(columns=["A", "B"], rows=[("x", number) for number in range(count)])
    written, batches = rows_of(table, PageText("en"))
    bodies = "".join(map(written.whole, batches)).split("<tbody>\n")[1:]
    assert [body.count("<tr>") for body in bodies] == [BAND] * (count // BAND) + [count % BAND] * (count % BAND > 0)
    assert re.findall(r"<td>(\d+)</td>", "".join(bodies)) == list(map(str, range(count)))
