"""The client of the service."""

from __future__ import annotations

import logging
import math
import random
import time
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import quote

from pydantic import ValidationError

from icreport.client.content import JobContent, download
from icreport.client.jobs import Job, JobStatus, ReportDetails, bare, braced
from icreport.client.recording import Recorder, Replay
from icreport.client.responses import IS_IT, WebPageError, deadline
from icreport.client.session import Session
from icreport.client.settings import Settings, config_path, load_settings
from icreport.client.transport import Route, make_http_client
from icreport.errors import (
    AuthenticationError,
    JobFailedError,
    NotFoundError,
    ServiceError,
    TransferError,
    UnavailableError,
    UnreachableError,
    UsageError,
    WaitTimeoutError,
)
from icreport.urls import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import httpx

    from icreport.model.report import Report

_LOG = logging.getLogger(__name__)
_ONLY_HOSTED = "report jobs are only on hosted servers from 6.7 on; on others a dashboard gives a report document"
_ONLY_LISTED = "jobs are listed by hosted servers from 6.9 on; on others a dashboard gives a report document"
_CREDENTIALS = "ICREPORT_API_KEY, ICREPORT_USERNAME and ICREPORT_PASSWORD, or ICREPORT_TOKEN, or"
_AWAY: Mapping[type[ServiceError], float] = {
    UnreachableError: math.inf,
    UnavailableError: math.inf,
    ServiceError: 120.0,
}
"""How long a server that starts again is waited for: refusing, saying so (503), and for a while with HTTP 500."""
_AWAY_OR_BROKEN = {**_AWAY, TransferError: math.inf}
_INSECURE = "whoever answers for %s is trusted: its certificate is not checked (insecure)"
LINE_ENDS = "\r\n"
_LONGEST_INTERVAL = 30.0
_LAST_ANSWER = 10.0
_JITTER = random.SystemRandom()
T = TypeVar("T", Job, ReportDetails)
A = TypeVar("A")


