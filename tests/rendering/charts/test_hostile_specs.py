"""Specifications of anybody: nothing is asked of anybody, and each ends in time, with a line that names the element."""

import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import icreport
from icreport import Chart, Place, RenderError, Report
from icreport.rendering.charts.describing import description_of
from icreport.rendering.charts.drawing import draw
from icreport.rendering.charts.plain import plain_of
from icreport.rendering.charts.process import ask
from icreport.rendering.charts.specs import check_chart
from icreport.rendering.charts.styling import styled
from rendering.drawing import BARS, COLOURED, HEAT, ROWS, chart, look

URL = "http://example.com/x"
PIE = {"mark": "arc", "encoding": {"theta": {"field": "Count", "aggregate": "sum"}, "color": {"field": "Component"}}}
CALCULATED = [("calculate", "sequence(0, 1e9)"), ("calculate", f"test(/(a+)+$/, '{'a' * 60}b')")]


@pytest.fixture
def asked():
    """The paths that a server on this machine was asked for, and its address."""
    paths = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'[{"Component": "J1", "Count": 3}]')

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield paths, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "more",
    [
        {"data": {"url": URL}},
        {"data": {"url": "file:///etc/passwd"}},
        {"data": {"sequence": {"start": 0, "stop": 1e9}}},
        {"layer": [BARS | {"data": {"url": "x.csv"}}]},
        {"transform": [{"lookup": "Component", "from": {"data": {"url": "x.json"}, "key": "k", "fields": ["f"]}}]},
        {"mark": "image"},
        {"mark": {"type": "image", "width": 9}},
        {"mark": "geoshape"},
        {"mark": {"type": "bar", "href": URL}},
        {"encoding": BARS["encoding"] | {"url": {"field": "Component"}}},
        {"encoding": BARS["encoding"] | {"href": {"field": "Component"}}},
        {"usermeta": {"embedOptions": {"loader": {"baseURL": "x"}}}},
        {"title": f"see {URL}"},
        {"title": {"text": "T", "font": "url(x.woff)"}},
        {"config": {"font": "//example.com/f"}},
        {"params": [{"name": "p", "expr": "'data:text/html,x'", "value": "data:text/html,x"}]},
        {"$schema": "https://example.com/schema/vega-lite/v5.json"},
        {"$schema": "https://vega.github.io/schema/vega/v5.json"},
        {"marks": []},
        {"transform": [{"calculate": "random()", "as": "r"}]},
        {"transform": [{"calculate": "n\\u006fw()", "as": "r"}]},
        {"transform": [{"calculate": "time(datetime( ))", "as": "r"}]},
        {"transform": [{"calculate": "r\\u0061ndom ()", "as": "r"}]},
        {"transform": [{"sample": 3}]},
        {"width": 1e9},
        {"height": {"step": 1e6}},
    ],
    ids=lambda more: next(iter(more)),
)
def test_what_a_specification_must_not_say_is_one_line_that_names_the_element(more):
    report = icreport.read(Report(elements=[chart(BARS | {"params": []})]).to_json())
    element = report.elements[0].replace(data=report.elements[0].data.replace(spec=BARS | more))
    for format in ("html", "xlsx"):
        with pytest.raises(RenderError, match="the chart is not drawn") as found:
            icreport.render(Report(elements=[element]), format)
        assert str(found.value).startswith('elements[0] "Open anomalies": ')
        assert "\n" not in str(found.value)


def test_titles_and_rows_may_hold_what_looks_like_data():
    spec = BARS | {"title": "Data: wall loss; random (50 %) // now (mm)"[:22], "$schema": SCHEMA}
    assert draw(chart(spec, rows=[(URL, "Minor", 3)]), look()).width == 640


SCHEMA = "https://vega.github.io/schema/vega-lite/v5.20.1.json"


def test_nothing_is_asked_of_anybody(asked):
    paths, address = asked
    spec = BARS | {"data": {"url": f"{address}/data.json"}}
    with pytest.raises(RenderError, match="names a URL"):
        draw(Chart(spec), look())
    # What draws fetches nothing even if it is asked to.
    request = {"to": "svg", "spec": spec, "version": "6.4", "numbers": None, "dates": None}
    with pytest.raises(RenderError, match="cannot be drawn"):
        ask(request, 20)
    image = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{address}/i.png"/></svg>'
    with pytest.raises(RenderError, match="no images"):
        ask({"to": "png", "svg": image, "scale": 1}, 20)
    assert paths == []


@pytest.mark.parametrize("transform", [*CALCULATED, ("density", "Count")], ids=["sequence", "expression", "density"])
def test_what_does_not_end_is_ended_and_the_next_chart_is_drawn(transform):
    name, value = transform
    said = {name: value, "steps": 10**9} if name == "density" else {name: value, "as": "z"}
    with pytest.raises(RenderError, match="longer than 1 seconds") as found:
        draw(chart(BARS | {"transform": [said]}), look(seconds=1), Place(4, "Loss"))
    assert str(found.value).startswith('elements[4] "Loss": ')
    assert draw(chart(), look()).width == 640


def test_a_million_marks_are_refused():
    rows = [(f"J{number}", "Minor", number) for number in range(10_001)]
    with pytest.raises(RenderError, match="10,001 rows, and at most 10,000"):
        draw(chart(rows=rows), look())
    with pytest.raises(RenderError, match="5 rows, and at most 4"):
        draw(chart(rows=rows[:5]), look(most_rows=4))


def test_a_chart_that_grows_by_its_rows_is_refused():
    rows = [(f"J{number}", "Minor", number) for number in range(50)]
    with pytest.raises(RenderError, match="a width of"):
        draw(chart(BARS | {"width": {"step": 4000}}, rows=rows), look())


def test_a_specification_that_nests_too_deep_is_refused():
    spec = BARS
    for _ in range(100):
        spec = {"hconcat": [spec]}
    with pytest.raises(RenderError, match="deep"):
        draw(chart(spec), look())


def mutated(chance, part):
    """A specification, some part of which is any other JSON value."""
    if chance.random() < 0.12:
        return chance.choice([None, True, 3, -1.5, "x", "count", [], {}, [1, "y"], {"field": "Count"}, {"type": "bar"}])
    if isinstance(part, dict):
        return {name: mutated(chance, one) for name, one in part.items() if chance.random() > 0.05}
    return [mutated(chance, one) for one in part] if isinstance(part, list) else part


def test_any_specification_is_prepared_or_refused():
    chance = random.Random(5)
    how = look()
    specs = [COLOURED, HEAT, PIE, {"layer": [COLOURED, HEAT]}, {"facet": {"field": "Component"}, "spec": COLOURED}]
    prepared = 0
    for _ in range(500):
        spec = mutated(chance, chance.choice(specs))
        if not isinstance(spec, dict):
            continue
        made = chart(spec, rows=[*ROWS, ("J3",), ([1], {}, None), (True, 2.5, "x")])
        try:
            check_chart(made, 100, None)
        except RenderError:
            continue
        assert json.dumps(styled(made, how))
        plain_of(made, how)
        assert all(description_of(made, how))
        prepared += 1
    assert prepared > 300
