"""The images that templates name: files of the theme are put into the page, what cannot be shown is taken note of."""

from __future__ import annotations

import base64
import io
import mimetypes
import re
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from icreport.rendering.themes.css_urls import names_file_of_theme, with_urls
from icreport.rendering.themes.files import template_folders
from icreport.rendering.xml_text import parsed
from icreport.urls import open_data_url

if TYPE_CHECKING:
    from pathlib import Path

    from icreport.rendering.themes.theme import Theme
    from icreport.warnings import Warnings

_TAG = re.compile(r"""<(?:img|image|source|input|object|embed|video)\b(?:[^<>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_ADDRESS = re.compile(
    r"""(\s(?:src|data|poster|href|xlink:href)\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+))""", re.IGNORECASE
)
_STYLE = re.compile(r"""(\sstyle\s*=\s*)(?:"([^"]*url\([^"]*)"|'([^']*url\([^']*)')""", re.IGNORECASE)
_SHOWN = 60
"""Characters of an address in a message."""


class Pictures:
    """Puts the images of a theme into the HTML of its templates; one for each document.

    Nothing outside of the folders of the theme and of packages with templates is read.
    """

    def __init__(self, theme: Theme) -> None:
        self._folders = theme.folders
        self._put: dict[str, str] = {}
        self._lost: dict[str, str] = {}

    def put(self, html: str) -> str:
        """Return HTML with the files of the theme that it shows, as data: URLs."""
        html = _TAG.sub(lambda tag: _ADDRESS.sub(self._attribute, tag[0]), html)
        return _STYLE.sub(self._style, html)

    def check(self, address: str) -> None:
        """Record a data: URL that is no image."""
        if problem := problem_of_image(_content(address) or b""):
            self._lost[address] = problem

    def tell(self, warnings: Warnings) -> set[str]:
        """Warn of each image that is not shown; return their addresses."""
        for address, why in self._lost.items():
            warn_of_lost(address, why, warnings)
        return set(self._lost)

    def _attribute(self, found: re.Match[str]) -> str:
        given = next(each for each in found.groups()[1:] if each is not None)
        address = unescape(given).strip()
        if not address or address.startswith("#"):
            return found[0]
        return f'{found[1]}"{escape(self._shown(address))}"'

    def _style(self, found: re.Match[str]) -> str:
        css = unescape(found[2] or found[3])

        def put(address: str, _: int) -> str:
            return self._shown(address) if address and not address.startswith("#") else address

        return f'{found[1]}"{escape(with_urls(css, put))}"'

    def _shown(self, address: str) -> str:
        """Return the address under which a page has an image: a data: URL, or as it was where there is none."""
        if address not in self._put:
            self._put[address] = self._found(address)
        return self._put[address]

    def _found(self, address: str) -> str:
        if address[:5].lower() == "data:":
            self.check(address)
            return address
        if not names_file_of_theme(address):
            self._lost[address] = "only files of the theme's folder and data: URLs are put in"
            return address
        path = self._path(address)
        try:
            data = path.read_bytes() if path else None
        except OSError as error:
            self._lost[address] = str(error.strerror)
            return address
        if path is None or data is None:
            self._lost[address] = "there is no such file in the theme's folder"
            return address
        if problem := problem_of_image(data):
            self._lost[address] = problem
            return address
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"

    def _path(self, address: str) -> Path | None:
        name = address.partition("#")[0].partition("?")[0]
        for folder in (*self._folders, *template_folders()):
            for path in (folder / name, folder / unquote(name)):
                try:
                    if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                        return path
                except (OSError, ValueError):  # a name that no file can have
                    continue
        return None


def warn_of_lost(address: str, why: str, warnings: Warnings) -> None:
    """Warn of an image that is not shown."""
    shown = address if len(address) <= _SHOWN else f"{address[:_SHOWN]}\u2026"
    warnings.add("lost-image", f"the image {shown!r} is not shown: {why}")


def raster_logo(theme: Theme, warnings: Warnings) -> bytes | None:
    """Return the logo of a theme for a format that holds no SVG; None, told, where it cannot be shown."""
    if theme.logo is None:
        return None
    data = base64.b64decode(theme.logo.partition(",")[2])
    if problem := problem_of_image(data):
        warn_of_lost(theme.config.logo or "", problem, warnings)
        return None
    if is_svg(data):
        message = f"the logo {theme.config.logo!r} is not in the document, which holds no SVG: a PNG would be"
        warnings.add("lost-image", message, loss=False)
        return None
    return data


def _content(address: str) -> bytes | None:
    try:
        with open_data_url(address) as response:
            return response.read()
    except ValueError:
        return None


def problem_of_image(data: bytes) -> str | None:
    """Return why bytes are no image that browsers and paper show, None where they are one."""
    from PIL import Image  # few themes have images

    if not data:
        return "it is empty, or no data: URL"
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None if is_svg(data) else "it cannot be decoded as an image"
    return None


def is_svg(data: bytes) -> bool:
    """Return whether bytes are an image of SVG."""
    from xml.etree import ElementTree as ET

    try:
        root = parsed(data)
    except ET.ParseError:
        return False
    return root.tag.rpartition("}")[2] == "svg"
