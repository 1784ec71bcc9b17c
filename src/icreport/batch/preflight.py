"""What would fail for every item, found before anything runs: an extra, a place to write, or a table is missing."""

from __future__ import annotations

import posixpath
from contextlib import suppress
from typing import TYPE_CHECKING

from icreport.conversion import render
from icreport.errors import MissingExtraError, OptionError, ReadError, UsageError, choices
from icreport.model.elements import Table
from icreport.output.publishing import try_target
from icreport.output.remote import RemoteTarget
from icreport.reading.scan import read, scan
from icreport.rendering.table_selection import is_wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icreport.batch.recipe import Recipe
    from icreport.views.view import View

_CELL = {"cells": [{"value": "A"}]}
_SMALL = {"elements": [{"type": "table", "data": {"columns": [{"caption": "A"}], "rows": [_CELL]}}]}
_OF_REPORTS = frozenset(("table", "schema", "extra_columns"))
"""Options whose values have to fit the reports, and not just any."""


def try_formats(recipe: Recipe) -> None:
    """Render a small report in each format, in a worker; raises what each item would fail by there.

    That is an extra that is not installed, a machine without fonts, a template of the theme that is wrong.
    """
    report = read(_SMALL)
    for kind, options in recipe.options.items():
        # A theme's view is of the tables of reports, which the small one has not.
        own = {name: value for name, value in options.items() if name not in _OF_REPORTS}
        render(report, kind, view={}, **own)


def check(recipe: Recipe, sources: Iterable[str], folder: str) -> None:
    """Raise what each item would fail by on this machine: no place to write, no such table, no way to the sources.

    Raises `UsageError` and its kinds, `OutputError`.
    """
    _try_folder(folder)
    if recipe.server is None:
        _check_schemes({source.partition("://")[0] for source in sources if "://" in source})
        for table in {options["table"]: None for options in recipe.options.values() if "table" in options}:
            _find_table(str(table), sources, recipe.view)
    else:
        from icreport.client.client import check_credentials

        check_credentials(recipe.server)


def probe(folder: str) -> str:
    """Return the path of a file in a folder that is begun, and never written, to see whether one can be."""
    return posixpath.join(folder, "icreport-probe")


def _try_folder(folder: str) -> None:
    if "://" in folder:
        RemoteTarget(folder, no_clobber=False)
    else:
        try_target(probe(folder))


def _check_schemes(schemes: Iterable[str]) -> None:
    import fsspec

    for scheme in schemes:
        try:
            fsspec.get_filesystem_class(scheme)
        except ImportError as error:
            raise MissingExtraError(f"reading {scheme}://", "remote") from error
        except ValueError as error:
            raise UsageError(f"there are no sources at {scheme}://", remedy="check the address") from error


def _find_table(wanted: str, sources: Iterable[str], view: View | None) -> None:
    """Raise `OptionError` where none of the reports that can be read has a table, as a view shows them."""
    captions: dict[str, None] = {}
    readable = 0
    for source in sources:
        with suppress(ReadError), scan(source) as report:
            number = 0
            for element in (report if view is None else view.over(report)).elements:
                if isinstance(element, Table):
                    number += 1
                    captions[element.caption or str(number)] = None
                    if is_wanted(element.caption or "", number, wanted):
                        return
            readable += 1
    if readable:
        raise OptionError(f"no report has a table {wanted!r}", remedy=choices(wanted, captions))
