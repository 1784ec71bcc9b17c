"""Templates of ours are compiled once for all processes, as modules are."""

import sys

import jinja2.compiler
import pytest
from jinja2 import FileSystemLoader

from icreport.package_files import templates_folder
from icreport.rendering.themes.compiled_templates import CompiledTemplates
from icreport.rendering.themes.sandbox import ThemeEnvironment

NAME = "elements/table.html.j2"


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """Give what is kept of compiled templates, all of it elsewhere than among the package's files."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return lambda: list((tmp_path / "kept").rglob("*.html.*"))


@pytest.fixture
def compiled(monkeypatch):
    """Give what gets a template from a folder, and says whether that had it compiled."""
    asked = []
    generate = jinja2.compiler.generate
    monkeypatch.setattr(
        jinja2.environment, "generate", lambda *given, **more: asked.append(1) or generate(*given, **more)
    )

    def get(folder=None, name=NAME):
        before = len(asked)
        loader = FileSystemLoader(folder or templates_folder())
        template = ThemeEnvironment(loader=loader, bytecode_cache=CompiledTemplates()).get_template(name)
        assert template.root_render_func
        return len(asked) > before

    return get


def test_a_template_is_compiled_once(compiled, kept):
    assert [compiled() for _ in range(3)] == [True, False, False]
    assert len(kept()) == 1


def test_a_template_that_was_kept_damaged_or_of_other_programs_is_compiled_again(compiled, kept):
    compiled()
    (path,) = kept()
    whole = path.read_bytes()
    for damaged in [*[whole[:end] for end in range(0, 120, 7)], whole[:-40], b"\0" * 32 + whole[32:]]:
        path.write_bytes(damaged)
        assert compiled()
        assert path.read_bytes() == whole


def test_templates_of_others_are_not_kept(compiled, kept, tmp_path):
    (tmp_path / "own.j2").write_text("{{ 1 }}")
    assert [compiled(tmp_path, "own.j2") for _ in range(2)] == [True, True]
    assert kept() == []


def test_where_modules_are_not_kept_templates_are_neither(compiled, kept, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert [compiled() for _ in range(2)] == [True, True]
    assert kept() == []


def test_where_python_has_no_place_for_modules_templates_are_compiled_each_time(compiled, kept, monkeypatch):
    monkeypatch.setattr(sys.implementation, "cache_tag", None)
    assert [compiled() for _ in range(2)] == [True, True]
    assert kept() == []


def test_a_folder_that_cannot_be_written_is_no_matter(compiled, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "file"))
    assert [compiled() for _ in range(2)] == [True, True]
    assert not list(tmp_path.rglob("*.html.*"))
