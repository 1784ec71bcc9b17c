"""The arrows between rooms, and what `import icreport` costs, and a command."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import typer
import weasyprint

import icreport
from icreport import cli, plugins

HOUSE = Path(icreport.__file__).parent
KNOWN = (
    "errors",
    "clock",
    "file_names",
    "host",
    "later_imports",
    "urls",
    "column_names",
    "dates",
    "plugins",
    "values",
    "warnings",
    "limits",
    "package_files",
    "words",
)
# A room with the rooms that it may import; `rendering.pdf` is a room of its own within `rendering`.
MAY_IMPORT = {
    "errors": (),
    "clock": ("errors",),
    "plugins": (),
    "file_names": (),
    "host": (),
    "later_imports": (),
    "values": ("errors",),
    "urls": ("errors",),
    "column_names": (),
    "dates": (),
    "warnings": ("errors",),
    "limits": ("errors",),
    "package_files": (),
    "words": ("errors", "package_files", "values"),
    "model": ("errors", "clock", "column_names", "dates", "limits", "plugins", "values", "warnings", "words"),
    "reading": (*KNOWN, "model"),
    "views": (*KNOWN, "model"),
    "rendering": (*KNOWN, "model"),
    "output": ("errors", "clock", "host", "urls", "warnings", "limits"),
    "result": ("errors", "warnings"),
    "conversion": (*KNOWN, "model", "reading", "views", "rendering", "output", "result"),
    "client": (*KNOWN, "model", "reading", "output"),
    "batch": (
        *KNOWN,
        "model",
        "reading",
        "views",
        "rendering",
        "output",
        "result",
        "conversion",
        "client",
        "comparing",
        "comparison",
    ),
    "comparing": (*KNOWN, "model"),
    "comparison": (*KNOWN, "model", "reading", "views", "comparing"),
    "cli": (
        *KNOWN,
        "model",
        "reading",
        "views",
        "rendering",
        "output",
        "result",
        "conversion",
        "client",
        "batch",
        "comparing",
        "comparison",
    ),
}
# Within `rendering`: what formats share, and what each may import beyond itself and the shared modules.
SHARED = ("page", "themes", "charts")
FORMATS = {
    "html": SHARED,
    "csv": (),
    "parquet": (),
    "jsonl": (),
    "markdown": (),
    "docx": (*SHARED, "charts"),
    "xlsx": ("themes", "charts"),
    "pdf": SHARED,
    "page": ("themes", "charts"),
    "charts": ("themes",),
    "themes": (),
}
# Within `rendering.pdf`, the flow of a large table.
PAPER = {"painter": (), "assembly": ("painter",)}
PRIVATE_TO_PAPER = ("weasyprint", "pydyf", "uharfbuzz")
FILES = sorted(HOUSE.rglob("*.py"))


def module_of(path):
    parts = path.relative_to(HOUSE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports_of(path):
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found += [f"{node.module}.{name.name}" for name in node.names]
    return found


def within(module, room):
    """The part of a room that a module is in: `pdf` for `icreport.rendering.pdf.page` within `icreport.rendering`."""
    return module.removeprefix(f"{room}.").split(".")[0] if module.startswith(f"{room}.") else None


def test_modules_import_only_what_is_before_them_in_the_flow_of_data():
    for path in FILES:
        room = within(module_of(path), "icreport")
        if room not in {None, "__main__"}:
            found = {within(module, "icreport") for module in imports_of(path)} - {None, room}
            assert found <= set(MAY_IMPORT[room]), path


def test_a_format_imports_no_other_and_nothing_of_paper():
    for path in [path for path in FILES if "rendering" in path.parts]:
        part = within(module_of(path), "icreport.rendering")
        found = {within(module, "icreport.rendering") for module in imports_of(path)} & set(FORMATS) - {part}
        assert found <= set(FORMATS.get(part, ())), path


def test_rows_become_page_content_and_page_content_a_document():
    for path in [path for path in FILES if "pdf" in path.parts]:
        part = within(module_of(path), "icreport.rendering.pdf")
        found = {within(module, "icreport.rendering.pdf") for module in imports_of(path)} & set(PAPER) - {part}
        assert found <= set(PAPER.get(part, PAPER)), path


def test_only_paper_knows_weasyprint():
    for path in [path for path in FILES if "pdf" not in path.parts]:
        assert not [module for module in imports_of(path) if module.startswith(PRIVATE_TO_PAPER)], path


def test_no_import_runs_in_a_circle():
    modules = {module_of(path): path for path in FILES}
    arrows = {}
    for module, path in modules.items():
        found = {name if name in modules else name.rpartition(".")[0] for name in runtime_imports_of(path)}
        arrows[module] = found & set(modules) - {module}
    circle = circle_in(arrows)
    assert not circle, " → ".join(circle)


def runtime_imports_of(path):
    """What a module imports when it is imported: not for its types, nor within functions."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def circle_in(arrows):
    done, path = set(), []

    def walk(module):
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        path.append(module)
        for other in sorted(arrows[module]):
            if found := walk(other):
                return found
        done.add(path.pop())
        return []

    return next((found for module in arrows if (found := walk(module))), [])


