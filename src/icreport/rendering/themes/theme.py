"""A loaded theme: its style sheet and its templates, rendered in a sandbox."""

from __future__ import annotations

import base64
import mimetypes
import traceback
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup

from icreport.errors import ThemeError
from icreport.package_files import templates_folder
from icreport.rendering.themes.css_urls import names_file_of_theme, urls_of, with_urls
from icreport.rendering.themes.files import built_in_themes, line_of, read_text, template_folders
from icreport.rendering.themes.paper import browser_rules, page_number_rule, page_rules
from icreport.words import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from icreport.rendering.themes.config import ThemeConfig
    from icreport.rendering.themes.sandbox import ThemeEnvironment
    from icreport.words import Words

_SUFFIX = ".html.j2"
_NO_TEMPLATES = {".css", ".toml"}


class Theme:
    """A theme that has been read: its configuration, its style sheet and its templates."""

    def __init__(
        self, name: str, folder: Path, config: ThemeConfig, base: Theme | None = None, *, light_only: bool = False
    ) -> None:
        self.name = name
        self.folder = folder
        self.config = config
        self.base = base
        """The theme of ours that it builds on, if it names one."""
        self.light_only = light_only
        """Whether it has colours of its own, and none for dark screens."""
        self.folders = [folder, *([base.folder] if base else [])]
        self._css: dict[str, str] = {}

    @cached_property
    def _environment(self) -> ThemeEnvironment:
        # A workbook asks a theme for its colours only: Jinja is imported where templates are.
        return _environment(self.folders)

    def css(self, *, paper: bool = False, words: Words = ENGLISH) -> str:
        """Return the whole style sheet: ours, that of paper where asked for, the tokens of the theme, its own rules.

        Paper says on each page which it is, in `words`.
        """
        numbers = page_number_rule(words) if paper else ""
        if numbers not in self._css:
            self._css[numbers] = self._whole_css(numbers)
        return self._css[numbers]

    def _whole_css(self, numbers: str) -> str:
        tokens = self.config.tokens
        parts = [
            read_text(templates_folder() / "style.css"),
            read_text(templates_folder() / "print.css") + numbers + page_rules(self.config)
            if numbers
            else browser_rules(self.config),
            _root(tokens.light),
            # Colours of a light page are none for a dark one: what a theme leaves out there is ours.
            "" if self.light_only else read_text(templates_folder() / "dark.css"),
            f"@media screen and (prefers-color-scheme: dark) {{ {_root(tokens.dark)} }}" if tokens.dark else "",
            *(self.base.inlined_sheets() if self.base else []),
            *self.inlined_sheets(),
        ]
        # `</style` would end the element that holds the style sheet.
        return "\n".join(parts).replace("</", "<\\/")

    def inlined_sheets(self) -> list[str]:
        """Return the style sheets of the theme's own, with the files that they name in them."""
        return list(map(self._inlined, self._own_sheets()))

    @cached_property
    def images(self) -> list[str]:
        """The images of the logo and the theme's own style sheets, as data: URLs."""
        named = (address for sheet in self.inlined_sheets() for _, address in urls_of(sheet))
        addresses = [self.logo or "", *named]
        return [address for address in addresses if address[:11].lower() == "data:image/"]

    def sheets(self) -> Iterator[tuple[Path, str]]:
        """Yield the style sheets of a theme of somebody else."""
        for sheet in () if self.is_ours else self._own_sheets():
            yield sheet, read_text(sheet)

    @cached_property
    def own_css(self) -> str:
        """The style sheets that the theme brings itself."""
        return "\n".join(map(read_text, self._own_sheets()))

    def _own_sheets(self) -> list[Path]:
        return sorted(self.folder.glob("*.css"))

    def _inlined(self, sheet: Path) -> str:
        """Return a style sheet with the files that it names, which are the theme's own, as data: URIs."""
        text = read_text(sheet)

        def inline(address: str, line: int) -> str:
            name = address.partition("#")[0].partition("?")[0]
            if name and names_file_of_theme(name):
                return self._data_uri(sheet.parent / name, f"{sheet}, line {line}: {name!r}")
            return address

        return with_urls(text, inline)

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
    def is_ours(self) -> bool:
        """Whether it is one of the built-in themes."""
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

    def may_name_pictures(self, template: str) -> bool:
        """Return whether a template may name images: ours, which may be all that a theme has, name none."""
        return self._brings_templates or not self._is_template_of_ours(template)

    @cached_property
    def _brings_templates(self) -> bool:
        return not self.is_ours and any(self.folder.rglob("*.j2"))

    def _is_template_of_ours(self, template: str) -> bool:
        return any((folder / template).is_file() for folder in (*self.folders, templates_folder()))

    @cached_property
    def styles_by_template(self) -> bool:
        """Return whether a template that is not ours may bring rules beside the style sheet."""
        folders = [*template_folders(), *([] if self.is_ours else [self.folder])]
        files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        # `<style>`, `style=` and `rel="stylesheet"`, also in what a template includes.
        return any(b"style" in path.read_bytes().lower() for path in files if path.suffix not in _NO_TEMPLATES)

    def has_own(self, template: str) -> bool:
        """Return whether the theme brings this template itself, or that on which it builds."""
        return any((folder / template).is_file() for folder in self.folders)

    def shows(self, kind: str) -> bool:
        """Return whether there is a template for a type of elements: in the theme, among ours, or in a package."""
        return kind in self._own_types or kind in self._types_of_packages

    @cached_property
    def _own_types(self) -> frozenset[str]:
        return _types_in(*self.folders, templates_folder())

    @cached_property
    def _types_of_packages(self) -> frozenset[str]:
        return _types_in(*template_folders())

    def template_path(self, template: str) -> Path:
        """Return where a template is that there is, in the theme or among ours."""
        folders = (*self.folders, templates_folder(), *template_folders())
        return next((path for folder in folders if (path := folder / template).is_file()), self.folder / template)

    def files(self) -> dict[str, Path]:
        """Return the templates and style sheets that a page of this theme is made of, by their names."""
        found: dict[str, Path] = {}
        for folder in (*self.folders, templates_folder(), *template_folders()):
            for path in sorted((*folder.glob("*.css"), *folder.glob("*.j2"), *folder.glob("elements/*.j2"))):
                name = path.relative_to(folder).as_posix()
                if self.base and folder == self.base.folder and name in found and name.endswith(".css"):
                    # Both are used, one after the other.
                    name = f"{self.base.name}/{name}"
                found.setdefault(name, path)
        return dict(sorted(found.items()))

    def compile(self) -> None:
        """Parse every template; raises `ThemeError` with file and line where one is wrong."""
        from jinja2 import TemplateError

        for name, path in self.files().items():
            if name.endswith(".j2"):
                try:
                    self._environment.get_template(name)
                except TemplateError as error:
                    line = getattr(error, "lineno", None)
                    raise ThemeError(f"{path}{f', line {line}' if line else ''}: {error}") from None

    def render(self, template: str, *, words: Words = ENGLISH, **values: object) -> str:
        """Fill in a template, which may say `words`; raises `ThemeError` with file and line where it is wrong."""
        from jinja2 import TemplateError, TemplateNotFound

        from icreport.rendering.themes.sandbox import budget, measured_words

        try:
            with budget():
                text = self._environment.get_template(template).render(words=measured_words(words), **values)
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
        for name in ("rows", "body", "picture"):
            mark = values.get(name)
            if isinstance(mark, Markup) and text.count(mark) != 1:
                raise ThemeError(f"{self.template_path(template)}: it has to hold {{{{ {name} }}}} once, and does not")
        return text


