"""A session with a server: login, requests that survive faults, and no secret in anything that is said."""

from __future__ import annotations

import base64
import logging
import math
import os
import time
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from itertools import count, product
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, quote_plus, unquote, urlsplit
from weakref import WeakSet

import httpx
import tenacity

from icreport.client.address import candidates
from icreport.client.faults import RetriableError, not_accepted, proxy_failed, unavailable, unreachable
from icreport.client.redaction import redact
from icreport.client.responses import (
    IS_IT,
    LONGEST_ANSWER,
    WebPageError,
    deadline,
    decode,
    origin_of,
    plain_text,
    read_all,
    reason_of,
    target_of,
)
from icreport.errors import (
    AuthenticationError,
    NotFoundError,
    ServiceError,
    TransferError,
    UnreachableError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_LOG = logging.getLogger(__name__)
T = TypeVar("T")
_RETRIED = frozenset((429, 502, 503, 504))
_BROKEN = 500  # which an application that starts again answers too
_REFUSED = frozenset((401, 403))
_NO_SUCH_METHOD = frozenset((400, 404, 405, 501))
_MOST_REDIRECTS = 3
_PATIENCE = 120.0  # seconds after which a request is not made once more, whatever the server asks for
_MAINTENANCE = 900.0  # seconds; a server that asks for a longer pause does not just restart
_LOGOUT = 5.0
_LONGEST_BACKOFF = 30.0
_LONGEST_TIMEOUT = 1e9  # seconds; sockets take no number that is much larger, nor one without end
_ASKED_WITH = "icreport_hash"
_NOTHING: Mapping[type[ServiceError], float] = {}
_ASKING: ContextVar[Session | None] = ContextVar("asking", default=None)
"""The session whose request is under way in this thread: what is logged meanwhile is ours."""


class _Redact(logging.Filter):
    """Takes our secrets out of what httpx logs (it names each URL) and httpcore (it names the headers of answers).

    What a program that embeds us logs of requests of its own stays as it is.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        session = _ASKING.get()
        if session is not None:
            record.msg, record.args = session.without_secrets(redact(record.getMessage())), ()
        return True


for _name in ("httpx", "httpcore.http11", "httpcore.connection", "httpcore.proxy", "httpcore.socks", "httpcore.http2"):
    logging.getLogger(_name).addFilter(_Redact())


class _Sessions:
    """The sessions of this process; those of other threads may begin while one of them ends."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sessions: WeakSet[Session] = WeakSet()

    def add(self, session: Session) -> None:
        with self._lock:
            self._sessions.add(session)

    def start_anew(self) -> None:
        """Give each session of a forked child connections and a login of its own: those of its parent are in use."""
        # Somebody may have held it when the process forked.
        self._lock = Lock()
        for session in tuple(self._sessions):
            session.start_anew()


_SESSIONS = _Sessions()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_SESSIONS.start_anew)


