"""The HTTP client of a session: which way it takes to the server, and whose certificates it trusts."""

from __future__ import annotations

import base64
import os
import ssl
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

import certifi
import httpx
import truststore

from icreport.client.address import candidates
from icreport.client.faults import RetriableError, unreachable
from icreport.client.responses import origin_of, reason_of
from icreport.errors import UnreachableError, UsageError
from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_OPENED: dict[str, Callable[[str], object]] = {
    "SSLKEYLOGFILE": lambda path: Path(path).open("ab").close(),  # as Python's TLS does
    "SSL_CERT_FILE": lambda path: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path),
}
_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
_PEM = b"-----BEGIN "
_PFX = (".pfx", ".p12")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How a server is reached.

    `proxy` stands above those of the environment, which are heeded where `trust_env` is set. Trusted is who is in
    `ca_bundle` (certificates in PEM or DER), else in `$SSL_CERT_FILE` or `$SSL_CERT_DIR`, else in the system's store;
    anybody if `insecure`. `client_cert` (PEM, its key in it or in `client_key`) says who we are.
    """

    proxy: str | None = field(default=None, repr=False)
    ca_bundle: str | Path | None = None
    client_cert: str | Path | None = None
    client_key: str | Path | None = None
    client_key_password: str | None = field(default=None, repr=False)
    insecure: bool = False
    trust_env: bool = True

    def secrets(self) -> Iterator[str]:
        """Yield what of it nobody may be told: passwords, also of the proxies of the environment."""
        if self.client_key_password:
            yield self.client_key_password
        for proxy in (self.proxy, *(getproxies().values() if self.trust_env else ())):
            try:
                parts = urlsplit(proxy or "")
            except ValueError:
                continue
            if parts.password:
                password = unquote(parts.password)
                yield from (parts.password, password)
                yield base64.b64encode(f"{unquote(parts.username or '')}:{password}".encode()).decode()


def make_http_client(route: Route, make: Callable[..., httpx.Client] = httpx.Client) -> httpx.Client:
    """Make a client (of its own kind) for a route; raises `UsageError`."""
    for name in _CERTIFICATES:
        path = os.environ.get(name)
        if path and _uses_environment(route) and not Path(path).exists():
            raise UsageError(f"{name} names {path!r}, which is not there", remedy="correct or unset it")
    proxy = _given_proxy(route.proxy) if route.proxy else None
    try:
        context = _context(route)
        way = httpx.Proxy(proxy, ssl_context=context if proxy.startswith("https:") else None) if proxy else None
        return make(verify=context, proxy=way, trust_env=route.trust_env)
    except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
        if not (named := _culprit()):
            what = getattr(error, "strerror", None) or type(error).__name__
            raise UsageError(f"the environment cannot be used for HTTP: {what}") from None
        name, value, why = named
        raise UsageError(f"{name} is {redacted(value)!r}: {why}", remedy="correct or unset it") from None


def answers(url: str, route: Route, seconds: float) -> str:
    """Return how a server answers to anybody: `answers (HTTP 404)`; raises `ServiceError` where it does not."""
    address = candidates(url)[0]
    with make_http_client(route) as http:
        try:
            return f"answers (HTTP {http.get(f'{address}/version', timeout=seconds).status_code})"
        except httpx.ConnectError as error:
            fault = unreachable(origin_of(address), error)
            raise (fault.error if isinstance(fault, RetriableError) else fault) from None
        except httpx.HTTPError as error:
            raise UnreachableError(f"cannot reach {origin_of(address)}: {reason_of(error)}") from None


def _uses_environment(route: Route) -> bool:
    """Return whether it is the environment that says whom to trust, if anything does."""
    return route.trust_env and route.ca_bundle is None and not route.insecure


def _context(route: Route) -> ssl.SSLContext:
    """Return what TLS trusts and shows."""
    file, folder = (os.environ.get(name) for name in _CERTIFICATES)
    if route.insecure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif route.ca_bundle is not None:
        context = trusting(route.ca_bundle)
    elif _uses_environment(route) and (file or folder):
        context = ssl.create_default_context(cafile=file or None, capath=None if file else folder)
    else:
        context = _trusting_system()
    if (log := os.environ.get("SSLKEYLOGFILE")) and route.trust_env:
        context.keylog_filename = log
    if route.client_cert is not None:
        _show(context, route)
    return context


def _trusting_system() -> ssl.SSLContext:
    """Return a context that trusts whom the system does."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    paths = ssl.get_default_verify_paths()
    if sys.platform == "linux" and not (paths.cafile or paths.capath):
        # A container without ca-certificates.
        context.load_verify_locations(certifi.where())
    return context