class Client:
    """A session with an IC-Web server (6.7 to 6.9), as a context manager that logs out.

    `url` is a host, a host with a mount, or an address that ends in `icweb.dll`. Credentials are an API key, a user's
    name and password, or an e-mail token; without any, those of the environment or the configuration file. `timeout` is
    the seconds to wait for a byte, `attempts` how often a request that may be repeated is tried, `largest` the most
    bytes of a content.

    `proxy` is a URL, in place of those of the environment, which `trust_env=False` leaves unread. The system says whose
    certificates are trusted, or `ca_bundle`, a file of them in PEM or DER; `insecure` trusts anybody, with a warning.
    `client_cert` (PEM, its key in it or in `client_key`) is shown to servers that ask for one.

    `record` is a folder that takes what is asked and answered, without secrets; `replay` is one from which answers are
    taken in place of a server's.

    Raises `ServiceError` and its kinds.
    """

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None = None,
        username: str | None = None,
        password: str | None = None,
        token: str | None = None,
        timeout: float = 60.0,
        attempts: int = 5,
        backoff: float = 0.5,
        proxy: str | None = None,
        ca_bundle: str | Path | None = None,
        client_cert: str | Path | None = None,
        client_key: str | Path | None = None,
        client_key_password: str | None = None,
        insecure: bool = False,
        trust_env: bool = True,
        largest: int = 8 << 30,
        record: str | Path | None = None,
        replay: str | Path | None = None,
    ) -> None:
        credentials: Callable[[], tuple[str, str]] = partial(_credentials, api_key, username, password, token)
        route = Route(
            proxy=proxy,
            ca_bundle=ca_bundle,
            client_cert=client_cert,
            client_key=client_key,
            client_key_password=client_key_password,
            insecure=insecure,
            trust_env=trust_env,
        )
        connect = _connector(route)
        if replay is not None:
            played = Replay(replay)
            url, backoff, connect, credentials = played.url, 0.0, played.connect, lambda: ("APIKEY", "replayed")
        elif api_key is username is password is token is None:
            for warning in load_settings(url)[1]:
                _LOG.warning(warning)
            credentials = partial(_settled, url)
        if record is not None:
            connect = partial(Recorder(record, url).connect, route)
        if insecure:
            _LOG.warning(_INSECURE, redacted(url))
        self._longest_interval = 0.0 if replay is not None else _LONGEST_INTERVAL
        self._largest = largest
        self._timeout = positive(timeout, "timeout")
        self._version: tuple[int, ...] | None = None
        self._session = Session(
            url,
            credentials,
            timeout=self._timeout,
            attempts=attempts,
            backoff=positive(backoff, "backoff"),
            connect=connect,
            secrets=route.secrets(),
        )

    def __repr__(self) -> str:
        return f"<Client of {self._session.base}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Log out."""
        self._session.close()

    @property
    def version(self) -> tuple[int, ...]:
        """The server's version, such as (6, 9); empty where it does not say."""
        if self._version is None:
            self._session.login()
            try:
                said = str(self._session.json("GET", "version").get("version", ""))
            except (ServiceError, AttributeError):
                said = ""
            self._version = tuple(int(part) for part in said.split(".")[:2] if part.isdigit())
        return self._version

    def report_details(self, key: int) -> ReportDetails:
        """Return the name and the parameters of a report."""
        return self._made(ReportDetails, self._session.json("GET", f"report/{key}"))

    def generate(self, key: int, parameters: Mapping[str, object] | None = None, *, output_type: str = "JSON") -> Job:
        """Start a report; a list as a parameter's value stands for several values.

        This request is never repeated by itself, unless the server refused it or was not reached: a second one would
        start a second job.
        """
        body = {"reportTemplate": key, "outputType": output_type, "parameters": _parameters(parameters)}
        try:
            return self._made(Job, self._session.json("POST", "report/", body=body, safe=False))
        except NotFoundError as error:
            raise NotFoundError(error.message, remedy=_ONLY_HOSTED) from None
        except (AuthenticationError, UnreachableError):
            raise
        except ServiceError as error:
            raise type(error)(
                error.message, remedy="a job may have been started all the same: look before you start another"
            ) from None

    def job(self, job_id: str) -> Job:
        """Return a job as it is now."""
        found = self._made(Job, self._of_job("jobStatus", job_id, self._session.decoded))
        if bare(found.id).casefold() != bare(job_id).casefold():
            raise ServiceError(f"asked for job {braced(job_id)}, the server answered with {braced(found.id)}")
        return found

    def jobs(self) -> list[Job]:
        """Return the jobs of this user (6.9)."""
        try:
            answer = self._session.json("GET", "jobStatus")
        except NotFoundError as error:
            raise NotFoundError(error.message, remedy=_ONLY_LISTED) from None
        listed = answer.get("jobs") if isinstance(answer, dict) else None
        return [self._made(Job, job) for job in listed] if isinstance(listed, list) else []

    def wait(
        self,
        job: Job | str,
        *,
        timeout: float = 3600.0,
        interval: float = 1.0,
        progress: Callable[[Job], None] | None = None,
    ) -> Job:
        """Wait until a job is completed; asks after `interval` seconds, then ever less often.

        A server that goes away meanwhile, as for a restart, is waited for just as long, which is logged.

        Raises `JobFailedError` with what the server says, and `WaitTimeoutError` after `timeout` seconds.
        """
        until = deadline(positive(timeout, "timeout"))
        job_id = job if isinstance(job, str) else job.id
        while True:
            # The last question may be asked at the deadline: its answer has a little more time.
            latest = until + min(self._timeout, _LAST_ANSWER)
            with self._session.answered_by(latest, waits_for=_AWAY_OR_BROKEN):
                found = self.job(job_id)
            if progress is not None:
                progress(found)
            if found.status == JobStatus.COMPLETED:
                return found
            if found.status == JobStatus.FAILED:
                said = self._session.without_secrets(found.summary or "the server gives no reason")
                raise JobFailedError(f"job {found.id} failed: {said}")
            if found.dismissed:
                raise JobFailedError(f"job {found.id} was dismissed before it was done")
            left = until - time.monotonic()
            if left <= 0:
                raise WaitTimeoutError(
                    f"job {found.id} is not done after {timeout:g} seconds ({found.status.name.lower()})",
                    remedy=f"client.wait(…) or icreport fetch '{found.id}' goes on waiting",
                )
            # Jitter keeps many waiting clients from asking in step.
            interval = min(interval, self._longest_interval)
            time.sleep(min(left, interval * _JITTER.uniform(0.8, 1.2)))
            interval *= 1.5

    def content(self, job_id: str, *, timeout: float = 3600.0) -> JobContent:
        """Fetch the content of a job; a broken or short download is repeated from its start.

        `timeout` is how many seconds that may take, a restart of the server included.
        """
        until = deadline(timeout)

        def taken(response: httpx.Response) -> JobContent | None:
            return download(response, limit=self._largest, until=until)

        with self._session.answered_by(until, waits_for=_AWAY):
            content = self._of_job("jobContent", job_id, taken)
        if content is None:
            raise NotFoundError(f"job {braced(job_id)} has no content")
        return content

    def dismiss(self, job_id: str) -> None:
        """Take a job off the user's list; after that its content may be gone (6.9)."""
        self._of_job("jobDismiss", job_id, lambda _: None)

    def dashboard(self, key: int, parameters: Mapping[str, object] | None = None, *, timeout: float = 600.0) -> Report:
        """Return a dashboard, which is a report document too; with parameters from 6.8 on."""
        until = deadline(timeout)

        def taken(response: httpx.Response) -> JobContent:
            content = download(response, limit=self._largest, until=until)
            if content is None:
                raise NotFoundError(f"dashboard {key} has no content")
            if content.is_web_page:
                raise WebPageError(f"a web page came in place of dashboard {key}", remedy=IS_IT)
            return content

        body = {"parameters": _parameters(parameters)} if parameters else None
        with self._session.answered_by(until):
            return self._session.fetched("POST" if body else "GET", f"dashboard/{key}", taken, body=body).report()

    def _of_job(self, resource: str, job_id: str, take: Callable[[httpx.Response], A]) -> A:
        for form, query in self._forms(resource, job_id):
            try:
                return self._session.fetched("GET", form, take, query=query)
            except NotFoundError:
                continue
        raise NotFoundError(f"there is no job {braced(job_id)} at {self._session.base}", remedy=_ONLY_HOSTED)

    def _forms(self, resource: str, job_id: str) -> list[tuple[str, dict[str, str] | None]]:
        """Return the ways to ask for a job, the one that fits the server's version first (6.9: in the path)."""
        if not bare(job_id):
            raise UsageError("a job has an id")
        forms: list[tuple[str, dict[str, str] | None]] = [
            (f"{resource}/{quote(braced(job_id), safe='')}", None),
            (resource, {"id": braced(job_id)}),
        ]
        return forms if not self.version or self.version >= (6, 9) else forms[::-1]

    def _made(self, kind: type[T], answer: object) -> T:
        try:
            return kind.model_validate(answer)
        except ValidationError:
            name = "job" if kind is Job else "report"
            raise ServiceError(f"{self._session.base} answered with something that is no {name}") from None


