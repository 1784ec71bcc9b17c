"""What `theme.toml` may say."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from icreport.errors import OptionError
from icreport.rendering.locales import LocalText

_TOKEN = re.compile(r"[^;{}<>\\]*")
_LENGTH = r"\d+(\.\d+)?(mm|cm|in|pt|px)"


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
