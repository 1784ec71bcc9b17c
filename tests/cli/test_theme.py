import os
import subprocess
import sys
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "samples/job-content.json"


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "icreport", *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False
    )


def test_a_theme_that_was_started_can_be_edited_and_used(tmp_path):
    assert run("theme", "init", "ours", cwd=tmp_path).returncode == 0
    config = tmp_path / "ours/theme.toml"
    config.write_text(config.read_text().replace("#0b5a7a", "#123456"))
    assert run("convert", SAMPLE, "-o", "out.html", "--theme", "ours", cwd=tmp_path).returncode == 0
    assert "--accent: #123456" in (tmp_path / "out.html").read_text()


def test_a_theme_is_not_started_over_something_else(tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/mine.txt").write_text("mine")
    done = run("theme", "init", "ours", cwd=tmp_path)
    assert (done.returncode, "is there already" in done.stderr) == (1, True)
    assert os.listdir(tmp_path / "ours") == ["mine.txt"]


def test_the_themes_are_listed(tmp_path):
    names = [line.split()[0] for line in run("theme", "list", cwd=tmp_path).stdout.splitlines()]
    assert names == ["compact", "formal", "house"]


def test_an_error_in_a_theme_names_its_file_and_line(tmp_path):
    (tmp_path / "theme.toml").write_text('description = "x"\n[page]\nsize = "A9"\n')
    done = run("convert", SAMPLE, "-o", "out.html", "--theme", tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert f"{tmp_path}/theme.toml, line 3: page.size" in done.stderr
