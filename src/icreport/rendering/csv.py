"""CSV (RFC 4180): the tables of a report as machines and spreadsheets load them."""

from __future__ import annotations

import codecs
import json
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import msgspec
from pydantic import Field, ValidationInfo, field_validator, model_validator

from icreport.column_names import column_names
from icreport.errors import OptionError
from icreport.rendering.column_types import ColumnKind
from icreport.rendering.held_schema import SchemaRenderer
from icreport.rendering.joined_rows import joined_rows
from icreport.rendering.locales import LocalText
from icreport.rendering.shown_rows import TOTALS_DESCRIPTION
from icreport.rendering.table_selection import TABLE_DESCRIPTION, NumberedTable, tell_changed_heads, wanted_tables
from icreport.values import WITHOUT_TEXT, text_of, texts_of_kinds
from icreport.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from icreport.model.report import ReportLike
    from icreport.rendering.grid import Grid
    from icreport.rendering.renderer import Sink

# OWASP, "CSV Injection": what makes a spreadsheet take a text for a formula, full-width forms included.
_FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_SEPARATOR = "\0"  # of texts that are looked at together
_UNSEEN = "\0\ufeff"  # What spreadsheets drop from the start of a text, and of a file.
_FORMULA = re.compile(f"{_SEPARATOR}[{_UNSEEN}]*[{re.escape(''.join(_FORMULA_STARTS))}]")
_HARMLESS = re.compile(r"[+-]?(?:\d+(?:[., ]\d+)*\.?|[.,]\d+)(?:[eE][+-]?\d+)?(?: ?%)?|\+\d[\d ()]*|[+-][+ -]*")
"""A number, a telephone number (digits, blanks, parentheses), or signs alone, as `-` for no value; none computes."""
# Frictionless Data, "Table Schema": what it calls kinds; our dates with a time are more lenient than its `datetime`.
_FIELD_TYPES: Mapping[str, str] = {"datetime": "any", "instant": "any"}
# "Python Specific Encodings" in the documentation of codecs: none that another program knows.
_NO_CHARSETS = frozenset(("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"))
_WITH_MARK = ("utf-8", "utf-16", "utf-32", "gb18030")
_TEXT_OR_NULL = frozenset((str, type(None)))


@dataclass(slots=True)
class _Escapes:
    """Counts the texts of a table that got a `'`."""

    count: int = 0

    def tell(self, found: NumberedTable, sink: Sink) -> None:
        """Add a note of them."""
        if self.count:
            message = "texts that a spreadsheet would take for formulas have ' before them"
            sink.warnings.note("escaped-formula", message, found.place, count=self.count)


