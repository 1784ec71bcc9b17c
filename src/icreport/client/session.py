"""A session with a server: login, requests that survive faults, and no secret in anything that is said."""

from __future__ import annotations

import base64
import logging
import math
import re
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec
import stamina

from icreport.client.address import candidates
from icreport.errors import AuthenticationError, NotFoundError, ServiceError, TransferError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HASH = re.compile(r"(hash=)[^&\s\"'<>]+", re.IGNORECASE)
_RETRIED = frozenset((429, 502, 503, 504))
_REFUSED = frozenset((401, 403))
_NO_SUCH_METHOD = frozenset((400, 404, 405, 501))
_MOST_REDIRECTS = 3
_LONGEST_WAIT = 120.0
_LONGEST_ANSWER = 300.0


class _Redact(logging.Filter):
    """Takes session hashes out of what httpx logs: it names each URL."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


# stamina logs each retry as a warning, which without this would reach the terminal of a program that logs nothing.
logging.getLogger("stamina").addHandler(logging.NullHandler())
for _name in ("httpx", "httpcore.http11", "httpcore.connection", "httpcore.proxy", "httpcore.http2"):
    logging.getLogger(_name).addFilter(_Redact())


def redact(text: str) -> str:
    """Give text without session hashes."""
    return _HASH.sub(r"\1…", text)


class _RetriableError(Exception):
    """A fault that may be gone at the next try."""

    def __init__(self, error: ServiceError, wait: float | None = None) -> None:
        super().__init__()
        self.error = error
        self.wait = wait


class Session:
    """Requests to one server on behalf of one user.

    Logs in when it first has to and again when the server has forgotten the session. Idempotent requests are repeated
    after connection faults and 429, 502, 503, 504, heeding Retry-After; others never, unless the server cannot have
    seen them.
    """

    def __init__(
        self, url: str, kind: str, secret: str, *, timeout: float, attempts: int, backoff: float, verify: Any
    ) -> None:
        self._candidates = candidates(url)
        encoded = base64.b64encode(secret.encode()).decode()
        self._authorization = f"{kind} {encoded}"
        self._secrets = [secret, encoded, *([secret.partition(":")[2]] if kind == "BASIC" else [])]
        self._attempts = attempts
        self._backoff = backoff
        self.until = math.inf
        """The moment, on the monotonic clock, at which answers have to be there; set while waiting for a job."""
        self._hash: str | None = None
        self._base: str | None = None
        self._http = httpx.Client(timeout=httpx.Timeout(timeout, connect=min(timeout, 15)), verify=verify)

    def __repr__(self) -> str:
        return f"<Session with {self._base or self._candidates[0]}>"

    @property
    def base(self) -> str:
        """The base URL, as far as it is known."""
        return self._base or self._candidates[0]

    def json(
        self, method: str, resource: str, *, query: Mapping[str, str] | None = None, body: Any = None, safe: bool = True
    ) -> Any:
        """Make a request and give the JSON of the answer; `safe` says that it may be repeated."""
        content = self._whole(method, resource, query, body, safe=safe)
        try:
            return msgspec.json.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            what = "a web page" if content.lstrip()[:1] == b"<" else "something that is not JSON"
            raise ServiceError(
                f"{self.base}/{resource} answered with {what}", remedy="is this the address of IC-Web?"
            ) from None

    @contextmanager
    def answered_by(self, until: float) -> Iterator[None]:
        """Have the answers to what is asked in this block by a moment on the monotonic clock."""
        self.until = until
        try:
            yield
        finally:
            self.until = math.inf

    def _read(self, response: httpx.Response) -> bytes:
        return read_all(response, until=min(self.until, deadline(_LONGEST_ANSWER)))

    def _whole(self, method: str, resource: str, query: Mapping[str, str] | None, body: Any, *, safe: bool) -> bytes:
        tries = self._attempts if safe else 1
        for left in reversed(range(tries)):
            with self.open(method, resource, query=query, body=body, safe=safe) as response:
                try:
                    return self._read(response)
                except TransferError:
                    if not left or time.monotonic() > self.until:
                        raise
            time.sleep(self._backoff)
        raise AssertionError("unreachable")

    @contextmanager
    def open(
        self, method: str, resource: str, *, query: Mapping[str, str] | None = None, body: Any = None, safe: bool = True
    ) -> Iterator[httpx.Response]:
        """Make a request and give the answer, its body not read yet; anything but success is raised."""
        if self._hash is None:
            self.login()
        response = self._retried(method, resource, query, body, safe=safe)
        try:
            if response.status_code in _REFUSED:
                # A refused request has done nothing, so it may be repeated whatever it is.
                response.close()
                self.login()
                response = self._retried(method, resource, query, body, safe=safe)
            self._check(response, resource)
            yield response
        finally:
            response.close()

    def login(self) -> None:
        """Start a session; the first time, find out which base URL answers."""
        self._hash = None
        for base in [self._base] if self._base else self._candidates:
            found = self._login_at(base)
            if found is not None:
                self._base = base
                self._hash = found
                self._secrets.append(found)
                return
        raise ServiceError(f"{self.base} did not answer the login", remedy="is this the address of IC-Web?")

    def _login_at(self, base: str) -> str | None:
        """Give the hash of a new session, None where nothing at this address knows a login."""
        for method in ("POST", "GET"):  # 6.9; before
            response = self._send_retried(method, f"{base}/security/login", {"Authorization": self._authorization})
            if response.status_code in _REFUSED:
                raise AuthenticationError(f"{base} did not accept the credentials")
            if response.status_code not in _NO_SUCH_METHOD:
                break
            response.close()
        else:
            return None
        self._check(response, "security/login")
        try:
            answer = msgspec.json.decode(self._read(response))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        found = answer.get("hash") if isinstance(answer, dict) else None
        return found if isinstance(found, str) and found else None

    def close(self) -> None:
        """End the session, as far as that can be done."""
        if self._hash is not None:
            with suppress(_RetriableError, ServiceError):
                self._send("GET", f"{self._base}/security/logout", {}, {"hash": self._hash}, None).close()
            self._hash = None
        self._http.close()

    def _retried(
        self, method: str, resource: str, query: Mapping[str, str] | None, body: Any, *, safe: bool
    ) -> httpx.Response:
        def parameters() -> dict[str, str]:
            return {**(query or {}), "hash": self._hash or ""}

        url = f"{self._base}/{resource}"
        return self._send_retried(method, url, {}, parameters(), body, safe=safe)

    def _send_retried(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        query: Mapping[str, str] | None = None,
        body: Any = None,
        *,
        safe: bool = True,
    ) -> httpx.Response:
        def again(error: Exception) -> bool | float:
            if not isinstance(error, _RetriableError) or not (safe or error.wait == 0):
                return False
            if time.monotonic() + (error.wait or 0) > self.until:
                return False
            return True if not error.wait else min(error.wait, _LONGEST_WAIT)

        try:
            for attempt in stamina.retry_context(
                on=again, attempts=self._attempts, timeout=None, wait_initial=self._backoff, wait_max=30.0
            ):
                with attempt:
                    return self._send(method, url, headers, query, body)
        except _RetriableError as failed:
            raise failed.error from None
        raise AssertionError("unreachable")

    def _send(
        self, method: str, url: str, headers: dict[str, str], query: Mapping[str, str] | None, body: Any
    ) -> httpx.Response:
        where = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
        for _ in range(_MOST_REDIRECTS):
            request = self._http.build_request(method, url, headers=headers, params=query, json=body)
            try:
                response = self._http.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                # It never got there: repeating it cannot do anything twice.
                raise _RetriableError(ServiceError(f"cannot reach {where}: {_reason(error)}"), 0) from None
            except httpx.TransportError as error:
                raise _RetriableError(TransferError(f"the connection to {where} broke: {_reason(error)}")) from None
            if response.is_redirect:
                target = urljoin(str(request.url), response.headers.get("location", ""))
                response.close()
                if urlsplit(target)[:2] != urlsplit(url)[:2] or method != "GET":
                    raise ServiceError(f"{where} sends us to another place, which is not followed")
                url, query = target, None
                continue
            if response.status_code in _RETRIED:
                wait = retry_after(response)
                response.close()
                busy = f"{where} is not available (HTTP {response.status_code})"
                raise _RetriableError(ServiceError(busy, remedy="try again later"), wait)
            return response
        raise ServiceError(f"{where} redirects in circles")

    def without_secrets(self, text: str) -> str:
        """Give text of the server without what it may repeat of our secrets."""
        for secret in sorted(filter(None, self._secrets), key=len, reverse=True):
            text = text.replace(secret, "…")
        return text

    def _check(self, response: httpx.Response, resource: str) -> None:
        if response.is_success:
            return
        name = resource.partition("?")[0]
        said = self.without_secrets(_plain(response))[:120]
        if response.status_code in _REFUSED:
            raise AuthenticationError(f"{self.base} refuses {name}{said}")
        if response.status_code == httpx.codes.NOT_FOUND:
            raise NotFoundError(f"{self.base} has no {name}{said}")
        raise ServiceError(f"{self.base} failed at {name} (HTTP {response.status_code}){said}")


def read_all(response: httpx.Response, limit: int = 64 << 20, *, until: float | None = None) -> bytes:
    """Read a body that is to be small."""
    parts = []
    size = 0
    until = deadline(_LONGEST_ANSWER) if until is None else until
    try:
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > limit:
                raise TransferError(f"the answer is longer than {limit >> 20} MiB")
            if time.monotonic() > until:
                raise TransferError("the answer comes too slowly")
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise TransferError(f"the answer broke off: {_reason(error)}") from None
    return b"".join(parts)


def _plain(response: httpx.Response) -> str:
    """Give what the server said, short and without markup."""
    try:
        text = read_all(response, 1 << 16).decode("utf-8", "replace")
    except TransferError:
        return ""
    text = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    return f": {redact(text)[:500]}" if text else ""


def _reason(error: Exception) -> str:
    return redact(str(error)) or type(error).__name__


def retry_after(response: httpx.Response) -> float | None:
    """Read Retry-After (RFC 9110, 10.2.3): seconds or a date; nonsense and dates gone by count as none."""
    given = response.headers.get("retry-after", "").strip()
    if given.isdigit():
        return float(given) or None
    try:
        moment = parsedate_to_datetime(given)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return seconds if seconds > 0 else None


def deadline(seconds: float) -> float:
    """Give the moment, on the monotonic clock, that lies so many seconds ahead."""
    return time.monotonic() + seconds
