"""Charts as drawings: the same each time, in the colours and language of the document; nothing in them acts."""

import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import threading
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

import icreport
from icreport import MissingExtraError, RenderError, Report, Table
from icreport.rendering.charts import process
from icreport.rendering.charts.drawing import draw
from rendering.drawing import BARS, COLOURED, COLUMNS, HEAT, ROWS, chart, look

SVG = "{http://www.w3.org/2000/svg}"


def texts(drawing):
    return ["".join(text.itertext()) for text in ET.fromstring(drawing.svg).iter(f"{SVG}text")]


def test_a_drawing_has_its_size_its_description_and_a_picture_of_any_resolution():
    drawing = draw(chart(), look())
    assert (drawing.width, drawing.height) == (640, 320)
    assert drawing.description == "Bar chart. Component, Count, Criticality. 4 rows of data"
    with Image.open(io.BytesIO(drawing.png(192))) as image:
        assert image.size == (1280, 640)
    assert draw(chart(alt="Most is minor"), look()).description == "Most is minor"


def test_the_same_chart_is_the_same_bytes_in_another_process():
    drawing = draw(chart(), look())
    code = (
        "from rendering.drawing import chart, look; from icreport.rendering.charts.drawing import draw\n"
        "import sys; drawing = draw(chart(), look()); sys.stdout.buffer.write(drawing.svg.encode() + drawing.png(96))"
    )
    tests = os.fspath(__import__("pathlib").Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": tests, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    said = subprocess.check_output([sys.executable, "-c", code], env=environment)
    assert said == drawing.svg.encode() + drawing.png(96)


def test_statuses_have_their_colours_and_marks_go_before_them():
    colours = look().colours
    assert colours["bad-1"] in draw(chart(), look()).svg
    marked = icreport.Column(caption="Criticality", format={"marks": [{"equals": "Minor", "look": "bad"}]})
    drawn = draw(chart(columns=["Component", marked, "Count"], rows=[("J1", "Minor", 3)]), look()).svg
    assert colours["bad-1"] in drawn
    plain = draw(chart(rows=[("J1", "North", 3), ("J2", "South", 4)]), look()).svg
    assert colours["series-1"] in plain
    assert colours["bad-1"] not in plain


def test_colours_are_those_of_the_theme(tmp_path):
    (tmp_path / "theme.toml").write_text('[tokens]\naccent = "#aa00aa"\n')
    assert '"#aa00aa"' in draw(chart(BARS), look(os.fspath(tmp_path))).svg


def test_a_theme_may_say_the_colours_of_series_and_nobody_takes_them_for_unused(tmp_path):
    (tmp_path / "theme.toml").write_text('[tokens]\nseries-1 = "#123456"\n[tokens.dark]\nseries-1 = "#abcdef"\n')
    report = Report(elements=[chart(BARS)])
    result = icreport.convert(json.loads(report.to_json()), tmp_path / "out.html", theme=os.fspath(tmp_path))
    assert [warning.message for warning in result.warnings] == []
    page = (tmp_path / "out.html").read_text("utf-8")
    assert "--chart-series-1: #123456" in page
    assert "--chart-series-1: #abcdef" in page


def test_numbers_are_written_as_the_language_writes_them():
    assert "12,000" in texts(draw(chart(), look()))
    assert "12.000" in texts(draw(chart(), look(locale="de")))
    months = {"mark": "line", "encoding": {"x": {"field": "D", "type": "temporal"}, "y": {"field": "N"}}}
    rows = [("2026-01-01", 1), ("2026-05-01", 2)]
    drawn = draw(chart(months, columns=["D", "N"], rows=rows), look(locale="nb"))
    assert any(text.startswith("mar") for text in texts(drawn))


def test_inline_drawings_follow_light_and_dark_and_have_ids_of_their_own():
    drawing = draw(chart(COLOURED | {"mark": {"type": "bar", "clip": True}}), look())
    first, second = drawing.inline("e1"), drawing.inline("e2")
    ids = [set(re.findall(r'\bid="([^"]+)"', each)) for each in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert set(re.findall(r"url\(#([^)]+)\)", first)) <= ids[0]
    assert 'fill="var(--chart-bad-1)"' in first
    assert "#" not in re.sub(r"url\(#", "", "".join(re.findall(r'(?:fill|stroke)="([^"]*)"', first)))


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "]]>&amp;<!--"],
)
def test_texts_of_rows_are_texts_of_the_drawing(hostile):
    drawing = draw(chart(rows=[(hostile, "Minor", 3)], caption=hostile), look())
    for text in (drawing.svg, drawing.inline("e1")):
        root = ET.fromstring(text)
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
            *("svg", "title", "desc", "g", "path", "text", "rect", "line", "clipPath", "defs")
        }
        assert not any(name.startswith("on") or "href" in name for element in root.iter() for name in element.attrib)
        assert hostile in "".join(root.itertext())


