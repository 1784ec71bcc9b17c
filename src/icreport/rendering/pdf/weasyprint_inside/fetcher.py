"""What a page may fetch while it is laid out: what is in it already, as `data:` URLs, and nothing else."""

from __future__ import annotations

from weasyprint.urls import URLFetcherResponse

from icreport.urls import open_data_url


class DataFetcher:
    """Fetches `data:` URLs for WeasyPrint, which goes on without the others; those are kept in `refused`.

    Nothing in it can reach a network or a file: it has no means to.
    """

    _fail_on_errors = False
    """WeasyPrint asks for it: what is refused does not end the layout."""

    def __init__(self) -> None:
        self.refused: dict[str, None] = {}

    def __call__(self, url: str) -> URLFetcherResponse:
        """Return what is in a `data:` URL (RFC 2397); raises `ValueError` for any other."""
        if url[:5].lower() != "data:":
            self.refused[url] = None
            raise ValueError("only data: URLs are fetched")
        with open_data_url(url) as response:
            return URLFetcherResponse(url, response.read(), dict(response.headers))
