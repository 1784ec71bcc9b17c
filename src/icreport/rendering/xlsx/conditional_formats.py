"""Marks, data bars and colour scales as Excel's conditional formats (ECMA-376 part 1, 18.3.1.18): they follow edits.

The formula of a mark is made of its condition: numbers and quoted texts of the view, never of a value of the report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from openpyxl.formatting.rule import ColorScaleRule, DataBarRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from icreport.model.conditions import date_of, day_before, number_of
from icreport.rendering.xlsx.serial_dates import serial
from icreport.rendering.xlsx.xml_text import units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from icreport.model.formats import Condition, Mark

_LONGEST_TEXT = 255
"""UTF-16 units of a text in a formula."""
_LONGEST_FORMULA = 4_000
"""Characters; Excel takes 8,192."""
_MOST_MARKS = 64
"""Marks of a column that are conditional formats; more are looks of cells."""
_MOST_ARGUMENTS = 200
_LARGEST = Decimal("1e300")


class _NoFormulaError(Exception):
    """Excel cannot ask this of a cell."""


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """The conditional formats of a column: those of marks, in their order, and of what its numbers show."""

    formulas: Sequence[tuple[str, str]] = ()
    """Formulas with `{}` for the cell, each with its look."""
    bar: str = ""
    """The colour of data bars."""
    scale: str = ""
    """The deepest colour of a colour scale."""


def formulas_of(marks: Iterable[Mark] | None) -> list[tuple[str, str]] | None:
    """Return the formula and the look of each mark, the cell as `{}`; None where Excel cannot ask all of it."""
    marks = list(marks or ())
    if len(marks) > _MOST_MARKS:
        return None
    try:
        found: list[tuple[str, str]] = [(_formula(mark), mark.look) for mark in marks]
    except _NoFormulaError:
        return None
    return found if all(len(formula) <= _LONGEST_FORMULA for formula, _ in found) else None


def rules_of(
    rule: ColumnRule, cell: str, looks: Mapping[str, tuple[str | None, str]], formats: Mapping[str, str]
) -> list[Rule]:
    """Return the rules for a column, of which `cell` is the first one; `formats` show the signs of looks."""
    made = []
    for formula, look in rule.formulas:
        ink, ground = looks[look]
        style = DifferentialStyle(
            font=Font(bold=True if look != "plain" else None, color=ink),
            numFmt=NumberFormat(numFmtId=_FORMAT_IDS[look], formatCode=formats[look]) if look in formats else None,
            fill=PatternFill(bgColor=ground),
        )
        made.append(Rule(type="expression", dxf=style, stopIfTrue=None, formula=[formula.replace("{}", cell)]))
    if rule.bar:
        made.append(DataBarRule(start_type="min", end_type="max", color=rule.bar))
    if rule.scale:
        made.append(ColorScaleRule(start_type="min", start_color="FFFFFF", end_type="max", end_color=rule.scale))
    return made


_FORMATS = re.compile(r'<conditionalFormatting sqref="([^"]*)">(.*?)</conditionalFormatting>', re.DOTALL)
_BAR = re.compile(r'(<dataBar>.*?<color rgb="..(\w{6})"/></dataBar>)(</cfRule>)', re.DOTALL)
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"


def with_bars_from_zero(after_rows: str) -> str:
    """Let the data bars of a sheet start at zero, negative ones to the other side; what stands after its rows is given.

    ECMA-376 knows none: its bars are longest for the largest number, and each reader has a colour of its own for
    negative ones. This is Microsoft's extension of it ([MS-XLSX] 2.6.18, 2.4.13).
    """
    bars: list[str] = []

    def extended(formats: re.Match[str]) -> str:
        def named(bar: re.Match[str]) -> str:
            name = f"{{00000000-0000-4000-8000-{len(bars) + 1:012X}}}"
            colour = f'rgb="FF{bar[2]}"'
            bars.append(
                f'<x14:conditionalFormatting xmlns:xm="{_XM}"><x14:cfRule type="dataBar" id="{name}"><x14:dataBar'
                ' minLength="0" maxLength="100" gradient="0"><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/>'
                f"<x14:negativeFillColor {colour}/><x14:axisColor {colour}/></x14:dataBar></x14:cfRule>"
                f"<xm:sqref>{formats[1]}</xm:sqref></x14:conditionalFormatting>"
            )
            identity = f'<ext xmlns:x14="{_X14}" uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}"><x14:id>{name}</x14:id>'
            return f"{bar[1]}<extLst>{identity}</ext></extLst>{bar[3]}"

        return f'<conditionalFormatting sqref="{formats[1]}">{_BAR.sub(named, formats[2])}</conditionalFormatting>'

    after_rows = _FORMATS.sub(extended, after_rows)
    if not bars:
        return after_rows
    start = f'<extLst><ext xmlns:x14="{_X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
    all_bars = f"<x14:conditionalFormattings>{''.join(bars)}</x14:conditionalFormattings></ext></extLst>"
    return after_rows.replace("</worksheet>", f"{start}{all_bars}</worksheet>")


_FORMAT_IDS = {"good": 190, "fair": 191, "bad": 192, "plain": 193}


def _formula(condition: Condition) -> str:
    """Return what is asked of the cell `{}`; all of several things have to hold."""
    parts = []
    for name in sorted(condition.model_fields_set - {"look"}):
        wanted = getattr(condition, name)
        if wanted is not None:
            parts.append(_asked(name, wanted))
    if not parts:
        raise _NoFormulaError
    return parts[0] if len(parts) == 1 else f"AND({','.join(parts)})"


def _asked(name: str, wanted: object) -> str:
    made = _ASKED.get(name)
    if made is None:
        raise _NoFormulaError
    return made(wanted)


def _any_of(wanted: Sequence[object]) -> str:
    if not 0 < len(wanted) <= _MOST_ARGUMENTS:
        raise _NoFormulaError
    return f"OR({','.join(map(_equal, wanted))})"


def _equal(wanted: object) -> str:
    if isinstance(wanted, bool):
        return f"AND(ISLOGICAL({{}}),{{}}={'TRUE' if wanted else 'FALSE'})"
    if isinstance(wanted, str):
        # Dates are numbers in a workbook.
        return _compared("=", wanted) if date_of(wanted) else f"EXACT({{}},{_quoted(wanted)})"
    return f"AND(ISNUMBER({{}}),{{}}={_number(number_of(wanted))})"


def _in_text(text: str, formula: str) -> str:
    """Return the formula of what is asked of texts, which blanks do not meet."""
    return formula if text.strip() else f"AND({formula},LEN(TRIM({{}}))>0)"


def _compared(sign: str, bound: object) -> str:
    number = number_of(bound)
    if number is not None:
        return f"AND(ISNUMBER({{}}),{{}}{sign}{_number(number)})"
    said, found = date_of(bound), serial(bound.strip()) if isinstance(bound, str) else None
    if said is None or found is None or said.zone:
        raise _NoFormulaError
    cell = "{}" if said.separator else "INT({})"
    # The whole part of a text is an error, which is neither true nor false.
    return f"IF(ISNUMBER({{}}),{cell}{sign}{found.number!r},FALSE)"


def _number(number: Decimal | None) -> str:
    if number is None or abs(number) > _LARGEST or Decimal(repr(float(number))) != number:
        raise _NoFormulaError
    return repr(float(number)).removesuffix(".0").upper()


def _quoted(text: str) -> str:
    """Return a text as a formula has it: quotes doubled, so that it ends where it shall."""
    if not text.isprintable() or "{}" in text or units(text) > _LONGEST_TEXT:
        raise _NoFormulaError
    return '"' + text.replace('"', '""') + '"'


_ASKED: Mapping[str, Callable[[Any], str]] = {
    "equals": _equal,
    "one_of": _any_of,
    "not_equals": lambda wanted: f"NOT({_equal(wanted)})",
    "none_of": lambda wanted: f"NOT({_any_of(wanted)})",
    "at_least": lambda bound: _compared(">=", bound),
    "above": lambda bound: _compared(">", bound),
    "at_most": lambda bound: _compared("<=", bound),
    "below": lambda bound: _compared("<", bound),
    "between": lambda bounds: f"AND({_compared('>=', bounds[0])},{_compared('<=', bounds[1])})",
    "contains": lambda text: _in_text(text, f"ISNUMBER(FIND({_quoted(text)},{{}}))"),
    "starts_with": lambda text: _in_text(text, f"EXACT(LEFT({{}},{units(text)}),{_quoted(text)})"),
    "blank": lambda wanted: f"LEN(TRIM({{}})){'=' if wanted else '>'}0",
    "older_than": lambda ago: _compared("<", day_before(ago)),
    "newer_than": lambda ago: _compared(">=", day_before(ago)),
    "opposite_of": lambda condition: f"NOT({_formula(condition)})",
}
"""What makes the formula of what a condition asks, by its field; `matches` has none."""
