"""What a page may fetch while it is laid out: what is in it already, as `data:` URLs, and nothing else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from icreport.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from weasyprint import URLFetcher


@contextmanager
def only_data() -> Iterator[URLFetcher]:
    """Give a fetcher for WeasyPrint; raises `RenderError` where a page asks for a file or an address."""
    from weasyprint import URLFetcher  # noqa: PLC0415
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

    try:
        yield URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
    except FatalURLFetchingError as error:
        url = str(error).partition('"')[2].rstrip('"')
        raise RenderError(
            f"the page asks for {url[:60]!r}, which is not fetched", remedy="put it into the theme as a data: URL"
        ) from None
