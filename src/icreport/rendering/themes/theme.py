"""A loaded theme: its style sheet and its templates, rendered in a sandbox."""

from __future__ import annotations

import base64
import mimetypes
import re
import traceback
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from icreport.errors import ThemeError
from icreport.rendering.themes.files import line_of, read_text, template_folders, templates_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from icreport.rendering.themes.config import ThemeConfig
    from icreport.rendering.themes.sandbox import ThemeEnvironment

_URL = re.compile(
    r"""url\(\s*(?:(?P<mark>["'])(?P<quoted>[^"'\\()]*)(?P=mark)|(?P<bare>[^"'()\\\s]*))\s*\)""", re.IGNORECASE
)

_NO_TEMPLATES = {".css", ".toml"}


class Theme:
    """A theme that has been read: its configuration, its style sheet and its templates."""

    def __init__(self, name: str, folder: Path, config: ThemeConfig) -> None:
        self.name = name
        self.folder = folder
        self.config = config
        self._environment = _environment(folder)
        self._css: dict[bool, str] = {}

    def css(self, *, paper: bool = False) -> str:
        """Give the whole style sheet: ours, that of paper where asked for, the tokens of the theme, its own rules."""
        if paper not in self._css:
            self._css[paper] = self._whole_css(paper=paper)
        return self._css[paper]

    def _whole_css(self, *, paper: bool) -> str:
        tokens = "".join(f" --{name}: {value};" for name, value in self.config.tokens.items())
        parts = [
            read_text(templates_folder() / "style.css"),
            read_text(templates_folder() / "print.css") + _page_rules(self.config) if paper else "",
            f":root {{{tokens} }}" if tokens else "",
            *map(self._inlined, self._own_sheets()),
        ]
        # `</style` would end the element that holds the style sheet.
        return "\n".join(parts).replace("</", "<\\/")

    def sheets(self) -> Iterator[tuple[Path, str]]:
        """Give the style sheets of a theme of somebody else."""
        for sheet in () if self._is_ours else self._own_sheets():
            yield sheet, read_text(sheet)

    def _own_sheets(self) -> list[Path]:
        return sorted(self.folder.glob("*.css"))

    def _inlined(self, sheet: Path) -> str:
        """Give a style sheet with the files that it names, which are the theme's own, as data: URIs."""
        text = read_text(sheet)

        def inline(found: re.Match[str]) -> str:
            name = (found["quoted"] or found["bare"] or "").partition("#")[0].partition("?")[0]
            if not name or name.startswith("/") or ":" in name:
                return found[0]
            line = text.count("\n", 0, found.start()) + 1
            return f'url("{self._data_uri(sheet.parent / name, f"{sheet}, line {line}: {name!r}")}")'

        return _URL.sub(inline, text)

    def _data_uri(self, path: Path, told: str) -> str:
        path = path.resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise ThemeError(f"{told} is not in the theme's folder")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ThemeError(f"{told}: {error.strerror}") from error
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"

    @property
    def _is_ours(self) -> bool:
        return self.folder.is_relative_to(templates_folder())

    @cached_property
    def logo(self) -> str | None:
        """The logo as a data: URI."""
        if self.config.logo is None:
            return None
        path = self.folder / "theme.toml"
        told = f"{path}, line {line_of(read_text(path), 'logo')}: the logo {self.config.logo!r}"
        if not (mimetypes.guess_type(self.config.logo)[0] or "").startswith("image/"):
            raise ThemeError(f"{told} is no image")
        return self._data_uri(self.folder / self.config.logo, told)

    @cached_property
    def styles_by_template(self) -> bool:
        """Say whether a template that is not ours may bring rules beside the style sheet."""
        folders = [*template_folders(), *([] if self._is_ours else [self.folder])]
        files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        # `<style>`, `style=` and `rel="stylesheet"`, also in what a template includes.
        return any(b"style" in path.read_bytes().lower() for path in files if path.suffix not in _NO_TEMPLATES)

    def has_own(self, template: str) -> bool:
        """Say whether the theme brings this template itself."""
        return (self.folder / template).is_file()

    def has(self, template: str) -> bool:
        """Say whether there is such a template, in the theme or among ours."""
        return any((folder / template).is_file() for folder in (self.folder, templates_folder(), *template_folders()))

    def render(self, template: str, **values: Any) -> str:
        """Fill in a template; raises `ThemeError` with file and line where it is wrong."""
        from jinja2 import TemplateError, TemplateNotFound  # noqa: PLC0415

        from icreport.rendering.themes.sandbox import budget  # noqa: PLC0415

        try:
            with budget():
                text = self._environment.get_template(template).render(**values)
        except (
            TemplateError,
            ArithmeticError,
            LookupError,
            TypeError,
            ValueError,
            AttributeError,
            RecursionError,
            MemoryError,
        ) as error:
            frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
            where = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else template
            said = f"there is no template {error.name!r}" if isinstance(error, TemplateNotFound) else error
            raise ThemeError(f"{where}: {said}") from None
        # What is streamed stands in the template as a mark: without it the rows would land behind the table.
        for name in ("rows", "body"):
            mark = values.get(name)
            if isinstance(mark, Markup) and text.count(mark) != 1:
                path = (self.folder if self.has_own(template) else templates_folder()) / template
                raise ThemeError(f"{path}: it has to hold {{{{ {name} }}}} once, and does not")
        return text


def _page_rules(config: ThemeConfig) -> str:
    """Give the @page rules of a theme's paper."""
    page = config.page
    rules = [
        f"@page {{ size: {page.size} {page.orientation}; margin: {page.margin}; }}",
        f"@page wide {{ size: {page.size} landscape; }}",
        f"@page larger {{ size: {page.largest or page.size} landscape; }}",
    ]
    for box, text in (("top-left", config.header), ("bottom-center", config.footer)):
        if text:
            look = "font: 7.5pt/1 var(--font); color: #51606e;"
            rules.append(f"@page {{ @{box} {{ content: {_css_string(text)}; {look} }} }}")
    return "\n".join(rules)


def _css_string(text: str) -> str:
    """Give text as a string of CSS: every character that is not a plain one as its number (CSS Syntax 3, 4.3.7)."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'


def _environment(folder: Path) -> ThemeEnvironment:
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined  # noqa: PLC0415

    from icreport.rendering.themes.sandbox import ThemeEnvironment  # noqa: PLC0415

    ours = FileSystemLoader(templates_folder())
    return ThemeEnvironment(
        # `icreport/…` is always ours, so that a template can extend the one that it replaces.
        loader=ChoiceLoader(
            [FileSystemLoader([folder, templates_folder(), *template_folders()]), PrefixLoader({"icreport": ours})]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
