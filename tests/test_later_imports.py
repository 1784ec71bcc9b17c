"""Modules of fontTools are imported with the first font that needs them, and do then what they always do."""

import gc
import io
import json
import subprocess
import sys
import weakref

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation

from icreport.later_imports import imported_later, imported_to_stay

_LATER = {"fontTools.subset", "fontTools.varLib", "lxml", "uharfbuzz"}
_CODE = f"""
import io, sys
from fontTools.ttLib import TTFont
from icreport.rendering.pdf.libraries import require_libraries
require_libraries()
from weasyprint.pdf import fonts
assert not {_LATER!r} & set(sys.modules)
font = fonts.instantiateVariableFont(TTFont(io.BytesIO(sys.stdin.buffer.read())), {{"wght": 900}}, static=True)
assert "fvar" not in font
options = fonts.subset.Options(retain_gids=True)
subsetter = fonts.subset.Subsetter(options)
subsetter.populate(text="A")
subsetter.subset(font)
import fontTools.subset
assert type(options) is fontTools.subset.Options
font.save(sys.stdout.buffer)
"""


def variable_font():
    """A font of two letters, 500 wide in regular and 700 in black."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "A", "B"])
    builder.setupCharacterMap({ord("A"): "A", ord("B"): "B"})
    pen = TTGlyphPen(None)
    for point in ((0, 0), (500, 0), (500, 500)):
        (pen.lineTo if pen.points else pen.moveTo)(point)
    pen.closePath()
    builder.setupGlyf(dict.fromkeys([".notdef", "A", "B"], pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", "A", "B"], (500, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Two", "styleName": "Regular"})
    builder.setupFvar([("wght", 400, 400, 900, "Weight")], [])
    wider = [(0, 0), (200, 0), (200, 0), (0, 0), (200, 0), (0, 0), (0, 0)]
    builder.setupGvar({"A": [TupleVariation({"wght": (0, 1, 1)}, wider)]})
    builder.setupOS2()
    builder.setupPost()
    file = io.BytesIO()
    builder.save(file)
    return file.getvalue()


def test_variable_fonts_are_made_static_and_subset_by_what_is_imported_then():
    made = subprocess.run([sys.executable, "-c", _CODE], input=variable_font(), capture_output=True, check=True)
    font = TTFont(io.BytesIO(made.stdout))
    assert font["hmtx"]["A"] == (700, 0)
    assert "B" not in font.getGlyphOrder() or font["glyf"]["B"].numberOfContours == 0


def test_what_is_called_meanwhile_imports_its_module_too(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with imported_later("colorsys"):
        from colorsys import rgb_to_hsv

        assert not hasattr(sys.modules["colorsys"], "__file__")
        assert rgb_to_hsv(0.0, 0.0, 1.0) == (2 / 3, 1.0, 1.0)
        assert sys.modules["colorsys"].__file__
    assert rgb_to_hsv is not sys.modules["colorsys"].rgb_to_hsv


def test_a_module_that_is_there_stays():
    with imported_later("json"):
        assert sys.modules["json"] is json
    assert sys.modules["json"] is json


@pytest.mark.parametrize("is_collected", [True, False])
def test_what_is_imported_to_stay_is_not_looked_through_and_what_comes_later_is(is_collected, monkeypatch):
    class Cycle:
        def __init__(self):
            self.itself = self

    try:
        (gc.enable if is_collected else gc.disable)()
        with imported_to_stay():
            assert not gc.isenabled()
            monkeypatch.setitem(sys.modules, "imported_to_stay", sys)
            stays = weakref.ref(Cycle())
        assert gc.isenabled() == is_collected
        goes = weakref.ref(Cycle())
        gc.collect()
        assert stays() is not None
        assert goes() is None
        frozen = gc.get_freeze_count()
        with imported_to_stay():
            again = weakref.ref(Cycle())
        gc.collect()
        assert again() is None
        assert gc.get_freeze_count() <= frozen
    finally:
        gc.unfreeze()
        gc.enable()
