"""How modules are imported: for what is seldom done when it is done, and what stays without being looked through."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _Later(ModuleType):
    """Stands for a module, whose functions and classes import it when they are called."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        if name.startswith("__"):  # what the import system asks of a module
            raise AttributeError(name)

        def call(*given: object, **named: object) -> object:
            _remove(self)
            return getattr(import_module(self.__name__), name)(*given, **named)

        return call


@contextmanager
def imported_later(*names: str) -> Iterator[None]:
    """Have what is imported meanwhile import these modules only when something of them is called."""
    stand_ins = {name: _Later(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for stand_in in stand_ins.values():
            _remove(stand_in)


@contextmanager
def imported_to_stay() -> Iterator[None]:
    """Have the garbage collector look neither meanwhile nor later through what there is at the end: for programs.

    What is imported stays until the process ends; to look through it takes a twentieth of a small conversion.
    """
    is_collected = gc.isenabled()
    known = len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        # A command that is run again in a process has nothing more to stay.
        if len(sys.modules) > known:
            gc.freeze()
        if is_collected:
            gc.enable()


def _remove(stand_in: _Later) -> None:
    if sys.modules.get(stand_in.__name__) is stand_in:
        del sys.modules[stand_in.__name__]