def test_a_drawing_of_any_kind_fits_a_page():
    for spec in (HEAT, COLOURED | {"mark": "area"}, {"mark": "arc", "encoding": {"theta": {"field": "Count"}}}):
        drawing = draw(chart(spec), look())
        assert 0 < drawing.width <= 640


def test_threads_share_the_process_that_draws():
    found = []
    threads = [threading.Thread(target=lambda: found.append(draw(chart(), look()).svg)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_forked_process_draws_in_a_process_of_its_own():
    code = (
        "import os, sys; from rendering.drawing import chart, look\n"
        "from icreport.rendering.charts.drawing import draw\n"
        "before = draw(chart(), look()).svg\n"
        "child = os.fork()\n"
        "same = draw(chart(), look()).svg == before\n"
        "if not child: os._exit(0 if same else 1)\n"
        "sys.exit(0 if same and os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 else 1)"
    )
    tests = os.fspath(__import__("pathlib").Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": tests, "PYTHONWARNINGS": "ignore"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


def test_a_process_that_was_ended_is_started_again():
    before = draw(chart(), look()).svg
    process._DRAWER._worker._process.kill()
    process._DRAWER._worker._process.wait()
    assert draw(chart(), look()).svg == before


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "vl_convert" else found(name))
    with pytest.raises(MissingExtraError, match=r"pip install 'icreport\[charts\]'"):
        icreport.render(Report(elements=[chart()]), "html")
    assert "<td>J1</td>" in chart()._repr_html_()
    # Formats that draw nothing need none.
    assert b"J1" in icreport.render(Report(elements=[chart()]), "csv", table="Open anomalies")


def test_what_is_no_specification_is_one_line_that_names_the_element():
    report = Report(elements=[icreport.Paragraph(text="x"), chart({"mark": 5})])
    with pytest.raises(RenderError) as found:
        icreport.render(report, "html")
    assert str(found.value).startswith('elements[1] "Open anomalies": it cannot be drawn')
    assert "\n" not in str(found.value)


def test_rows_are_shorter_or_longer_than_there_are_columns():
    rows = [("J1",), ("J2", "Minor", 3, "beyond"), *ROWS]
    assert draw(chart(rows=rows, columns=COLUMNS), look()).width == 640


HUGE = [10**400, float(10**300), 10**40, 2**63, -(10**30)]


@pytest.mark.parametrize("kind", ["bar", "line", "point", "arc"])
def test_numbers_beyond_those_of_floats_are_left_out_and_huge_ones_are_drawn(kind):
    encoding = {"x": {"field": "Component", "type": "quantitative"}, "y": {"field": "Count", "type": "quantitative"}}
    if kind == "arc":
        encoding = {"color": {"field": "Component"}, "theta": encoding["y"]}
    spec = {"mark": kind, "encoding": encoding}
    rows = icreport.read(
        json.dumps(Report(elements=[Table(columns=COLUMNS, rows=[(n, "x", n) for n in HUGE])]).to_object())
    )
    made = chart(
        spec, [*map(tuple, rows.tables[0].rows), ("1e400", "x", "1e400"), (1.5e308, "x", 1.5e308), (1, "x", 1.5e308)]
    )
    for name in ("html", "xlsx"):
        assert icreport.render(Report(elements=[made]), name)