class CsvRenderer(SchemaRenderer):
    """Writes a table as CSV; several tables one after the other, or a file each into a folder or ZIP archive."""

    format: ClassVar[str] = "csv"
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".zip")
    media_type: ClassVar[str] = "text/csv"

    table: str | None = Field(default=None, description=TABLE_DESCRIPTION)
    excel: str | None = Field(
        default=None,
        description="Write what Excel of this language (nb, de, en-GB; true: English) opens by a double click: a byte"
        " order mark, and ; with decimal commas where the language has them.",
    )
    delimiter: str = Field(
        default=",", min_length=1, max_length=1, description="What stands between cells; tab is one."
    )
    line_end: Literal["crlf", "lf"] = Field(default="crlf", description="How lines end; RFC 4180 says crlf.")
    encoding: str = Field(default="utf-8", description="The encoding; what it cannot hold becomes ? with a warning.")
    bom: bool = Field(default=False, description="Start with a byte order mark, by which Excel knows UTF-8.")
    sep_line: bool = Field(
        default=False,
        description="Start with a line sep=; by which Excel of any language knows the delimiter; other readers take it"
        " for a row. Not in a .zip or folder.",
    )
    header: bool = Field(default=True, description="Write the captions of the columns first.")
    quoting: Literal["minimal", "all"] = Field(default="minimal", description="Quote the cells that need it, or all.")
    totals: bool = Field(default=False, description=TOTALS_DESCRIPTION)
    source_keys: bool = Field(default=False, description="Add a first column with the key of each row's record.")
    null: str = Field(default="", description="What stands for a value that is null.")
    decimal: Literal[".", ","] = Field(
        default=".", description="What stands before the decimals of numbers; a comma needs another delimiter."
    )
    escape_formulas: bool | None = Field(
        default=None,
        description="Put ' before text that a spreadsheet would take for a formula; never for numbers. Left open, it is"
        " done in a file, and not in the data package of a .zip or folder.",
    )

    def render(self, report: ReportLike, sink: Sink) -> None:
        """Write the tables in order."""
        if self.escape_formulas is None:
            self.model_copy(update={"escape_formulas": not sink.is_folder}).render(report, sink)
            return
        if sink.is_folder:
            self._render_folder(report, sink)
            return
        count = 0
        mark = "\ufeff".encode(self.encoding) if self.bom else b""
        if self.sep_line:
            mark += f"sep={self.delimiter}{self._line_end}".encode(self.encoding)
        sink.write(mark)
        for count, found in enumerate(self._tables(report, sink), 1):
            escapes = _Escapes()
            match count:
                case 1:
                    first = found
                case 2:
                    # Only a second table tells that the first one needs its caption.
                    first_escapes = _Escapes()
                    sink.insert(len(mark), self._caption(first, sink, first_escapes))
                    first_escapes.tell(first, sink)
            if count > 1:
                sink.write(self._line_end.encode(self.encoding) + self._caption(found, sink, escapes))
            for data in self._encoded(found.grid, self._heads(found.grid), sink, escapes):
                sink.write(data)
            escapes.tell(found, sink)
        if count > 1:
            sink.warnings.add(
                "several-tables",
                f"the CSV holds {count} tables one after the other; for one: the option table=NUMBER or its caption;"
                " for a file each: a target that ends in .zip or /, in a batch a name that ends in .zip",
                loss=False,
            )

    def _render_folder(self, report: ReportLike, sink: Sink) -> None:
        resources = [self._write_file(found, sink) for found in self._tables(report, sink)]
        with sink.open("datapackage.json") as file:
            package = {"title": self.title_of(report), "resources": resources}
            file.write(json.dumps(package, ensure_ascii=False, indent=2).encode("utf-8", "replace"))

    def _tables(self, report: ReportLike, sink: Sink) -> Iterator[NumberedTable]:
        for found in wanted_tables(
            report, self.table, sink, "a CSV", totals=self.totals, labelled=True, words=words_of(self.excel)
        ):
            yield replace(found, grid=self.held(found.grid, found.table, found.place, sink))

    @property
    def _line_end(self) -> str:
        return "\r\n" if self.line_end == "crlf" else "\n"

    def _caption(self, found: NumberedTable, sink: Sink, escapes: _Escapes) -> bytes:
        (caption,) = self._column([found.table.caption or ""], escapes)
        return self._encode(self._not_sylk(caption + self._line_end), sink)

    def _not_sylk(self, text: str) -> str:
        """Quote the first cell of a file that starts with ID: Excel takes such a file for SYLK and warns or fails."""
        return re.sub(rf"\AID[^{re.escape(self.delimiter)}\r\n]*", r'"\g<0>"', text)

    def _write_file(self, found: NumberedTable, sink: Sink) -> dict[str, object]:
        """Write a table into a file of its own; gives its description (Frictionless Data, "Data Resource")."""
        name = f"{found.file_stem}.csv"
        escapes = _Escapes()
        heads = self._heads(found.grid)
        # What describes columns speaks of them by their heads.
        escaped = [self._escape(head, escapes) for head in heads]
        names = column_names(escaped)
        if found.grid.has_heads and self.header:
            tell_changed_heads(escaped, names, found.place, sink)
        kinds = [ColumnKind() for _ in names]
        with sink.open(name) as file:
            if self.bom:
                file.write("\ufeff".encode(self.encoding))
            for data in self._encoded(found.grid, names, sink, escapes, kinds):
                file.write(data)
        escapes.tell(found, sink)
        asked = {field.name: msgspec.to_builtins(field) for field in self.asked(found.table) or ()}
        about = {"title": found.table.caption, "sourceBusinessObject": found.table.source_business_object}
        return {
            "name": re.sub(r"[^a-z0-9._-]+", "-", found.file_stem).strip("-"),
            "path": name,
            **{key: value for key, value in about.items() if value},
            "format": "csv",
            "mediatype": self.media_type,
            "encoding": self.encoding,
            "dialect": {
                "delimiter": self.delimiter,
                "lineTerminator": self._line_end,
                "skipInitialSpace": False,
                "header": self.header and found.grid.has_heads,
            },
            "schema": {
                "fields": [
                    asked.get(head)
                    or {"name": head, "type": _FIELD_TYPES.get(kind.kind, kind.kind)}
                    | ({"decimalChar": ","} if self.decimal == "," and kind.kind == "number" else {})
                    for head, kind in zip(names, kinds, strict=True)
                ],
                "missingValues": [self.null],
            },
        }

    def _heads(self, rectangle: Grid) -> list[str]:
        return ["sourceKey"] * self.source_keys + rectangle.heads

    def _encoded(
        self, rectangle: Grid, heads: list[str], sink: Sink, escapes: _Escapes, kinds: Sequence[ColumnKind] = ()
    ) -> Iterator[bytes]:
        """Yield the lines of a table in blocks of bytes; `kinds` learn from its columns."""
        first: Callable[[str], str] = self._not_sylk
        if self.header and rectangle.has_heads:
            yield self._encode(first(self._lines([[head] for head in heads], 1, escapes)), sink)
            first = str
        for batch in rectangle.batches:
            columns = batch.columns
            if self.source_keys:
                columns.insert(0, batch.source_keys)
            for kind, column in zip(kinds, columns, strict=False):
                kind.look(column)
            yield self._encode(first(self._lines(columns, len(batch), escapes)), sink)
            first = str
            sink.advance(len(batch))

    def _lines(self, columns: Sequence[Sequence[object]], count: int, escapes: _Escapes) -> str:
        """Return lines of which these are the columns."""
        texts = [self._column(column, escapes) for column in columns]
        if len(texts) == 1:
            # An empty line would be no row for most readers.
            texts = [[text or '""' for text in texts[0]]]
        parts: list[Sequence[str]] = [part for column in texts for part in (column, self.delimiter)]
        return joined_rows([*parts[:-1], self._line_end], count)

    def _encode(self, text: str, sink: Sink) -> bytes:
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError:
            data = text.encode(self.encoding, "replace")
            lost = text.encode("utf-32-le", "surrogatepass")
            back = data.decode(self.encoding).encode("utf-32-le", "surrogatepass")
            count = sum(lost[at : at + 4] != back[at : at + 4] for at in range(0, len(lost), 4))
            message = f"characters that {self.encoding} cannot hold are written as ?"
            sink.warnings.add("unencodable-character", message, count=count)
            return data

    @field_validator("delimiter", mode="before")
    @classmethod
    def _name_tab(cls, delimiter: str) -> str:
        # It is hard to type where options are typed.
        return "\t" if delimiter in {"tab", r"\t"} else delimiter

    @field_validator("delimiter")
    @classmethod
    def _stand_between_cells(cls, delimiter: str) -> str:
        if delimiter.isalnum() or delimiter in "\"\r\n+-.'":
            raise ValueError("cells have such characters in them; take one like ; or | or a tab")
        return delimiter

    @field_validator("encoding")
    @classmethod
    def _know_encoding(cls, encoding: str) -> str:
        try:
            name = codecs.lookup(encoding).name
            "".encode(name)
        except LookupError:
            raise ValueError("there is no such encoding") from None
        if name in _NO_CHARSETS:
            raise ValueError("this is no encoding of texts; take utf-8, or one like cp1252")
        # These start whatever they encode with a mark, and a file is encoded in pieces.
        if name in {"utf-16", "utf-32", "utf-8-sig"}:
            raise ValueError(f"say {name.removesuffix('-sig')}{'' if '8' in name else '-le'} and bom=true")
        return name

    @field_validator("bom")
    @classmethod
    def _have_a_mark(cls, bom: bool, info: ValidationInfo) -> bool:
        encoding = info.data.get("encoding", "utf-8")
        if bom and not encoding.startswith(_WITH_MARK):
            raise ValueError(f"{encoding} has no byte order mark; leave it out, or take utf-8")
        return bom

    @field_validator("decimal")
    @classmethod
    def _not_the_delimiter(cls, decimal: str, info: ValidationInfo) -> str:
        if decimal == info.data.get("delimiter"):
            raise ValueError("the delimiter is a comma too; say delimiter=;")
        return decimal

    @field_validator("excel", mode="before")
    @classmethod
    def _know_language(cls, excel: object) -> str | None:
        """Return the language, None for false."""
        if excel in {None, False, "", "false"}:
            return None
        language = "en" if excel in {True, "true"} else str(excel)
        try:
            LocalText(language)
        except OptionError as error:
            raise ValueError(str(error)) from None
        return language

    @model_validator(mode="before")
    @classmethod
    def _suit_excel(cls, options: dict[str, object]) -> dict[str, object]:
        """Have the options that were left open follow from the language of an Excel."""
        with suppress(ValueError):
            if language := cls._know_language(options.get("excel")):
                has_comma = LocalText(language).decimal_mark == ","
                return (
                    {"bom": True, "decimal": ",", "delimiter": ";"} | options if has_comma else {"bom": True} | options
                )
        return options

    def _column(self, column: Sequence[object], escapes: _Escapes) -> Sequence[str]:
        """Return the values of a column as they are written: escaped, quoted, text like null told from it."""
        texts = self._cells(column, escapes)
        if not self.null or (self.quoting == "minimal" and self.null not in texts):
            return texts
        (null,) = self._quoted_where_needed([self.null], self.null)
        return [
            null if value is None else f'"{text}"' if text == null else text
            for value, text in zip(column, texts, strict=True)
        ]

    def _cells(self, column: Sequence[Any], escapes: _Escapes) -> Sequence[str]:
        with suppress(TypeError):  # Joining finds out at the least cost whether all are texts.
            joined = _SEPARATOR.join(column)
            if not self._escapes(joined):
                return self._quoted(column, joined)
        kinds = set(map(type, column))
        if kinds <= WITHOUT_TEXT and self.quoting == "minimal" and (not self.null or type(None) not in kinds):
            # No character of a number is one that needs quotes.
            numbers = texts_of_kinds(column, kinds)
            return numbers if self.decimal == "." else list(map(self._with_decimal, numbers))
        if kinds <= _TEXT_OR_NULL:
            texts = [self.null if value is None else value for value in column]
            joined = _SEPARATOR.join(texts)
            # What null was asked to be is never escaped.
            if not self._escapes(joined if not self.null else _SEPARATOR.join(filter(None, column))):
                return self._quoted(texts, joined)
        texts = [
            self.null
            if value is None
            else self._with_decimal(text_of(value))
            if isinstance(value, int | float)
            else self._escape(text_of(value), escapes)
            for value in column
        ]
        return self._quoted(texts, _SEPARATOR.join(texts))

    def _with_decimal(self, number: str) -> str:
        return number.replace(".", self.decimal)

    def _escapes(self, joined: str) -> bool:
        """Return whether any text may be a formula; most have none of the characters, which is the quickest to see."""
        return (
            bool(self.escape_formulas)
            and any(mark in joined for mark in _FORMULA_STARTS)
            and bool(_FORMULA.search(_SEPARATOR + joined))
        )

    def _escape(self, text: str, escapes: _Escapes) -> str:
        if self.escape_formulas and text.lstrip(_UNSEEN)[:1] in _FORMULA_STARTS and not _HARMLESS.fullmatch(text):
            escapes.count += 1
            return "'" + text
        return text

    def _quoted(self, texts: Sequence[str], joined: str) -> Sequence[str]:
        if self.quoting == "all":
            return ['"' + text.replace('"', '""') + '"' for text in texts]
        return self._quoted_where_needed(texts, joined)

    def _quoted_where_needed(self, texts: Sequence[str], joined: str) -> Sequence[str]:
        marks = "".join(mark for mark in ('"', self.delimiter, "\r", "\n") if mark in joined)
        if not marks:
            return texts
        if len(marks) == 1:
            return ['"' + text.replace('"', '""') + '"' if marks in text else text for text in texts]
        found = re.compile(f"[{re.escape(marks)}]").search
        return ['"' + text.replace('"', '""') + '"' if found(text) else text for text in texts]


class TsvRenderer(CsvRenderer):
    """Writes tables as CSV does, with a tab between cells."""

    format: ClassVar[str] = "tsv"
    suffixes: ClassVar[tuple[str, ...]] = (".tsv",)
    media_type: ClassVar[str] = "text/tab-separated-values"

    delimiter: str = Field(default="\t", min_length=1, max_length=1, description="What stands between cells.")
