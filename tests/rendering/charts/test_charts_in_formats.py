"""Charts in each format, read by what did not write them."""

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import openpyxl
import pikepdf
import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar
from PIL import Image

import icreport
from icreport import Report, Table
from icreport.rendering.charts.drawing import draw
from icreport.rendering.charts.plain import plain_of
from rendering.drawing import BARS, COLOURED, HEAT, chart, look
from rendering.pdf.pdf_checker import problems

VALIDATOR = Path(__file__).parents[3] / ".venv/judges/node_modules/.bin/ooxml-validator"
SAMPLES = Path(__file__).parents[3] / "samples"
POINTS = {
    "mark": "point",
    "encoding": {
        "x": {"field": "Count", "type": "quantitative"},
        "y": {"field": "Count", "type": "quantitative"},
        "color": {"field": "Criticality"},
    },
}
PIE = {"mark": "arc", "encoding": {"theta": {"field": "Count", "aggregate": "sum"}, "color": {"field": "Component"}}}
LYING = {
    "mark": "bar",
    "encoding": {"y": {"field": "Component"}, "x": {"field": "Count", "type": "quantitative", "aggregate": "sum"}},
}
KINDS = {
    "bar": COLOURED,
    "line": BARS | {"mark": "line"} | {"encoding": BARS["encoding"] | {"y": {"aggregate": "count"}}},
    "area": COLOURED | {"mark": "area"},
    "point": POINTS,
    "arc": PIE,
    "lying": LYING,
}
DRAWING = {"xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"}
SVG = "{http://www.w3.org/2000/svg}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@pytest.fixture(scope="module")
def handover():
    return icreport.View.load(SAMPLES / "handover.toml").apply(icreport.read(SAMPLES / "handover.json"))


@pytest.fixture(scope="module")
def book():
    every = [chart(spec, caption=f"C {name}") for name, spec in KINDS.items()]
    report = Report(name="Charts", elements=[*every, chart(HEAT, caption="C heat"), Table.of([{"a": 1}])])
    return icreport.render(report, "xlsx")


def test_html_draws_a_chart_with_its_data_a_click_away_and_without_a_script():
    page = icreport.render(Report(elements=[chart()]), "html", script=False)
    root = html5lib.HTMLParser(strict=True).parse(page.decode())
    html = "{http://www.w3.org/1999/xhtml}"
    (drawn,) = root.iter("{http://www.w3.org/2000/svg}svg")
    named = {element.get("id"): "".join(element.itertext()) for element in drawn.iter() if element.get("id")}
    assert drawn.get("role") == "img"
    assert [named[name] for name in drawn.get("aria-labelledby").split()] == [
        "Open anomalies",
        "Bar chart. Component, Count, Criticality. 4 rows of data",
    ]
    (folded,) = root.iter(f"{html}details")
    cells = ["".join(cell.itertext()) for cell in folded.iter(f"{html}td")]
    assert cells[:3] == ["J1", "Critical", "3"]
    assert "<script" not in page.decode()
    assert b"style=" not in page.partition(b"<svg")[2].partition(b"</svg>")[0]


