"""Which names a file may have on every system, and on shares for them: the one place that judges."""

from __future__ import annotations

import re

_UNFIT = re.compile(r'[\0-\x1f\x7f<>:"/\\|?*\ud800-\udfff]+')
# Microsoft, "Naming Files, Paths, and Namespaces": devices, whatever suffix follows.
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\..*)?", re.IGNORECASE)


def fit_file_name(text: str, *, mark: str, longest: int) -> str:
    """Return what of a text a file name may hold, `mark` for the rest, in up to `longest` bytes of UTF-8; may be empty.

    It starts and ends with no dot, blank or `-`: Windows drops them at the end, and programs take a `-` for an option.
    """
    name = _UNFIT.sub(mark, text).strip(" .-")
    return name.encode()[:longest].decode(errors="ignore").rstrip(" .-")


def is_reserved(name: str) -> bool:
    """Return whether a file name stands for a device on Windows."""
    return _RESERVED.fullmatch(name) is not None
