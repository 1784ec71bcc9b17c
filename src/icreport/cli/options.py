"""Options that several commands share."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from icreport.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TargetOption = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="TARGET", help="Where to write: a path, a URL, or - for standard output."),
]
FormatOption = Annotated[
    str | None, typer.Option("-t", "--to", metavar="FORMAT", help="The format, where the target's suffix does not say.")
]
ThemeOption = Annotated[str | None, typer.Option("--theme", metavar="NAME|DIR", help="A built-in theme or a folder.")]
TitleOption = Annotated[str | None, typer.Option("--title", metavar="T", help="Title instead of the report's name.")]
RendererOption = Annotated[
    list[str] | None,
    typer.Option("--option", metavar="NAME=VALUE", help="An option of the format; see `icreport formats`."),
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Fail where anything would be lost or changed.")]
NoClobberOption = Annotated[bool, typer.Option("--no-clobber", help="Do not replace an existing target.")]
RecordOption = Annotated[
    str | None,
    typer.Option("--report", metavar="FILE.json", help="Write what became of each element, and hashes, as JSON."),
]
QuietOption = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")]
VerboseOption = Annotated[bool, typer.Option("-v", "--verbose", help="Say what was done.")]


def parse_options(given: Iterable[str], verb: Callable[..., object], **flags: str | None) -> dict[str, Any]:
    """Split NAME=VALUE pairs; what has a flag, as the theme, may also be said as the option that it is."""
    options: dict[str, Any] = dict(flags)
    taken = signature(verb).parameters.keys() - flags.keys()
    for pair in given:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise typer.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--option")
        name = name.strip().replace("-", "_")
        if name in taken:
            raise OptionError(f"no format has an option {name!r}", remedy="see icreport formats")
        options[name] = value
    return options
