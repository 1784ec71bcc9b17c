"""Options that several commands share."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from icreport.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from icreport.warnings import Strictness


def complete_format(start: str) -> list[str]:
    """Return the formats whose names start so, for the shell."""
    from icreport.plugins import RENDERERS, names

    return [name for name in names(RENDERERS) if name.startswith(start)]


def complete_theme(start: str) -> list[str]:
    """Return the built-in themes whose names start so, for the shell."""
    from icreport.rendering.themes.files import built_in_themes

    return [name for name in built_in_themes() if name.startswith(start)]


TargetOption = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="TARGET", help="Where to write: a path, a URL, or - for standard output."),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "-t",
        "--to",
        metavar="FORMAT",
        help="The format, where the target's suffix does not say.",
        autocompletion=complete_format,
    ),
]
ThemeOption = Annotated[
    str | None,
    typer.Option("--theme", metavar="NAME|DIR", help="A built-in theme or a folder.", autocompletion=complete_theme),
]
ViewOption = Annotated[
    str | None, typer.Option("--view", metavar="FILE", help="A view (TOML): what of the report is shown, and how.")
]
MetaOption = Annotated[
    list[str] | None,
    typer.Option(
        "--meta",
        metavar="NAME=VALUE",
        help="What the document says of itself: client, project, number, revision, status, classification, others.",
    ),
]
SchemaOption = Annotated[
    str | None,
    typer.Option(
        "--schema", metavar="FILE", help="Hold tables to these names, order and types of columns; see schema infer."
    ),
]
TitleOption = Annotated[str | None, typer.Option("--title", metavar="T", help="Title instead of the report's name.")]
RendererOption = Annotated[
    list[str] | None,
    typer.Option("--option", metavar="NAME=VALUE", help="An option of the format; see `icreport formats`."),
]


def strictness(said: str | bool) -> Strictness:
    """Return how strict to be; a `--strict` without a value is given one before options are parsed."""
    known: dict[str | bool, Strictness] = {False: False, "losses": True, "all": "all"}
    if said not in known:
        raise typer.BadParameter(f"{said!r} is not all")
    return known[said]


StrictOption = Annotated[
    Any,  # a Strictness: typer knows no unions
    typer.Option(
        "--strict",
        parser=strictness,
        metavar="[=all]",
        show_default=False,
        help="Fail where anything would be lost; with =all also where a format leaves out or changes by design.",
    ),
]
NoClobberOption = Annotated[bool, typer.Option("--no-clobber", help="Do not replace an existing target.")]
RecordOption = Annotated[
    str | None,
    typer.Option("--report", metavar="FILE.json", help="Write what became of each element, and hashes, as JSON."),
]
QuietOption = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")]
VerboseOption = Annotated[bool, typer.Option("-v", "--verbose", help="Say what was done.")]
ServerOption = Annotated[
    str | None,
    typer.Option("--server", metavar="URL", help="The server (ICREPORT_SERVER): a host, host/mount, or …/icweb.dll."),
]
CaBundleOption = Annotated[
    str | None, typer.Option("--ca-bundle", metavar="FILE", help="Certificates to trust (PEM or DER), a company's own.")
]
ProxyOption = Annotated[
    str | None,
    typer.Option("--proxy", metavar="URL", help="The proxy, in place of that of the environment or the system."),
]
ClientCertOption = Annotated[
    str | None, typer.Option("--client-cert", metavar="FILE", help="The certificate (PEM) to show to the server.")
]
ClientKeyOption = Annotated[
    str | None, typer.Option("--client-key", metavar="FILE", help="Its key, where that is in a file of its own.")
]
InsecureOption = Annotated[
    bool, typer.Option("--insecure", help="Trust whoever answers: check no certificate. Warns each time.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """How to convert: the options of every command that does."""

    to: FormatOption = None
    theme: ThemeOption = None
    view: ViewOption = None
    meta: MetaOption = None
    schema: SchemaOption = None
    title: TitleOption = None
    option: RendererOption = None
    strict: StrictOption = False
    no_clobber: NoClobberOption = False
    quiet: QuietOption = False
    verbose: VerboseOption = False

    def options(self, verb: Callable[..., object]) -> dict[str, Any]:
        """Return the options of the renderer, and the view; raises `UsageError`."""
        return parse_options(self.option or [], verb, theme=self.theme, title=self.title, schema=self.schema) | {
            "view": self.view,
            "meta": parse_meta(self.meta or []),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How to reach the service: the options of every command that does."""

    server: ServerOption = None
    proxy: ProxyOption = None
    ca_bundle: CaBundleOption = None
    client_cert: ClientCertOption = None
    client_key: ClientKeyOption = None
    insecure: InsecureOption = False

    def given(self) -> dict[str, object]:
        """Return the options that were given, by their names in the configuration."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}


def with_options(command: Callable[..., object]) -> Callable[..., object]:
    """Let a command take options in groups: a parameter of a dataclass stands for its fields."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: kind for name, kind in hints.items() if is_dataclass(kind)}

    def parameters() -> Iterator[Parameter]:
        for name, parameter in signature(command).parameters.items():
            if (group := groups.get(name)) is None:
                yield parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=hints[name])
                continue
            kinds = get_type_hints(group, include_extras=True)
            for field in fields(group):
                yield Parameter(field.name, Parameter.KEYWORD_ONLY, default=field.default, annotation=kinds[field.name])

    @wraps(command)
    def grouped(**given: Any) -> object:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        return command(**given)

    expanded = list(parameters())
    grouped.__signature__ = signature(command).replace(parameters=expanded)  # type: ignore[attr-defined]
    grouped.__annotations__ = {parameter.name: parameter.annotation for parameter in expanded}
    return grouped


def parse_meta(given: Iterable[str]) -> dict[str, str]:
    """Split NAME=VALUE pairs of what a document says of itself; raises `UsageError` for names that are misspelt."""
    from icreport.model.front_matter import FrontMatter

    meta: dict[str, str] = {}
    for pair in given:
        name, separator, value = pair.partition("=")
        if not separator or not name.strip():
            raise typer.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--meta")
        meta[name.strip()] = value
    FrontMatter.of(meta)
    return meta


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