def test_a_circle_is_found():
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert circle_in({a: {b} for a, b in pairwise("abc")} | {"c": set()}) == []


def test_the_public_names_are_all_there():
    assert all(getattr(icreport, name) for name in icreport.__all__)
    assert set(icreport.__all__) <= set(dir(icreport))


def test_every_kind_of_error_is_public():
    from icreport import errors

    kinds = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert kinds <= set(icreport.__all__)


def test_importing_icreport_imports_no_heavy_library():
    heavy = {"weasyprint", "openpyxl", "jinja2", "httpx", "pydantic", "fsspec", "rich", "typer", "pandas", "pyarrow"}
    code = f"import sys, icreport; print({heavy!r} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


@pytest.mark.parametrize(
    ("arguments", "light_of"),
    [
        (["--version"], {"pydantic", "msgspec", "icreport.conversion"}),
        (
            ["convert", "SOURCE", "-o", "out.csv"],
            {
                *(
                    "importlib.metadata",
                    "jinja2",
                    "tomllib",
                    "zipfile",
                    "email",
                    "html",
                    "http",
                    "ssl",
                    "xml",
                    "urllib.request",
                ),
                *("icreport.cli.service", "icreport.cli.batch", "icreport.output.remote", "icreport.views"),
                *("icreport.rendering.themes", "icreport.rendering.page", "icreport.rendering.html"),
                *("icreport.model.chart", "icreport.model.image"),
            },
        ),
        (
            ["convert", "SOURCE", "-o", "out.html"],
            {
                *("icreport.cli.batch", "icreport.rendering.csv", "icreport.rendering.pdf", "icreport.views"),
                *("importlib.metadata", "tinycss2", "http.client", "ssl", "xml", "urllib.request", "PIL"),
                *("icreport.model.chart", "icreport.model.image", "icreport.rendering.pictures"),
            },
        ),
        (
            ["convert", "SOURCE", "-o", "out.pdf"],
            {
                *("icreport.cli.batch", "icreport.rendering.csv", "icreport.rendering.html", "icreport.views"),
                *("fontTools.subset", "fontTools.varLib", "lxml"),
                *("icreport.model.chart", "icreport.model.image", "icreport.rendering.pictures"),
            },
        ),
    ],
    ids=["version", "csv", "html", "pdf"],
)
def test_a_command_imports_only_what_it_needs(arguments, light_of, tmp_path):
    heavy = {"openpyxl", "httpx", "fsspec", "rich", "pydantic_settings", "babel", "pandas", "pyarrow"}
    heavy |= set() if "out.pdf" in arguments else {"weasyprint"}
    code = (
        "import sys; from icreport.cli import main\n"
        "try: main()\n"
        f"finally: print(sorted({heavy | light_of!r} & set(sys.modules)))"
    )
    sample = str(Path(__file__).parents[1] / "samples/job-content.json")
    command = [sys.executable, "-c", code, *[sample if word == "SOURCE" else word for word in arguments]]
    # What measures coverage in a process imports modules too.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    said = subprocess.check_output(command, text=True, cwd=tmp_path, env=unmeasured)
    assert said.splitlines()[-1] == "[]"


