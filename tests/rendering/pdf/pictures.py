"""Pages of PDFs as pictures and as text."""

import itertools
import re
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops


def assert_look_alike(data, other):
    """Assert that two PDFs have pages that differ by less than 0.5 % of pixels at 100 dpi; give their number."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = _pictures(data, Path(folder, "ours")), _pictures(other, Path(folder, "theirs"))
        assert len(ours) == len(theirs)
        for page, expected in zip(ours, theirs, strict=True):
            differences = ImageChops.difference(page, expected).histogram()
            assert sum(differences[9:]) < 0.005 * page.width * page.height
    return len(ours)


def _pictures(data, path):
    path.write_bytes(data)
    subprocess.run(["pdftoppm", "-gray", "-r", "100", path, path], check=True)
    return [Image.open(picture) for picture in sorted(path.parent.glob(f"{path.name}-*.pgm"))]


def text_of(data):
    """Give the text of a PDF in the order of its content; guessed from places, it jumps with a hundredth of a point."""
    return subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


def words_of(data):
    """Give the words of each page with their boxes, and the page's size."""
    found = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    for page in found.split("<page ")[1:]:
        size = tuple(map(float, re.findall(r'="([\d.]+)"', page.partition(">")[0])))
        numbers = re.findall(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>', page)
        yield size, [(*map(float, numbers[:4]), numbers[4]) for numbers in numbers]


def runs_over(data):
    """Give the words that stand on others or outside the page."""
    bad = []
    for (page_width, page_height), found in words_of(data):
        words = sorted(found, key=lambda word: word[1])
        for at, (left, top, right, bottom, text) in enumerate(words):
            if left < 0 or top < 0 or right > page_width or bottom > page_height:
                bad.append(text)
            for left2, top2, right2, bottom2, _ in itertools.islice(words, at + 1, None):
                if top2 >= bottom:
                    break
                # Boxes of text reach into the lines above and below.
                height = min(bottom - top, bottom2 - top2)
                if min(right, right2) - max(left, left2) > 1 and min(bottom, bottom2) - max(top, top2) > 0.4 * height:
                    bad.append(text)
    return bad
