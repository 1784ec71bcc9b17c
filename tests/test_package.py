"""The wheel, as a stranger installs it."""

import os
import shutil
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
    catalogues = (ROOT / "templates/locale").glob("*.po")
    assert {f"icreport/templates/locale/{path.stem}.mo" for path in catalogues} <= names


def test_what_is_published_is_in_order(wheel):
    files = [str(path) for path in wheel.parent.iterdir()]
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *files], check=True, capture_output=True)
    subprocess.run(
        [sys.executable, "-m", "check_wheel_contents", "--ignore", "W002", wheel], check=True, capture_output=True
    )


def pythons():
    """The Pythons on this machine that we support, one of each version: this one, those of the path and of pyenv."""
    found = {f"3.{sys.version_info.minor}": Path(sys.executable)}
    for version in ("3.11", "3.12", "3.13", "3.14"):
        kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
        on_path = shutil.which(f"python{version}")
        # What pyenv puts on the path may stand for a version that is not chosen.
        if on_path and subprocess.run([on_path, "-V"], capture_output=True, check=False).returncode == 0:
            kept.append(Path(on_path))
        if kept:
            found.setdefault(version, kept[-1])
    return found


def oldest(*extras):
    """The oldest version that we allow of each dependency."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [one for extra in extras for one in project["optional-dependencies"][extra]]
    needed = map(Requirement, [*project["dependencies"], *asked])
    return [f"{one.name}=={spec.version}" for one in needed for spec in one.specifier if spec.operator == ">="]


NEWEST = [pytest.param(path, [], ["-W", "error", "-X", "dev"], id=version) for version, path in pythons().items()]
# Their own warnings about a Python that came later are no concern of ours.
OLDEST = pytest.param(Path(sys.executable), oldest("arrow", "docx"), [], id="oldest")


@pytest.mark.parametrize(("python", "versions", "flags"), [*NEWEST, OLDEST])
def test_a_clean_environment_with_the_wheel_converts_a_sample_into_every_format(
    python, versions, flags, wheel, tmp_path
):
    # To put a pip into each, and to compile all that is installed, would take most of the time.
    subprocess.run([python, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = tmp_path / "venv/bin/python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-compile"]
    subprocess.run([*pip, f"{wheel}[arrow,docx]", *versions], check=True, capture_output=True)
    starts = {
        "html": b"<!DOCTYPE html>",
        "pdf": b"%PDF-",
        "xlsx": b"PK",
        "docx": b"PK",
        "md": b"# ",
        "csv": b"Asset,",
        "tsv": b"Asset\t",
        "parquet": b"PAR1",
        "jsonl": b"{",
    }
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for command in (["convert", SAMPLE, "-o", "one.html"], ["batch", "-q", SAMPLE, "-d", ".", "-t", ",".join(starts)]):
        line = [python, *flags, "-m", "icreport", *command]
        done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    for suffix, start in starts.items():
        assert (tmp_path / f"job-content.{suffix}").read_bytes().startswith(start)
