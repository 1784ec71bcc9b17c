"""How charts look in a document: the theme's colours and font, the words of statuses, the language of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from icreport.rendering.charts.palette import chart_palettes
from icreport.rendering.locales import LocalText
from icreport.rendering.themes.contrast import palettes
from icreport.rendering.themes.statuses import Statuses
from icreport.words import locale_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icreport.limits import Limits
    from icreport.rendering.themes.language import Language
    from icreport.rendering.themes.theme import Theme
    from icreport.words import Words

_FONT = 'system-ui, "Noto Sans", "DejaVu Sans", sans-serif'
_DAYS, _MONTHS = range(7), range(1, 13)


@dataclass(frozen=True)
class Look:
    """How charts look: `colours` by name for light screens and paper, `dark` those of dark screens if there are any.

    `words` are those of its language, `numbers` and `dates` are locales as d3 has them. `most_rows` and `seconds` are
    limits of one chart.
    """

    colours: Mapping[str, str]
    dark: Mapping[str, str]
    font: str
    words: Words
    statuses: Statuses
    numbers: Mapping[str, object]
    dates: Mapping[str, object]
    most_rows: int
    seconds: int


def look_of(theme: Theme, language: Language, limits: Limits, *, paper: bool = False) -> Look:
    """Return how charts look with a theme, in the language of a document."""
    made = chart_palettes(theme)
    local = language.local or LocalText(str(locale_of(language.lang)))
    font = palettes(theme, paper=paper)["light"].get("font", _FONT)
    return Look(
        colours=made["light"],
        dark=made.get("dark", {}),
        font=_FONT if "var(" in font else font,
        words=language.words,
        statuses=Statuses(theme.config, language.lang),
        numbers=_numbers(local),
        dates=_dates(local),
        most_rows=limits.chart_rows,
        seconds=limits.chart_seconds,
    )


def _numbers(local: LocalText) -> dict[str, object]:
    """Return how numbers are written, as d3-format has it."""
    from babel.numbers import get_group_symbol

    return {
        "decimal": local.decimal_mark,
        "thousands": str(get_group_symbol(local.locale)),
        "grouping": [3],
        "currency": ["", ""],
        "minus": "\u2212",
    }


def _dates(local: LocalText) -> dict[str, object]:
    """Return the names of days and months, and in which order they are written, as d3-time-format has them."""
    from babel.dates import get_day_names, get_month_names, get_period_names

    locale = local.locale
    day = {"dmy": "%d.%m.%Y", "mdy": "%m/%d/%Y", "ymd": "%Y-%m-%d"}[local.date_order]
    periods = get_period_names("abbreviated", context="format", locale=locale)

    def days(width: Literal["wide", "abbreviated"]) -> list[str]:
        names = get_day_names(width, context="format", locale=locale)
        return [str(names[(at + 6) % 7]) for at in _DAYS]

    def months(width: Literal["wide", "abbreviated"]) -> list[str]:
        names = get_month_names(width, context="format", locale=locale)
        return [str(names[at]) for at in _MONTHS]

    return {
        "dateTime": f"{day} %H:%M:%S",
        "date": day,
        "time": "%H:%M:%S",
        "periods": [str(periods.get("am", "AM")), str(periods.get("pm", "PM"))],
        "days": days("wide"),
        "shortDays": days("abbreviated"),
        "months": months("wide"),
        "shortMonths": months("abbreviated"),
    }