def _types_in(*folders: Path) -> frozenset[str]:
    """Return the types of elements for which folders have a template."""
    names = [path.name for folder in folders for path in (folder / "elements").glob(f"*{_SUFFIX}")]
    return frozenset(name.removesuffix(_SUFFIX) for name in names) - {"row"}


def _root(tokens: Mapping[str, str]) -> str:
    declarations = "".join(f" --{name}: {value};" for name, value in tokens.items())
    return f":root {{{declarations} }}" if tokens else ""


def _environment(folders: list[Path]) -> ThemeEnvironment:
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined

    from icreport.rendering.themes.compiled_templates import CompiledTemplates
    from icreport.rendering.themes.sandbox import PackageTemplates, ThemeEnvironment

    # `icreport/…` is the template that the theme's own replaces, `formal/…` that of a theme of ours.
    replaced = {"icreport": FileSystemLoader([*folders[1:], templates_folder()])}
    named = {name: FileSystemLoader([folder, templates_folder()]) for name, folder in built_in_themes().items()}
    return ThemeEnvironment(
        loader=ChoiceLoader(
            [
                FileSystemLoader([*folders, templates_folder()]),
                PrefixLoader(replaced | named),
                PackageTemplates(),
            ]
        ),
        bytecode_cache=CompiledTemplates(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
