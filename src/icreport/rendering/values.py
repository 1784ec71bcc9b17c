"""How a value is shown as text, the same in every format."""

from __future__ import annotations

from typing import Any

import msgspec

from icreport.model import encode_exact_float


def text_of(value: Any) -> str:
    """Give a value as the service gave it: null is empty, objects and arrays are compact JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return msgspec.json.encode(value, enc_hook=encode_exact_float).decode()
