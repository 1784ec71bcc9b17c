"""Fills in what the docs say of the code: options of the formats, commands, public names. `python docs/generate.py`.

A block stands between `<!-- generated: WHAT -->` and `<!-- end -->`; a test holds that it is up to date.
"""

import re
from pathlib import Path

import typer

import icreport
from icreport.cli import make_app
from icreport.views import settings as settings_of_views

HERE = Path(__file__).parent
_BLOCK = re.compile(r"(<!-- generated: (\w+) ?(\w*) -->\n).*?(<!-- end -->)", re.DOTALL)


def options(format):
    """A table of the options of a format."""
    yield "| option | default | what it does |\n| --- | --- | --- |\n"
    for name, field in icreport.formats()[format].options().items():
        default = "" if field.default in {None, ""} else f"`{str(field.default).lower()}`"
        yield f"| `{name}` | {default} | {_cell(field.description)} |\n"


def commands(_):
    """Every command with its arguments and options."""
    yield from _command("icreport", typer.main.get_command(make_app()), ())


def _command(name, command, parents):
    path = " ".join([*parents, name])
    if hasattr(command, "commands"):
        for child, found in command.commands.items():
            yield from _command(child, found, (*parents, name))
        return
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    usage = " ".join(_shown(argument) if argument.required else f"[{_shown(argument)}]" for argument in arguments)
    yield f"## {path}\n\n```\n{path} {usage} [OPTION]…\n```\n\n{_plain(command.help)}\n\n| | |\n| --- | --- |\n"
    for parameter in command.params:
        if parameter in arguments:
            names = f"`{_shown(parameter)}`"
        else:
            value = "" if getattr(parameter, "is_flag", False) else f" {_shown(parameter)}"
            names = ", ".join(f"`{option}{value}`" for option in parameter.opts)
        yield f"| {_cell(names)} | {_cell(parameter.help)} |\n"
    yield "\n"


def _shown(parameter):
    return parameter.metavar or parameter.name.upper()


TASKS = {
    "Convert": "convert formats Progress ConversionResult ElementRecord ReportWarning Place Limits",
    "Read, and walk over": "read scan Report ReportScan Table Column Row",
    "Elements": "Element Paragraph Section Chart Image FrontMatter Revision Approval UnknownElement JsonObject",
    "Make, and write": "write render ColumnFormat TableFormat Mark Condition View",
    "Compare": "compare Comparison",
    "Convert many": "convert_many BatchResult BatchProgress ItemRecord",
    "Fetch from the service": "Client Job JobStatus JobContent",
    "Extend": "Renderer ReportLike Sink grid text_of",
}
"""The public names by what they are for; errors stand last, whatever else has no place before them."""


def api(_):
    """The public names by task, for mkdocstrings."""
    placed = " ".join(TASKS.values()).split()
    others = [name for name in icreport.__all__ if name not in placed]
    for task, names in {**TASKS, "Errors": " ".join(others)}.items():
        yield f"## {task}\n\n"
        for name in names.split():
            yield f"::: {getattr(icreport, name).__module__}.{name}\n\n"


def settings(name):
    """The settings of a part of a view."""
    yield "| setting | what it says |\n| --- | --- |\n"
    for field, info in getattr(settings_of_views, name).model_fields.items():
        yield f"| `{info.alias or field}` | {_cell(info.description)} |\n"


def _cell(text):
    return _plain(text).replace("|", "\\|").replace("\n", " ")


def _plain(text):
    return re.sub(r" {2,}", " ", (text or "").strip())


def filled(text):
    """A page with its blocks filled in."""
    makers = {"options": options, "commands": commands, "api": api, "settings": settings}
    return _BLOCK.sub(lambda found: f"{found[1]}{''.join(makers[found[2]](found[3]))}{found[4]}", text)


if __name__ == "__main__":
    for page in HERE.rglob("*.md"):
        page.write_text(filled(page.read_text("utf-8")), "utf-8")
