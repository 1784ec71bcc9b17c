"""The addresses that style sheets name by `url()`, with and without quotes (CSS Syntax 3, 4.3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tinycss2.ast import Node


def urls_of(css: str) -> Iterator[tuple[int, str]]:
    """Yield the addresses in a style sheet, each with the number of its line."""
    yield from urls_in(_parsed(css) if _may_have_urls(css) else ())


def urls_in(values: Iterable[Node]) -> Iterator[tuple[int, str]]:
    """Yield the addresses in parsed values, each with the number of its line."""
    for value in values:
        address = _address(value)
        if address is not None:
            yield value.source_line, address
        else:
            yield from urls_in(_inner(value))


def with_urls(css: str, put: Callable[[str, int], str]) -> str:
    """Return a style sheet or a `style` attribute with other addresses: `put` gets each and the number of its line."""
    if not _may_have_urls(css):
        return css
    import tinycss2

    values = _parsed(css)
    _put(values, put)
    return str(tinycss2.serialize(values))


def names_file_of_theme(address: str) -> bool:
    """Return whether an address is relative, so that a file of the theme's folder may be meant."""
    return not address.startswith(("/", "\\")) and ":" not in address


def _may_have_urls(css: str) -> bool:
    return "(" in css and ("url" in css.lower() or "\\" in css)


def _parsed(css: str) -> list[Node]:
    import tinycss2  # few themes have any

    return list(tinycss2.parse_component_value_list(css))


def _put(values: list[Node], put: Callable[[str, int], str]) -> None:
    from tinycss2.ast import URLToken
    from tinycss2.serializer import serialize_string_value

    for at, value in enumerate(values):
        address = _address(value)
        if address is None:
            _put(_inner(value), put)
        elif (new := put(address, value.source_line)) != address:
            text = f'url("{serialize_string_value(new)}")'
            values[at] = URLToken(value.source_line, value.source_column, new, text)


def _address(value: Node) -> str | None:
    if value.type == "url":
        return str(value.value)
    if value.type == "function" and value.lower_name == "url":
        return next((str(each.value) for each in value.arguments if each.type == "string"), None)
    return None


def _inner(value: Node) -> list[Node]:
    """Return what is in a function or a block, to be read or changed."""
    inner: list[Node] = getattr(value, "arguments", None) or getattr(value, "content", None) or []
    return inner
