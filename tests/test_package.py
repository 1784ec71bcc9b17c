"""The wheel, as a stranger installs it."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

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


def test_a_clean_environment_with_the_wheel_converts_a_sample_into_every_format(wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv/bin/python"
    subprocess.run([python, "-m", "pip", "install", "-q", wheel], check=True, capture_output=True)
    for suffix, start in {"html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "xlsx": b"PK", "csv": b"Asset,"}.items():
        target = tmp_path / f"out.{suffix}"
        subprocess.run([python, "-m", "icreport", "convert", SAMPLE, "-o", target], check=True, cwd=tmp_path)
        assert target.read_bytes().startswith(start)
