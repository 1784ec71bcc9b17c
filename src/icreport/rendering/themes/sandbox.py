"""Where templates run: what they may reach, how long they may take, how much they may write.

Jinja's sandbox keeps templates from the machine, but not from using it up: so each turn of a loop, each macro and each
character written is paid for out of a budget, and what makes long texts of short ones is measured first or left out.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, FileSystemLoader, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from icreport.rendering.html_text import showable
from icreport.rendering.themes.files import template_folders
from icreport.words import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment
    from jinja2.runtime import Context

    from icreport.words import Words

_MOST_STEPS = 1_000_000
_MOST_CHARACTERS = 100_000_000
_MOST_LENGTH = 1_000_000
_MOST_BITS = 4096
_MOST_EXPONENT = 64
_SEQUENCES = (str, list, tuple)
# Each makes any length of a number that it is given.
_WIDE_FILTERS = ("batch", "center", "format", "indent", "pprint", "round", "slice")
_WIDE_METHODS = frozenset(("center", "expandtabs", "join", "ljust", "replace", "rjust", "translate", "zfill"))
_WIDE_FORMAT = re.compile(r"[0-9]{4}|:[^}]*\{")


@dataclass(slots=True)
class _Budget:
    steps: int = _MOST_STEPS
    characters: int = _MOST_CHARACTERS


_BUDGET: ContextVar[_Budget] = ContextVar("budget")


@contextmanager
def budget() -> Iterator[None]:
    """Yield the templates that are rendered inside a budget of their own."""
    token = _BUDGET.set(_Budget())
    try:
        yield
    finally:
        _BUDGET.reset(token)


class PackageTemplates(BaseLoader):
    """Loads templates of the packages that register element types; they are looked for when one is needed."""

    def get_source(self, environment: Environment, template: str) -> Any:
        """Return the text of a template, where it is, and what says whether it is still the same."""
        return FileSystemLoader(template_folders()).get_source(environment, template)


class ThemeEnvironment(ImmutableSandboxedEnvironment):
    """Jinja for templates that somebody else may have written; render within `budget()`."""

    intercepted_binops = frozenset(("*", "**", "+", "%"))

    def __init__(self, **options: object) -> None:
        super().__init__(finalize=_finalize, **options)
        del self.globals["lipsum"]
        for name in _WIDE_FILTERS:
            del self.filters[name]
        self.filters["replace"] = _measured_replace

    def call_binop(self, context: Context, operator: str, left: object, right: Any) -> Any:
        """Measure a product, power or sum before it is made."""
        if operator == "%" and isinstance(left, str):
            raise SecurityError("a template does not format with %")
        if operator == "**" and not abs(right) <= _MOST_EXPONENT:
            raise SecurityError(f"an exponent is over {_MOST_EXPONENT}")
        if operator == "**" and isinstance(left, int):
            _measure(left.bit_length() * abs(right), _MOST_BITS)
        if operator == "*" and isinstance(left, int) and isinstance(right, int):
            _measure(left.bit_length() + right.bit_length(), _MOST_BITS)
        elif operator == "*":
            for sequence, number in ((left, right), (right, left)):
                if isinstance(sequence, _SEQUENCES) and isinstance(number, int):
                    _measure(len(sequence) * number)
        if operator == "+" and isinstance(left, _SEQUENCES) and isinstance(right, _SEQUENCES):
            _measure(len(left) + len(right))
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Keep from templates what makes a text of any length."""
        return super().is_safe_attribute(obj, attr, value) and not (isinstance(obj, str) and attr in _WIDE_METHODS)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Format as the sandbox does, in widths that are written out and of three digits at most."""
        wrapped = super().wrap_str_format(value)
        if wrapped is not None and _WIDE_FORMAT.search(value.__self__):
            raise SecurityError("a format has a width over 999, or one that is computed")
        return wrapped

    def spend(self, steps: int) -> str:
        """Pay for a turn of a loop or a call."""
        left = _BUDGET.get()
        left.steps -= steps
        if left.steps < 0:
            raise SecurityError(f"the template takes more than {_MOST_STEPS:,} steps")
        return ""

    def joined(self, *values: object) -> str:
        """Do what `~` does."""
        texts = [str(value) for value in values]
        _measure(sum(map(len, texts)))
        return "".join(texts)

    def _generate(self, source: nodes.Template, *arguments: Any, **options: Any) -> str:
        for node in source.find_all(nodes.Node):
            self._measure_joins(node)
            if isinstance(node, nodes.For | nodes.Macro | nodes.CallBlock | nodes.Block):
                node.body.insert(0, self._payment(node))
        source.body.insert(0, self._payment(source))
        return super()._generate(source, *arguments, **options)

    def _measure_joins(self, node: nodes.Node) -> None:
        for name, value in node.iter_fields():
            if isinstance(value, nodes.Concat):
                setattr(node, name, self._measured(value))
            elif isinstance(value, list):
                value[:] = [self._measured(item) if isinstance(item, nodes.Concat) else item for item in value]

    def _measured(self, concat: nodes.Concat) -> nodes.Call:
        call = nodes.Call(nodes.EnvironmentAttribute("joined"), concat.nodes, [], None, None)
        call.set_environment(self)
        call.set_lineno(concat.lineno)
        return call

    def _payment(self, node: nodes.Node) -> nodes.ExprStmt:
        written = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        spend = nodes.EnvironmentAttribute("spend")
        call = nodes.Call(spend, [nodes.Const(1 + written // 100)], [], None, None)
        statement = nodes.ExprStmt(call)
        statement.set_environment(self)
        statement.set_lineno(node.lineno)
        return statement


def _measure(length: int, most: int = _MOST_LENGTH) -> None:
    if length > most:
        raise SecurityError(f"the template makes a text, list or number longer than {most:,}")


def _measured_replace(text: object, old: str, new: str, count: int | None = None) -> str:
    text, old, new = str(text), str(old), str(new)
    _measure(len(text) + (text.count(old) if old else len(text) + 1) * len(new))
    replaced: str = text.replace(old, new, -1 if count is None else count)
    return replaced


def measured_words(words: Words) -> Callable[..., str]:
    """Return what says words in a template, with texts in their placeholders that are measured first."""

    def say(message: str, **values: object) -> str:
        if (places := len(PLACEHOLDER.findall(message))) > len(values):
            _measure(places * max((len(str(value)) for value in values.values()), default=0))
        return words(message, **values)

    return say


def _finalize(value: object) -> object:
    if isinstance(value, str):
        left = _BUDGET.get()
        left.characters -= len(value)
        if left.characters < 0:
            raise SecurityError(f"the template writes more than {_MOST_CHARACTERS:,} characters")
    return showable(value) if type(value) is str else value
