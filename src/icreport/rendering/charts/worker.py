"""What draws, in a process of its own that may be ended at any time: requests as lines of JSON, and answers so.

It is run as the code of a Python that knows nothing of icreport, so that it starts quickly and has none of its data.
"""

from __future__ import annotations

import base64
import faulthandler
import json
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

_FETCHED = re.compile(r"<(?:\w+:)?(?:image|use|feImage|style|script|foreignObject|a)\b", re.IGNORECASE)


def _limit_memory(most: int) -> None:
    """Have the system refuse memory beyond `most` bytes, where it can."""
    if sys.platform == "win32":
        return
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(request: Mapping[str, Any], library: ModuleType) -> dict[str, str]:
    if request["to"] == "png":
        # The library would fetch what an image names; drawings have none, and "<" in a text is written otherwise.
        if _FETCHED.search(request["svg"]):
            raise ValueError("drawings have no images")
        made = library.svg_to_png(request["svg"], scale=request["scale"])
        return {"made": base64.b64encode(made).decode()}
    made = library.vegalite_to_svg(
        request["spec"],
        vl_version=request["version"],
        allowed_base_urls=[],
        format_locale=request["numbers"],
        time_format_locale=request["dates"],
    )
    return {"made": made}


def main() -> None:
    """Answer requests until there are no more."""
    said = json.loads(sys.argv[1])
    sys.path[:] = said["path"]
    _limit_memory(said["memory"])
    import vl_convert

    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    for line in requests:
        request = json.loads(line)
        # Whoever asked ends this process in time. Where he is no more, it does so itself, whatever it is at.
        faulthandler.dump_traceback_later(request["seconds"] + said["grace"], exit=True)
        try:
            answer = _answer(request, vl_convert)
        except Exception as error:  # noqa: BLE001 - whatever a specification makes of the library is told
            answer = {"wrong": str(error)}
        faulthandler.cancel_dump_traceback_later()
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