def test_html_with_charts_is_the_same_bytes_each_time(handover, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    assert icreport.render(handover, "html") == icreport.render(handover, "html")


def test_charts_and_their_rules_are_in_no_page_without_any():
    assert b"--chart-" not in icreport.render(Report(elements=[Table.of([{"a": 1}])]), "html")


def test_a_pdf_has_a_chart_as_a_figure_with_its_text_in_vectors():
    report = Report(name="Charts", elements=[chart(), chart(HEAT, caption=None, alt="Most is minor")])
    data = icreport.render(report, "pdf")
    assert problems(data) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        figures = [one for one in walk(pdf.Root.StructTreeRoot) if one.get("/S") == "/Figure"]
        assert [str(one.Alt) for one in figures] == [
            "Open anomalies. Bar chart. Component, Count, Criticality. 4 rows of data",
            "Chart. Most is minor",
        ]
        assert not any(isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image" for one in pdf.objects)


@pytest.mark.parametrize("name", ["العدد الكلي", "ארובה צפון", "पाइपक्ष"])
def test_texts_of_charts_in_a_pdf_are_shaped_and_run_as_those_around_them(name):
    report = Report(elements=[icreport.Paragraph(text=name), chart(BARS, [(name, "x", 1)], caption="C")])
    data = icreport.render(report, "pdf")
    assert subprocess.check_output(["pdftotext", "-", "-"], input=data).decode().count(name) == 2
    glyphs = [
        one.get_text()
        for one in glyphs_of(extract_pages(io.BytesIO(data)))
        if (set(name) - {" "}) & set(one.get_text())
    ]
    # As many in the chart as in the text before it.
    assert len(glyphs) % 2 == 0
    assert sorted(glyphs[: len(glyphs) // 2]) == sorted(glyphs[len(glyphs) // 2 :])


def glyphs_of(item):
    if isinstance(item, LTChar):
        yield item
    elif hasattr(item, "__iter__"):
        for part in item:
            yield from glyphs_of(part)


def test_texts_of_a_drawing_stay_in_place_in_a_page_from_right_to_left():
    rows = [("ساق A1", "Critical", 3), ("J1", "Critical", 3)]
    drawn = ET.fromstring(draw(chart(LYING, rows), look()).inline("c"))
    texts = {"".join(one.itertext()): one for one in drawn.iter(f"{SVG}text")}
    assert drawn.get("direction") == "ltr"
    assert [texts[name].get("text-anchor") for name in ("J1", "ساق A1")] == ["end", "start"]
    assert [texts[name].get("direction") for name in ("J1", "ساق A1")] == [None, "rtl"]


def test_the_checker_finds_nothing_in_a_report_that_is_handed_over(handover):
    assert problems(icreport.render(handover, "pdf")) == []


def walk(element):
    kids = element.get("/K")
    for kid in [] if kids is None else kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from walk(kid)


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_a_pdf_for_archives_may_have_charts():
    data = icreport.render(Report(name="R", elements=[chart()]), "pdf", pdf_variant="pdf/a-3u")
    assert problems(data, "pdf/a-3u") == []


def test_a_workbook_has_charts_of_its_own_on_the_sheets_of_their_data(book):
    read = openpyxl.load_workbook(io.BytesIO(book))
    kinds = {sheet.title: [type(one).__name__ for one in sheet._charts] for sheet in read if sheet._charts}
    assert kinds == {
        "C bar": ["BarChart"],
        "C line": ["LineChart"],
        "C area": ["AreaChart"],
        "C point": ["ScatterChart"],
        "C arc": ["PieChart"],
        "C lying": ["BarChart"],
    }
    bars = read["C bar"]._charts[0]
    assert (bars.type, bars.grouping, bars.overlap) == ("col", "stacked", 100)
    assert read["C lying"]._charts[0].type == "bar"
    colours = [one.graphicalProperties.solidFill.srgbClr for one in bars.series]
    assert "#" + colours[0].lower() == look().colours["bad-1"]
    assert bars.series[0].val.numRef.f == "'C bar'!$B$3:$B$4"
    assert bars.series[0].tx.strRef.f == "'C bar'!$B$2"
    values = [[cell.value for cell in row] for row in read["C bar"].iter_rows(max_col=3)]
    assert values == [
        ["C bar", None, None],
        ["Component", "Critical", "Minor"],
        ["J1", 3, 4],
        ["J2", 1, 12000],
    ]


def test_the_data_of_a_chart_are_where_it_looks_for_them_whatever_is_asked_of_tables():
    report = Report(elements=[chart(caption="C"), Table.of([{"a": 1}], source_business_object="A")])
    for options in (
        {"source_keys": True, "link": "https://ic.invalid/{sourceKey}"},
        {"title": "false"},
        {"theme": "formal"},
    ):
        read = openpyxl.load_workbook(io.BytesIO(icreport.render(report, "xlsx", **options)))
        series = read["C"]._charts[0].series[0]
        area = series.val.numRef.f.split("!")[1].replace("$", "")
        assert [row[0].value for row in read["C"][area]] == [3, 1]
        assert read["C"][series.tx.strRef.f.split("!")[1].replace("$", "")].value == "Critical"


def test_titles_of_charts_and_axes_and_their_texts_are_in_the_workbook(book):
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        root = ET.fromstring(package.read("xl/charts/chart1.xml"))
        drawing = ET.fromstring(package.read("xl/drawings/drawing1.xml"))
    texts = ["".join(each.itertext()) for each in root.iter(f"{C}title")]
    assert texts == ["C bar", "Component", "Count"]
    beside = [one.find(f"{C}overlay").get("val") for name in ("title", "legend") for one in root.iter(f"{C}{name}")]
    assert beside == ["0"] * 4
    (frame,) = drawing.iterfind(".//xdr:graphicFrame//xdr:cNvPr", DRAWING)
    assert frame.get("descr") == "Bar chart. Component, Count, Criticality. 4 rows of data"


def test_what_calculates_nothing_finds_the_values_of_a_chart_in_it(book):
    read = openpyxl.load_workbook(io.BytesIO(book))
    for sheet in read:
        for made in sheet._charts:
            for series in made.series:
                along, heights = (series.xVal, series.yVal) if series.xVal else (series.cat, series.val)
                places = along.strRef or along.numRef
                for said in (places, heights.numRef):
                    cache = said.strCache if said is along.strRef else said.numCache
                    held = [row[0].value for row in sheet[said.f.rpartition("!")[2].replace("$", "")]]
                    assert {one.idx: one.v for one in cache.pt} == {at: v for at, v in enumerate(held) if v is not None}
                    assert cache.ptCount == len(held)
                head = series.tx.strRef
                assert [one.v for one in head.strCache.pt] == [sheet[head.f.rpartition("!")[2].replace("$", "")].value]


def test_days_have_their_place_on_an_axis_of_excel_and_moments_stand_side_by_side():
    spec = BARS | {
        "mark": "line",
        "encoding": {"x": {"field": "Found", "type": "temporal"}, "y": BARS["encoding"]["y"]},
    }
    for hour, expected in {"": "numRef", "T10:00:00": "strRef"}.items():
        rows = [(f"2026-08-{day}{hour}", day) for day in (14, 15)]
        data = icreport.render(Report(elements=[chart(spec, rows, ["Found", "Count"])]), "xlsx")
        (made,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]._charts
        assert getattr(made.series[0].cat, expected) is not None
        assert (made.x_axis.tagname == "dateAx") == (expected == "numRef")


COLOUR = COLOURED["encoding"]["color"]
OWN = {"scale": {"domain": ["Minor", "Critical"], "range": ["#112233", "#445566"]}}


LONE = {"color": None}


def encoded(changes):
    encoding = {name: part for name, part in (COLOURED["encoding"] | changes).items() if part is not None}
    return COLOURED | {"encoding": encoding}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"color": COLOUR | OWN},
        {"color": COLOUR | {"legend": None}},
        LONE | {"x": {"field": "Criticality"}},
        LONE | {"y": {"field": "Count", "aggregate": "mean"}},
        LONE | {"y": {"aggregate": "count"}},
        LONE | {"x": {"field": "Component", "axis": {"title": "Where"}}},
        LONE | {"y": {"field": "Count", "type": "quantitative", "title": ["High"]}},
    ],
    ids=str,
)
def test_excels_own_chart_has_the_colours_and_titles_of_the_drawing(changes):
    made, seen = chart(encoded(changes)), look("house", "nb")
    plain, drawn = plain_of(made, seen), ET.fromstring(draw(made, seen).svg)
    told = {"".join(one.itertext()) for one in drawn.iter(f"{SVG}text")}
    fills = {one.get("fill") for one in drawn.iter(f"{SVG}path")}
    assert {f"#{colour.lower()}" for colour in plain.row_colours or plain.colours} <= fills
    assert {plain.x_title, plain.y_title} <= told
    assert plain.has_legend == ("Critical" in told and plain.x_title != "Criticality")
    assert not any("of Count" in text or "Records" in text for text in told)


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({"color": COLOUR | {"scale": {"scheme": "tableau10"}}}, {}),
        (LONE, {"config": {"bar": {"color": "#abcdef"}}}),
        (LONE, {"config": {"range": {"category": ["#111111"]}}}),
        (LONE | {"y": {"field": "Count", "type": "quantitative", "axis": None}}, {}),
        (LONE | {"y": {"field": "Count", "type": "quantitative", "scale": {"reverse": True}}}, {}),
        ({"fill": {"field": "Component"}}, {}),
    ],
    ids=str,
)
def test_a_chart_that_looks_as_excels_own_would_not_is_a_picture(changes, more):
    assert plain_of(chart(encoded(changes) | more), look()) is None


