"""The arrows between modules, and what `import icreport` costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import icreport

HOUSE = Path(icreport.__file__).parent
ROOMS = [
    "errors",
    "warnings",
    "values",
    "model",
    "reading",
    "rendering",
    "output",
    "record",
    "conversion",
    "client",
    "batch",
    "cli",
]
MAY_IMPORT = {
    "errors": set(),
    "warnings": {"errors"},
    "plugins": set(),
    "limits": {"errors"},
    "values": {"errors"},
    "model": {"errors", "values", "warnings"},
    "reading": {"errors", "warnings", "limits", "values", "model", "plugins"},
    "rendering": {"errors", "warnings", "limits", "values", "model", "plugins"},
    "output": {"errors", "warnings", "limits"},
    "record": {"errors", "warnings"},
    "conversion": {"errors", "warnings", "limits", "model", "reading", "rendering", "output", "record"},
    "client": {"errors", "warnings", "limits", "model", "reading", "output"},
    "batch": {
        "errors",
        "warnings",
        "limits",
        "model",
        "reading",
        "rendering",
        "output",
        "record",
        "conversion",
        "client",
        "plugins",
    },
    "cli": set(ROOMS),
}


def room_of(module):
    return module.split(".")[1] if module.startswith("icreport.") else None


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=lambda path: str(path.relative_to(HOUSE)))
def test_modules_import_only_what_is_before_them_in_the_flow_of_data(path):
    room = path.relative_to(HOUSE).parts[0].removesuffix(".py")
    if room in {"__init__", "__main__"}:
        return
    found = {room_of(module) for module in imports_of(path)} - {None, room}
    assert found <= MAY_IMPORT[room], f"{room} imports {found - MAY_IMPORT[room]}"


def test_the_public_names_are_all_there():
    assert all(getattr(icreport, name) for name in icreport.__all__)
    assert set(icreport.__all__) <= set(dir(icreport))


def test_importing_icreport_imports_no_heavy_library():
    heavy = {"weasyprint", "openpyxl", "jinja2", "httpx", "pydantic", "fsspec", "rich", "typer", "pandas", "pyarrow"}
    code = f"import sys, icreport; print({heavy!r} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"