def trusting(bundle: str | Path) -> ssl.SSLContext:
    """Return a context that trusts the certificates in a file, in PEM or DER; raises `UsageError`."""
    try:
        content = Path(bundle).read_bytes()
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # an editor of Windows
            content = content.decode("utf-16").encode()
        context = ssl.create_default_context(cadata=_certificates(content))
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or type(error).__name__
        if isinstance(error, ssl.SSLError):
            what = "it holds no certificate in PEM or DER"
        raise UsageError(f"cannot use the certificates in {str(bundle)!r}: {what}") from None
    return context


def _certificates(content: bytes) -> str | bytes:
    """Return certificates as Python's TLS takes them: text of PEM, which must be ASCII, or bytes of DER."""
    return content.decode("ascii", "ignore") if _PEM in content else content or b"\0"


def _show(context: ssl.SSLContext, route: Route) -> None:
    """Load the certificate by which we are known; raises `UsageError`."""
    certificate, key = str(route.client_cert), route.client_key and str(route.client_key)
    password = route.client_key_password or ""
    try:
        # Without a password OpenSSL would ask for it at the terminal.
        context.load_cert_chain(certificate, key or None, password=lambda: password)
    except (OSError, ValueError) as error:
        what, remedy = getattr(error, "strerror", None) or type(error).__name__, None
        if isinstance(error, ssl.SSLError):
            what = "it and its key are not a pair in PEM, or the key's password is another"
            remedy = "the password is client_key_password= or ICREPORT_CLIENT_KEY_PASSWORD"
            if certificate.lower().endswith(_PFX):
                what = "it is PKCS #12, which is not PEM"
                remedy = "convert it once: openssl pkcs12 -in FILE.pfx -out FILE.pem -nodes"
        raise UsageError(f"cannot use the client certificate {certificate!r}: {what}", remedy=remedy) from None


def _given_proxy(value: str) -> str:
    """Return the address of a proxy; raises `UsageError`."""
    if why := _unusable_proxy(value):
        raise UsageError(f"the proxy is {redacted(_with_scheme(value))!r}: {why}")
    return _with_scheme(value)


def _with_scheme(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"


def _unusable_proxy(value: str) -> str | None:
    """Return why a proxy cannot be used, None where it can be."""
    scheme = _with_scheme(value).partition("://")[0].lower()
    if scheme not in {"http", "https", "socks5", "socks5h"}:
        return "a proxy is http://…, https://… or socks5://…"
    try:
        httpx.Client(proxy=_with_scheme(value), trust_env=False, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)).close()
    except ImportError:
        return "SOCKS needs a package: pip install 'httpx[socks]'"
    except (ValueError, httpx.InvalidURL):
        return "this is no address of a proxy"
    return None


def _culprit() -> tuple[str, str, str] | None:
    """Return the variable that httpx cannot use, its value, and why; None where it is none that we know."""
    for name, opened in _OPENED.items():
        if value := os.environ.get(name):
            try:
                opened(value)
            except (OSError, ValueError) as error:
                return name, value, getattr(error, "strerror", None) or type(error).__name__
    for name, value in _named(_PROXIES):
        if why := _unusable_proxy(value):
            return name, value, why
    why = "hosts without a scheme, addresses of IPv6 without brackets, with commas between them, are expected"
    return next(((name, value, why) for name, value in _named(("NO_PROXY",))), None)


def _named(names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield variables that are set, in the spelling in which they are: both are heeded."""
    for name in names:
        for spelled in (name, name.lower()):
            if value := os.environ.get(spelled):
                yield spelled, value
