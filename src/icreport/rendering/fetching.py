"""What a page may fetch while it is laid out: what is in it already, as `data:` URLs, and nothing else."""

from __future__ import annotations

from typing import Any

from weasyprint import URLFetcher


class DataFetcher(URLFetcher):  # type: ignore[misc]
    """Fetches `data:` URLs for WeasyPrint, which goes on without the others; those are kept in `refused`."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self.refused: dict[str, None] = {}

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Give what is in a `data:` URL; raises `ValueError` for any other."""
        if url[:5].lower() != "data:":
            self.refused[url] = None
        return super().fetch(url, headers)

    def describe(self) -> str:
        """Name what was refused, the first of it."""
        return f"the theme asks for {next(iter(self.refused))[:60]!r}, which is not fetched: put it in as a data: URL"