def test_what_is_built_in_is_what_the_package_registers():
    registered = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    assert registered["entry-points"] == plugins.BUILT_IN


def test_each_command_is_in_the_module_that_is_imported_for_it():
    every = typer.main.get_command(cli.make_app())
    assert list(every.commands) == [command for commands in cli.MODULES.values() for command in commands]
    for command in every.commands:
        assert command in typer.main.get_command(cli.make_app(command)).commands


WALLS = {"pdf": "weasyprint_inside", "xlsx": "workbook.py", "docx": "oxml.py"}
"""What alone touches what is private to a library, in each room that stands on one."""
DOCUMENTED = {
    "weasyprint": {
        "weasyprint",
        *(f"weasyprint.{name}" for name in weasyprint.__all__),
        "weasyprint.css.counters.CounterStyle",
        "weasyprint.text.fonts.FontConfiguration",
    },
    "docx": {"docx", "docx.document.Document", "docx.shared.Inches"},
}
"""What of a library that is imported in front of its wall is in its documentation."""


def on_both_sides(room):
    files = {path for path in FILES if room in path.relative_to(HOUSE).parts}
    behind = {path for path in files if WALLS[room] in path.parts}
    return behind, files - behind


def private_names(path):
    """The names with an underscore that a module asks others for; `_replace` is public in a named tuple."""
    tree = ast.parse(path.read_text("utf-8"))
    # What is a page of WeasyPrint's, or stands in for one, has its names.
    pages = {part for node in ast.walk(tree) if is_page(node) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if node in pages and node.attr == "_page_box":
                yield node.attr
            elif ast.unparse(node.value) not in {"self", "cls", "super()"}:
                yield from re.findall("^_[a-z].*", node.attr.replace("_replace", ""))


def is_page(node):
    return isinstance(node, ast.ClassDef) and node.name.endswith("Page")


@pytest.mark.parametrize("room", WALLS)
def test_one_place_alone_touches_what_is_private_to_a_library(room):
    behind, before = on_both_sides(room)
    assert [name for path in behind for name in private_names(path)]
    for path in before:
        assert not [*private_names(path)], path


@pytest.mark.parametrize("library", DOCUMENTED)
def test_what_a_library_does_not_document_is_imported_behind_its_wall(library):
    _, before = on_both_sides({"weasyprint": "pdf"}.get(library, library))
    for path in before:
        found = {name for name in imports_of(path) if name.split(".")[0] == library}
        assert found <= DOCUMENTED[library], path


CHANGED = {
    "weasyprint": ["Node.text", "weasyprint.css.StyleFor", "weasyprint.layout.inline.handle_leader"],
    "pydyf": ["pydyf.PDF.page_references"],
    "docx": [],
}
"""What of a library something of ours stands in the place of, behind its wall."""


@pytest.mark.parametrize("library", CHANGED)
def test_nothing_is_put_in_the_place_of_a_librarys_own_but_behind_its_wall(library):
    behind, before = on_both_sides({"weasyprint": "pdf", "pydyf": "pdf"}.get(library, library))
    assert sorted(changes_of(behind, library)) == CHANGED[library]
    assert not [*changes_of(before, library)]


def changes_of(paths, library):
    """What modules assign within what they import of a library."""
    for path in sorted(paths):
        theirs = {library, *(name.rpartition(".")[2] for name in imports_of(path) if name.split(".")[0] == library)}
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for target in node.targets if isinstance(node, ast.Assign) else []:
                if isinstance(target, ast.Attribute) and ast.unparse(target).partition(".")[0] in theirs:
                    yield ast.unparse(target)


def test_each_test_has_the_same_name_in_every_process(request):
    # Processes that share the tests must agree on what there is: no name from the clock or the order of a set.
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]

    def collected(seed):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        tests = Path(__file__).parents[1]
        done = subprocess.run(command, cwd=tests, env=environment, capture_output=True, text=True, check=True)
        return [line for line in done.stdout.splitlines() if "::" in line]

    here = [item.nodeid for item in request.session.items]
    found = collected("1")
    assert len(found) > 2_000
    # This process has found them too, where all are asked for.
    assert found == (here if len(here) > 2_000 else collected("2"))
