import subprocess

import pytest
from PIL import Image


@pytest.fixture
def pages_as_pictures(tmp_path):
    """Give the pages of a PDF as grey pictures at 100 dpi."""

    def rasters(data, name):
        source = tmp_path / f"{name}.pdf"
        source.write_bytes(data)
        subprocess.run(["pdftoppm", "-gray", "-r", "100", source, tmp_path / name], check=True)
        return [Image.open(path) for path in sorted(tmp_path.glob(f"{name}-*.pgm"))]

    return rasters
