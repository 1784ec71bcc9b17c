"""The HTTP client of a session, and what of the environment it cannot use."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from icreport.errors import UsageError
from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_OPENED: dict[str, Callable[[str], object]] = {
    "SSLKEYLOGFILE": lambda path: Path(path).open("ab").close(),  # as Python's TLS does
    "SSL_CERT_FILE": lambda path: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path),
}
_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")


def make_http_client(verify: ssl.SSLContext | bool) -> httpx.Client:
    """Make a client that heeds the proxies and certificates of the environment; raises `UsageError`."""
    for name in _CERTIFICATES:
        path = os.environ.get(name)
        if path and verify is True and not Path(path).exists():
            raise UsageError(f"{name} names {path!r}, which is not there", remedy="correct or unset it")
    try:
        return httpx.Client(verify=verify)
    except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
        if not (named := _culprit()):
            what = getattr(error, "strerror", None) or type(error).__name__
            raise UsageError(f"the environment cannot be used for HTTP: {what}") from None
        name, value, why = named
        raise UsageError(f"{name} is {redacted(value)!r}: {why}", remedy="correct or unset it") from None


def trusting(bundle: str | Path) -> ssl.SSLContext:
    """Return a context that trusts the certificates in a file; raises `UsageError`."""
    try:
        return ssl.create_default_context(cafile=str(bundle))
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or type(error).__name__
        raise UsageError(f"cannot use the certificates in {str(bundle)!r}: {what}") from None


def _culprit() -> tuple[str, str, str] | None:
    """Return the variable that httpx cannot use, its value, and why; None where it is none that we know."""
    for name, opened in _OPENED.items():
        if value := os.environ.get(name):
            try:
                opened(value)
            except (OSError, ValueError) as error:
                return name, value, getattr(error, "strerror", None) or type(error).__name__
    for name, value in _named(_PROXIES):
        scheme = value.partition("://")[0].lower() if "://" in value else "http"
        if scheme not in {"http", "https", "socks5", "socks5h"}:
            return name, value, "a proxy is http://…, https://… or socks5://…"
        try:
            httpx.Client(proxy=value if "://" in value else f"http://{value}", trust_env=False).close()
        except ImportError:
            return name, value, "SOCKS needs a package: pip install 'httpx[socks]'"
        except (ValueError, httpx.InvalidURL):
            return name, value, "this is no address of a proxy"
    why = "hosts without a scheme, addresses of IPv6 without brackets, with commas between them, are expected"
    return next(((name, value, why) for name, value in _named(("NO_PROXY",))), None)


def _named(names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield variables that are set, in the spelling in which they are: both are heeded."""
    for name in names:
        for spelled in (name, name.lower()):
            if value := os.environ.get(spelled):
                yield spelled, value
