"""Columns of tables on paper: numbers stand at the right, whatever template has their table."""

import pytest

import icreport
from icreport import Report, Table
from icreport.model.rows import Batch, Row
from icreport.rendering.locales import PageText
from icreport.rendering.page.column_rules import paper_rules_of
from icreport.rendering.page.columns import looks_of
from icreport.rendering.page.survey import Survey
from rendering.pdf.pictures import words_of

OWN = """<section class="element" id="{{ id }}"><h2 id="{{ id }}-caption">{{ element.caption }}</h2>
<table id="{{ id }}-table"><thead><tr>{% for head in grid.heads %}<th>{{ head }}</th>{% endfor %}</tr></thead>
{{ rows }}</table></section>"""


def rules(*columns):
    survey = Survey()
    survey.see(Batch([Row(values) for values in zip(*columns, strict=True)]))
    return paper_rules_of(looks_of([f"Column {n}" for n in range(len(columns))], survey, PageText("en")))


def test_tables_of_equal_kinds_of_columns_share_their_rules():
    numbers, texts = [1.5, 22.25], ["some text", "other text"]
    assert rules(numbers, texts) == rules([7, 1000], ["x y z", "a b"]) != {}
    assert rules(texts, texts) == {}
    # So documents of many kinds of tables have few: the rules of one table are those of others with more columns.
    assert rules(numbers, texts).items() <= rules(numbers, texts, numbers).items()


@pytest.mark.parametrize("files", [{}, {"table.html.j2": OWN}], ids=["ours", "its own"])
def test_numbers_of_a_column_stand_at_the_right_in_every_table(files, tmp_path):
    (tmp_path / "elements").mkdir()
    (tmp_path / "theme.toml").write_text("")
    for name, text in files.items():
        (tmp_path / "elements" / name).write_text(text)
    tables = [
        Table(caption="Depths", columns=["Depth", "Remark"], rows=[(11, "wear"), (11111, "loss")]),
        Table(caption="Names", columns=["Name", "Depth"], rows=[("ab", 22), ("abcdef", 22222)]),
    ]
    ((_, words),) = words_of(icreport.render(Report(elements=tables), "pdf", theme=str(tmp_path)))
    edges = {text: (left, right) for left, _, right, _, text in words}
    for short, long in (("11", "11111"), ("22", "22222")):
        assert edges[short][1] == pytest.approx(edges[long][1], abs=0.01)
    assert edges["ab"][0] == pytest.approx(edges["abcdef"][0], abs=0.01)
