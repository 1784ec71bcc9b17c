"""The values of a chart's cells beside their names, for viewers that calculate nothing (ECMA-376-1, 21.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.chart.data_source import NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal

from icreport.model.conditions import number_of
from icreport.rendering.xlsx.serial_dates import serial
from icreport.rendering.xlsx.xml_text import cut, escape_escapes
from icreport.rendering.xml_text import without_forbidden
from icreport.values import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icreport.rendering.charts.plain import PlainChart

_MOST_TEXT = 255


def numbers_at(cells: str, values: Sequence[object], shape: str = "General") -> NumDataSource:
    """Return what refers to cells that hold numbers, with these; others are gaps."""
    points = [
        NumVal(idx=at, v=float(number)) for at, value in enumerate(values) if (number := number_of(value)) is not None
    ]
    return NumDataSource(numRef=NumRef(f=cells, numCache=NumData(formatCode=shape, ptCount=len(values), pt=points)))


def texts_at(cells: str, values: Sequence[object]) -> StrRef:
    """Return what refers to cells that hold texts, with these; nulls are gaps."""
    points = [StrVal(idx=at, v=_text(value)) for at, value in enumerate(values) if value is not None]
    return StrRef(f=cells, strCache=StrData(ptCount=len(values), pt=points))


def has_days(plain: PlainChart) -> bool:
    """Return whether all that is along a chart are days, whose cells have their serial numbers."""
    return plain.along == "temporal" and all(day_of(row[0]) is not None for row in plain.rows)


def day_of(value: object) -> float | None:
    """Return the serial number of a day; None for moments of one, which Excel's axis of dates does not tell apart."""
    found = serial(value) if isinstance(value, str) else None
    return found.number if found and found.number == int(found.number) else None


def _text(value: object) -> str:
    return escape_escapes(cut(without_forbidden(text_of(value))[0], _MOST_TEXT))
