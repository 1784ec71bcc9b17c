"""The wheel, as a stranger installs it."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples/job-content.json"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, ROOT], check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_the_templates_and_the_type_marker(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {f"icreport/{path.relative_to(ROOT)}" for path in (ROOT / "templates").rglob("*") if path.is_file()}
    assert templates <= names
    assert "icreport/py.typed" in names


def test_what_is_published_is_in_order(wheel):
    files = [str(path) for path in wheel.parent.iterdir()]
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *files], check=True, capture_output=True)
    subprocess.run(
        [sys.executable, "-m", "check_wheel_contents", "--ignore", "W002", wheel], check=True, capture_output=True
    )


def pythons():
    """The versions of Python on this machine that we support: this one, and those of pyenv."""
    others = list(Path.home().glob(".pyenv/versions/3.1[1-3].*/bin/python"))
    others = [path for path in others if path.parts[-3].rpartition(".")[0] != f"3.{sys.version_info.minor}"]
    return [Path(sys.executable), *sorted(others)]


def oldest(extra):
    """The oldest version that we allow of each dependency."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = map(Requirement, [*project["dependencies"], *project["optional-dependencies"][extra]])
    return [f"{one.name}=={spec.version}" for one in needed for spec in one.specifier if spec.operator == ">="]


NEWEST = [pytest.param(path, [], id=path.parts[-3]) for path in pythons()]


@pytest.mark.parametrize(
    ("python", "versions"), [*NEWEST, pytest.param(Path(sys.executable), oldest("arrow"), id="oldest")]
)
def test_a_clean_environment_with_the_wheel_converts_a_sample_into_every_format(python, versions, wheel, tmp_path):
    subprocess.run([python, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv/bin/python"
    subprocess.run(
        [python, "-m", "pip", "install", "-q", f"{wheel}[arrow]", *versions], check=True, capture_output=True
    )
    starts = {"html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "xlsx": b"PK", "csv": b"Asset,", "parquet": b"PAR1"}
    for suffix, start in starts.items():
        target = tmp_path / f"out.{suffix}"
        subprocess.run([python, "-m", "icreport", "convert", SAMPLE, "-o", target], check=True, cwd=tmp_path)
        assert target.read_bytes().startswith(start)