class Session:
    """Requests to one server on behalf of one user, from any number of threads.

    Logs in when it first has to and again when the server has forgotten the session: once, whoever finds out. Each
    login asks `credentials` for the kind and the secret, so that a key that was changed meanwhile is taken up.
    Idempotent requests are repeated after connection faults and 429, 500, 502, 503, 504, heeding Retry-After, and when
    their answer breaks off; others never, unless the server cannot have seen them. `connect` makes the HTTP client, and
    is given what tells the secrets that it may meet; `secrets` are those of its own.
    """

    def __init__(
        self,
        url: str,
        credentials: Callable[[], tuple[str, str]],
        *,
        timeout: float,
        attempts: int,
        backoff: float,
        connect: Callable[[Callable[[], Iterable[str]]], httpx.Client],
        secrets: Iterable[str] = (),
    ) -> None:
        self._candidates = candidates(url)
        self._credentials = credentials
        self._timeout = timeout
        self._attempts = attempts
        self._backoff = min(backoff, _LONGEST_BACKOFF)
        self._make_http = connect
        self._until: ContextVar[float] = ContextVar("until", default=math.inf)
        self._waits_for: ContextVar[Mapping[type[ServiceError], float]] = ContextVar("waits_for", default=_NOTHING)
        self._secrets: list[str] = list(secrets)
        self._way: tuple[str, str] | None = None
        self._secured: dict[str, str] = {}
        self._authorization()
        self._hash: str | None = None
        self._is_ours = False
        self._left: list[httpx.Client] = []
        self._connect()
        _SESSIONS.add(self)

    def __repr__(self) -> str:
        return f"<Session with {self.base}>"

    def _connect(self) -> None:
        self._login_lock = Lock()
        self._http = self._make_http(lambda: self._secrets)

    def start_anew(self) -> None:
        """Have connections of our own: the others are those of the process that this one was forked from.

        So is the session, which both use, since a server may end one at the next login; we do not log out of it.
        """
        # Not closed, and kept, so that nobody closes them: that would end the other's.
        self._left.append(self._http)
        self._is_ours = False
        self._connect()

    def _authorization(self) -> str:
        kind, secret = self._credentials()
        encoded = base64.b64encode(secret.encode()).decode()
        password = secret.partition(":")[2] if kind == "BASIC" else ""
        self._secrets += [one for one in (secret, encoded, password) if one and one not in self._secrets]
        return f"{kind} {encoded}"

    @property
    def base(self) -> str:
        """The base URL, as far as it is known."""
        return self._at(self._way[0] if self._way else self._candidates[0])

    def _at(self, url: str) -> str:
        """Return where a URL is now: at https, where its host has sent us there."""
        origin = origin_of(url)
        return self._secured.get(origin, origin) + url.removeprefix(origin)

    def json(
        self,
        method: str,
        resource: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        safe: bool = True,
    ) -> Any:
        """Make a request and give the JSON of the answer; `safe` says that it may be repeated."""
        return self.fetched(method, resource, self.decoded, query=query, body=body, safe=safe)

    def decoded(self, response: httpx.Response) -> object:
        """Return the JSON of an answer that is to be small."""
        content = read_all(response, until=min(self._until.get(), deadline(LONGEST_ANSWER)))
        try:
            return decode(content, response)
        except (ValueError, RecursionError):
            is_page = content.lstrip()[:1] == b"<"
        what = "a web page" if is_page else "something that is not JSON"
        kind = WebPageError if is_page else ServiceError
        resource = unquote(response.request.url.path)
        raise kind(f"{origin_of(str(response.request.url))}{resource} answered with {what}", remedy=IS_IT)

    def fetched(
        self,
        method: str,
        resource: str,
        take: Callable[[httpx.Response], T],
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        safe: bool = True,
    ) -> T:
        """Make a request and give what `take` makes of the answer.

        An answer that breaks off (`TransferError` by `take`) is asked for again from its start; where a web page came
        (`WebPageError`), once more after a login.
        """
        fresh = False
        for attempt in count(1):
            is_last = attempt >= (self._attempts if safe else 1)
            with self.open(method, resource, query=query, body=body, safe=safe) as response:
                try:
                    return take(response)
                except WebPageError:
                    if fresh or is_last:
                        raise
                    fresh = True
                    self._forget(response)
                except TransferError:
                    if (is_last and TransferError not in self._waits_for.get()) or time.monotonic() > self._until.get():
                        raise
            time.sleep(min(self._backoff * attempt, _LONGEST_BACKOFF))
        raise AssertionError("unreachable")

    @contextmanager
    def answered_by(
        self, until: float, *, waits_for: Mapping[type[ServiceError], float] | None = None
    ) -> Iterator[None]:
        """Have the answers to what is asked in this block by a moment on the monotonic clock.

        `waits_for` names faults that are waited out as long, or for so many seconds, however many tries that takes: a
        server that starts again. Only one that we were logged in at counts as such.
        """
        token, other = self._until.set(until), self._waits_for.set(waits_for or _NOTHING)
        try:
            yield
        finally:
            self._until.reset(token)
            self._waits_for.reset(other)

    @contextmanager
    def open(
        self,
        method: str,
        resource: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        safe: bool = True,
    ) -> Iterator[httpx.Response]:
        """Make a request and give the answer, its body not read yet; anything but success is raised."""
        response = self._asked(method, resource, query, body, safe=safe)
        token = _ASKING.set(self)
        try:
            if response.status_code in _REFUSED:
                # A refused request has done nothing, so it may be repeated whatever it is.
                response.close()
                self._forget(response)
                response = self._asked(method, resource, query, body, safe=safe)
            if not response.is_success:
                raise self._refusal(response, resource)
            yield response
        finally:
            response.close()
            _ASKING.reset(token)

    def _asked(
        self, method: str, resource: str, query: Mapping[str, str] | None, body: object, *, safe: bool
    ) -> httpx.Response:
        asked = {**(query or {}), "hash": self.login()}
        response = self._retried(lambda: self._send(method, f"{self.base}/{resource}", {}, asked, body), safe=safe)
        response.extensions[_ASKED_WITH] = asked["hash"]
        return response

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Have what is logged in this block known as ours."""
        token = _ASKING.set(self)
        try:
            yield
        finally:
            _ASKING.reset(token)

    def _forget(self, response: httpx.Response) -> None:
        """Log in at the next request, unless another thread has done so since the one of this answer was made."""
        with self._login_lock:
            # Not that of the URL: after a redirect, such as to a page to log in at, it may have none.
            if self._hash == response.extensions[_ASKED_WITH]:
                self._hash = None

    def login(self) -> str:
        """Return the hash of the session; without one, find out at which address and how: POST in 6.9, GET before.

        A refusal counts only when no way is left: an older server may refuse the method that it does not know, and
        what answers at the other mount may be something else.
        """
        with self._login_lock:
            if self._hash is None:
                self._hash = self._logged_in()
                self._is_ours = True
                self._secrets += {self._hash, quote(self._hash, safe=""), quote_plus(self._hash)} - {*self._secrets}
            return self._hash

    def _logged_in(self) -> str:
        authorization = self._authorization()
        refusals: list[ServiceError] = []
        for base, method in [self._way] if self._way else product(self._candidates, ("POST", "GET")):
            response, found = self._retried(partial(self._try_login, base, method, authorization))
            if found is not None:
                self._way = (base, method)
                return found
            if response.status_code in _REFUSED:
                refusals.append(not_accepted(base, response))
            elif not response.is_success and response.status_code not in _NO_SUCH_METHOD:
                refusals.append(self._refusal(response, "security/login"))
        if refusals:
            raise next((error for error in refusals if isinstance(error, AuthenticationError)), refusals[0])
        raise ServiceError(f"{self.base} did not answer the login", remedy=IS_IT)

    def _try_login(self, base: str, method: str, authorization: str) -> tuple[httpx.Response, str | None]:
        """Return the answer to a login, and the hash of the new session if there is one."""
        response = self._send(method, f"{base}/security/login", {"Authorization": authorization}, None, None)
        try:
            if response.status_code == _BROKEN and self._way:
                raise RetriableError(self._refusal(response, "security/login"))
            answer = self.decoded(response) if response.is_success else None
        except TransferError as error:
            raise RetriableError(error) from None
        except ServiceError:
            answer = None
        finally:
            response.close()
        found = answer.get("hash") if isinstance(answer, dict) else None
        return response, found if isinstance(found, str) and found else None

    def close(self) -> None:
        """End the session, as far as that can be done in a few seconds."""
        with self._login_lock:
            found, self._hash = self._hash, None
            if found is not None and self._is_ours:
                with self.answered_by(deadline(_LOGOUT)), suppress(RetriableError, ServiceError):
                    self._send("GET", f"{self.base}/security/logout", {}, {"hash": found}, None).close()
            self._http.close()

    def _retried(self, once: Callable[[], T], *, safe: bool = True) -> T:
        """Do something until it goes well, as long as it may be repeated and there is time."""
        # A server that has never answered is given up sooner: its address may be wrong.
        waits_for = self._waits_for.get() if self._way else _NOTHING
        until, now = self._until.get(), time.monotonic()

        def latest(error: RetriableError) -> float:
            seconds = waits_for.get(type(error.error), _PATIENCE)
            return min(until, now + seconds) if error.wait <= _MAINTENANCE else min(until, now + _PATIENCE)

        def again(error: BaseException) -> bool:
            if not isinstance(error, RetriableError) or time.monotonic() + error.wait > latest(error):
                return False
            # What never got there cannot be done twice.
            return safe or isinstance(error.error, UnreachableError)

        def enough(state: tenacity.RetryCallState) -> bool:
            return state.attempt_number >= self._attempts and type(_fault(state).error) not in waits_for

        def wait(state: tenacity.RetryCallState) -> float:
            pause = _fault(state).wait or backoff(state)
            return max(0.0, min(pause, until - time.monotonic()))

        def tell(state: tenacity.RetryCallState) -> None:
            if state.attempt_number == self._attempts:
                seconds = latest(_fault(state)) - time.monotonic()
                _LOG.warning("%s; waiting for it, at most %s seconds", _fault(state).error.message, f"{seconds:,.0f}")

        backoff = tenacity.wait_exponential(self._backoff, max=_LONGEST_BACKOFF) + tenacity.wait_random(
            0, self._backoff
        )
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(again), stop=enough, wait=wait, before_sleep=tell, reraise=True
        )
        try:
            return retrying(once)
        except RetriableError as failed:
            raise failed.error from None

    def _send(
        self, method: str, url: str, headers: dict[str, str], query: Mapping[str, str] | None, body: object
    ) -> httpx.Response:
        """Make a request once, redirects followed; raises `RetriableError` for what may be gone at the next try."""
        if self._http.is_closed:
            raise UsageError("the client is closed", remedy="make requests before it is, or open another")
        url = self._at(url)
        where = origin_of(url)
        for _ in range(_MOST_REDIRECTS):
            response = self._sent(method, url, headers, query, body)
            if (target := target_of(response)) and _is_secured(url, target):
                response.close()
                self._secure(origin_of(url), origin_of(target))
                url = self._at(url)
                where = origin_of(url)
            elif target and method == "GET" and origin_of(target) == where:
                response.close()
                url, query = target, None
            else:
                return self._available(method, where, response)
        raise ServiceError(f"{where} redirects in circles")

    def _sent(
        self, method: str, url: str, headers: dict[str, str], query: Mapping[str, str] | None, body: object
    ) -> httpx.Response:
        """Make a request once; raises `RetriableError` where no answer came."""
        where = origin_of(url)
        seconds = max(0.1, min(self._timeout, self._until.get() - time.monotonic(), _LONGEST_TIMEOUT))
        timeout = httpx.Timeout(seconds, connect=min(seconds, 15))
        request = self._http.build_request(method, url, headers=headers, params=query, json=body, timeout=timeout)
        try:
            with self._asking():
                return self._http.send(request, stream=True)
        except httpx.ProxyError as error:
            raise RetriableError(proxy_failed(where, error)) from None
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise unreachable(where, error) from None
        except httpx.TransportError as error:
            raise RetriableError(TransferError(f"the connection to {where} broke: {reason_of(error)}")) from None

    def _available(self, method: str, where: str, response: httpx.Response) -> httpx.Response:
        """Return an answer that is one; raises `RetriableError` where the server says that it cannot give it now."""
        if response.headers.get("content-encoding", "").lower() == "x-gzip":  # RFC 9110, 8.4.1.3
            response.headers["content-encoding"] = "gzip"
        if response.status_code == _BROKEN and method == "GET":
            with closing(response):
                raise RetriableError(self._refusal(response, response.request.url.path.rpartition("/")[2]))
        if response.status_code in _RETRIED:
            response.close()
            raise unavailable(where, response)
        return response

    def _secure(self, origin: str, secured: str) -> None:
        self._secured[origin] = secured
        _LOG.warning(
            "%s sends us to %s, where we go on; what was sent before was not encrypted, so give that address",
            origin,
            secured,
        )

    def without_secrets(self, text: str) -> str:
        """Return text of the server without what it may repeat of our secrets."""
        for secret in sorted(filter(None, self._secrets), key=len, reverse=True):
            text = text.replace(secret, "…")
        return text

    def _refusal(self, response: httpx.Response, resource: str) -> ServiceError:
        name = unquote(resource)
        if response.has_redirect_location:
            elsewhere = origin_of(target_of(response)) or "nowhere"
            return ServiceError(
                f"{self.base} sends us to {elsewhere} for {name}, which is not followed",
                remedy="if that is your server, give its own address",
            )
        said = self.without_secrets(plain_text(response))[:120]
        if response.status_code in _REFUSED:
            return AuthenticationError(f"{self.base} refuses {name}{said}")
        if response.status_code == httpx.codes.NOT_FOUND:
            return NotFoundError(f"{self.base} has no {name}{said}")
        return ServiceError(f"{self.base} failed at {name} (HTTP {response.status_code}){said}")


def _is_secured(url: str, target: str) -> bool:
    """Return whether a redirect leads from http to the same resource of the same host over https."""
    try:
        old, new = urlsplit(url), urlsplit(target)
        are_one = old.hostname == new.hostname and unquote(old.path).rstrip("/") == unquote(new.path).rstrip("/")
    except ValueError:
        return False
    return (old.scheme, new.scheme) == ("http", "https") and are_one


def _fault(state: tenacity.RetryCallState) -> RetriableError:
    """Return what an attempt failed with."""
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, RetriableError) else RetriableError(ServiceError("it failed"))
