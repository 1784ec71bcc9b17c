"""docs/trust.md: every promise names a test that there is, every code of a warning stands in it."""

import ast
import re
from functools import cache
from pathlib import Path

import icreport
from icreport.limits import Limits

ROOT = Path(__file__).parents[1]
TRUST = (ROOT / "docs/trust.md").read_text("utf-8")
SOURCE = "\n".join(path.read_text("utf-8") for path in Path(icreport.__file__).parent.rglob("*.py"))


@cache
def functions_in(path):
    nodes = ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def test_each_promise_names_a_test():
    found = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TRUST))
    assert len(found) > 100
    assert [f"{path}::{name}" for path, name in sorted(found) if name not in functions_in(path)] == []


def test_each_line_of_a_table_of_promises_names_its_test():
    lines = [
        line
        for table in re.findall(r"\| promise \| test \|\n(.*?)\n\n", TRUST, re.DOTALL)
        for line in table.split("\n")
    ]
    assert all("`tests/" in line for line in lines[1:] if set(line) - set("|- "))


def test_each_code_and_limit_is_documented():
    codes = set(re.findall(r'warnings\.(?:add|note)\(\s*"([a-z-]+)"', SOURCE)) | {"short-row", "long-row"}
    assert len(codes) > 10
    assert codes <= set(re.findall(r"`([a-z-]+)`", TRUST))
    for name, value in [(name, getattr(Limits(), name)) for name in Limits.__dataclass_fields__]:
        assert re.search(rf"`{name}`.*\| {value:,}.*`ICREPORT_MAX_{name.upper()}`", TRUST)