def test_bars_of_a_status_have_its_colours_in_a_workbook():
    spec = encoded(LONE | {"x": {"field": "Criticality"}})
    data = icreport.render(Report(elements=[chart(spec)]), "xlsx")
    (made,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]._charts
    colours = [one.graphicalProperties.solidFill.srgbClr.lower() for one in made.series[0].dPt]
    assert [f"#{colour}" for colour in colours] == [look().colours[name] for name in ("bad-1", "fair-1")]


def test_a_chart_that_excel_has_not_is_a_picture_with_its_text(book):
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        (name,) = [name for name in package.namelist() if name.startswith("xl/media/")]
        with Image.open(io.BytesIO(package.read(name))) as image:
            assert image.format == "PNG"
            assert image.width >= 600
        drawing = ET.fromstring(package.read("xl/drawings/drawing7.xml"))
    (frame,) = drawing.iterfind(".//xdr:pic//xdr:cNvPr", DRAWING)
    assert frame.get("descr").startswith("Chart. Component, Count")


def test_the_open_xml_sdk_finds_no_error_in_a_workbook_with_charts(book, tmp_path, handover):
    if not VALIDATOR.exists():
        pytest.skip("the validator is not installed")
    for name, data in {"book": book, "handover": icreport.render(handover, "xlsx")}.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(data)
        done = subprocess.run([VALIDATOR, path], capture_output=True, encoding="utf-8", check=False)
        assert json.loads(done.stdout)["errors"] == [], name