def _connector(route: Route) -> Callable[[Callable[[], Iterable[str]]], httpx.Client]:
    """Return what makes connections that go a route, whatever the secrets are."""
    return lambda _: make_http_client(route)


def connect(settings: Settings, ca_bundle: str | None = None, **options: object) -> Client:
    """Open the session that settings (environment, configuration file) describe; `options` are those of `Client`."""
    if settings.server is None:
        raise UsageError("it is not known which server", remedy="name it: server=, --server or ICREPORT_SERVER")
    ways = settings.ways() | {"ca_bundle": ca_bundle or settings.ca_bundle}
    return Client(settings.server, **{"backoff": settings.backoff, **ways, **options})


def check_credentials(server: str) -> None:
    """Raise `UsageError` where neither the environment nor the configuration file has credentials for a server.

    What there is to warn of is logged, for a batch, whose workers are not heard.
    """
    settings, warnings = load_settings(server)
    for warning in warnings:
        _LOG.warning(warning)
    if settings.insecure:
        _LOG.warning(_INSECURE, redacted(server))
    _settled(server)


def _settled(url: str) -> tuple[str, str]:
    """Return the current credentials of the environment or the configuration file."""
    settings, _ = load_settings(url)
    return _credentials(
        settings.secret("api_key"), settings.username, settings.secret("password"), settings.secret("token")
    )


def _credentials(api_key: str | None, username: str | None, password: str | None, token: str | None) -> tuple[str, str]:
    """Return the kind of the credentials and the secret, without the trailing newline that files have."""
    ways = [
        ("APIKEY", api_key and api_key.strip()),
        ("TOKEN", token and token.strip()),
        ("BASIC", None if username is None else f"{username.strip()}:{(password or '').rstrip(LINE_ENDS)}"),
    ]
    given = [(kind, secret) for kind, secret in ways if secret]
    if len(given) != 1:
        what = "no credentials" if not given else "more than one kind of credentials"
        raise UsageError(f"{what} for the server", remedy=f"{_CREDENTIALS} {config_path()}; in Python also api_key=…")
    kind, secret = given[0]
    try:
        secret.encode()
    except UnicodeEncodeError:
        raise UsageError("the credentials for the server are not text in UTF-8") from None
    return kind, secret


def positive(seconds: float, name: str) -> float:
    """Return a number of seconds; raises `UsageError` if it is not finite and positive."""
    if not seconds >= 0:  # NaN neither
        raise UsageError(f"{name} is {seconds:g}, no number of seconds")
    return seconds


def _parameters(parameters: Mapping[str, object] | None) -> list[dict[str, object]]:
    return [{"parameterName": name, "value": value} for name, value in (parameters or {}).items()]
