"""The demo shows its samples whole on a machine that has no more than what `scripts/setup run` installs."""

import re
import subprocess
from pathlib import Path

import icreport

ROOT = Path(__file__).parents[2]
FONTS = re.compile(r"/(noto/Noto(?!\w*(?:CJK|Emoji))|dejavu/DejaVu)\w*-")
"""Where Debian's fonts-noto-core and fonts-dejavu-core are."""


def test_the_fonts_of_the_demo_have_all_characters_of_the_samples():
    setup = ROOT.joinpath("scripts", "setup").read_text().partition('if [ "$1" = test ]')[0]
    assert re.findall(r"need (fonts-\S+)", setup) == ["fonts-dejavu-core", "fonts-noto-core"]
    listed = subprocess.run(["fc-list", "--format", "%{file}|%{charset}\n"], capture_output=True, text=True, check=True)
    known = set()
    for file, _, charset in (line.partition("|") for line in listed.stdout.splitlines()):
        if FONTS.search(file):
            for part in charset.split():
                first, _, last = part.partition("-")
                known.update(range(int(first, 16), int(last or first, 16) + 1))
    assert len(known) > 10_000
    for sample in ROOT.glob("samples/*.json"):
        shown = {char for char in icreport.read(sample).to_json() if char.isprintable()}
        assert {char for char in shown if ord(char) not in known} == set(), sample.name