def test_libreoffice_draws_the_charts_of_a_workbook(book, tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "book.xlsx").write_bytes(book)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, "--headless", profile, "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "book.xlsx"]
    subprocess.run(command, check=True, capture_output=True)
    text = subprocess.check_output(["pdftotext", "-layout", tmp_path / "book.pdf", "-"], text=True)
    # What only a chart writes: the numbers of its axis.
    assert "14000" in text.replace(",", "")
    # A page of each sheet, and two of none: charts are beside their data.
    assert text.count("\f") <= 10


def test_data_formats_write_the_data_of_a_chart_that_is_asked_for_and_tell_of_others(tmp_path):
    report = Report(elements=[chart(), Table.of([{"a": 1}])])
    assert icreport.render(report, "csv", table="Open anomalies").splitlines()[1] == b"J1,Critical,3"
    result = icreport.convert(json.loads(report.to_json()), tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_bytes().splitlines() == [b"a", b"1"]
    assert [(one.code, one.loss) for one in result.warnings] == []
    with pytest.raises(icreport.OptionError, match="Open anomalies"):
        icreport.render(report, "csv", table="Open anomaly")
    with pytest.raises(icreport.LossError, match="holds only tables"):
        icreport.convert(json.loads(report.to_json()), tmp_path / "r.csv", strict="all")


def test_a_template_of_a_theme_may_show_charts_in_its_own_way(tmp_path):
    (tmp_path / "theme.toml").write_text("")
    (tmp_path / "elements").mkdir()
    template = tmp_path / "elements/chart.html.j2"
    template.write_text('<figure id="{{ id }}" class="chart own">{{ picture }}</figure>')
    assert b'class="chart own"><svg' in icreport.render(Report(elements=[chart()]), "html", theme=str(tmp_path))
    template.write_text("<p>nothing</p>")
    with pytest.raises(icreport.ThemeError, match="picture"):
        icreport.render(Report(elements=[chart()]), "html", theme=str(tmp_path))


def test_charts_are_drawn_in_the_workers_of_a_batch(tmp_path):
    sources = [tmp_path / "a.json", tmp_path / "b.json"]
    for source in sources:
        source.write_text(Report(elements=[chart()]).to_json())
    result = icreport.convert_many(sources, tmp_path / "out", formats=["html"], workers=2)
    assert result.ok
    pages = [path.read_bytes() for path in sorted((tmp_path / "out").glob("*.html"))]
    assert [page.count(b"<svg") for page in pages] == [1, 1]
