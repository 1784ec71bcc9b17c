"""Where the files are that go with the package: templates, themes and catalogues of words."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def templates_folder() -> Path:
    """Return the folder of our templates: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parents[1] / "templates"
