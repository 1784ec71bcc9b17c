"""Pages of PDFs as pictures and as text."""

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
