"""What `theme.toml` may say."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from icreport.errors import OptionError
from icreport.rendering.locales import LocalText

_TOKEN = re.compile(r"[^;{}<>\\]*")
_LENGTH = r"\d+(\.\d+)?(mm|cm|in|pt|px)"
_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96}
_NARROWER_SIDES = {"A3": 297, "A4": 210, "A5": 148, "letter": 216, "legal": 216, "ledger": 279}
"""Of the sizes of paper, in mm (ISO 216, ANSI Y14.1)."""
_LEAST_ROOM = 50
"""Millimetres that margins have to leave across a page."""


def _check_token(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        raise ValueError("not a value of CSS")
    if re.search(r"url\s*\(|expression|import", value, re.IGNORECASE):
        raise ValueError("may not refer to a file or address")
    return value


def _check_locale(value: str) -> str:
    try:
        LocalText(value)
    except OptionError as error:
        raise ValueError(str(error)) from None
    return value


_TokenName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
_TokenValue = Annotated[str, AfterValidator(_check_token)]


class PageSetup(BaseModel):
    """The paper that a theme is printed on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: Literal["A3", "A4", "A5", "letter", "legal", "ledger"] = "A4"
    orientation: Literal["portrait", "landscape"] = "portrait"
    margin: str = Field(default="15mm", pattern=rf"^{_LENGTH}$")
    largest: Literal["A3", "ledger"] | None = None
    """Paper for tables that are too wide for `size`; without it their columns are carried over to further pages."""

    @field_validator("margin")
    @classmethod
    def _check_room(cls, margin: str, info: ValidationInfo) -> str:
        side = _NARROWER_SIDES[info.data.get("size", "A4")]
        number, unit = margin[:-2], margin[-2:]
        if side - 2 * float(number) * _MILLIMETRES[unit] < _LEAST_ROOM:
            raise ValueError(f"leaves less than {_LEAST_ROOM} mm of {side} mm for the text: make it smaller")
        return margin


class ThemeConfig(BaseModel):
    """What `theme.toml` may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = ""
    tokens: dict[_TokenName, _TokenValue] = {}
    page: PageSetup = PageSetup()
    logo: str | None = None
    organisation: str = ""
    header: str = ""
    footer: str = ""
    locale: Annotated[str, AfterValidator(_check_locale)] | None = None
    lang: str = Field(default="en", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    dir: Literal["ltr", "rtl"] = "ltr"
