"""Recordings of what was asked of a server and answered, without secrets: a case for support that can be replayed."""

from __future__ import annotations

import html
import io
import json
import re
import tempfile
from collections import deque
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import httpx
import msgspec

from icreport.client.address import candidates
from icreport.client.redaction import redact
from icreport.client.transport import make_http_client
from icreport.errors import OutputError, ReadError, ServiceError, UsageError
from icreport.limits import IN_MEMORY, check_inflation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from icreport.client.transport import Route

_INDEX = "recording.json"
_KEPT = ("content-type", "content-disposition", "date", "location", "retry-after", "www-authenticate")
"""The headers of answers that matter; cookies and others, which may hold secrets, are not kept."""
_LENGTHS = frozenset(("content-length", "transfer-encoding"))
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
_HIDDEN = "REDACTED"
_LOGIN = "/security/login"
_PART = 1 << 16


class _Body(httpx.SyncByteStream):
    """The body of an answer, from a file; breaks off where that of the server did."""

    def __init__(self, file: IO[bytes], broken: str | None) -> None:
        self._file = file
        self._broken = broken

    def __iter__(self) -> Iterator[bytes]:
        while part := self._file.read(_PART):
            yield part
        if self._broken:
            raise httpx.ReadError(self._broken)

    def close(self) -> None:
        self._file.close()


class Recorder:
    """Writes each exchange to a folder: what was asked and the answer's status and headers as JSON, its body beside it.

    Raises `UsageError` where the folder holds something, `OutputError` where it cannot be written.
    """

    def __init__(self, folder: str | Path, url: str) -> None:
        candidates(url)  # refuses one with credentials
        self._folder = Path(folder)
        self._numbers = count(1)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if any(self._folder.iterdir()):
                raise UsageError(f"{str(folder)!r} is not empty", remedy="record into a folder of its own")
            self._write(_INDEX, {"url": url})
        except OSError as error:
            raise OutputError(f"cannot record into {str(folder)!r}: {error.strerror}") from None

    def connect(self, route: Route, secrets: Callable[[], Iterable[str]]) -> httpx.Client:
        """Return a client for a route that records."""
        return make_http_client(route, partial(_RecordingClient, self, secrets))

    def keep(self, exchange: dict[str, object], body: IO[bytes] | None, secrets: Iterable[str]) -> None:
        """Write an exchange without secrets."""
        name = f"{next(self._numbers):04}"
        hidden = _Secrets(secrets)
        try:
            self._write(f"{name}.json", hidden.without(exchange))
            if body is not None:
                with (self._folder / f"{name}.body").open("wb") as file:
                    hidden.copy(body, file)
        except OSError as error:
            raise OutputError(f"cannot record into {str(self._folder)!r}: {error.strerror}") from None

    def _write(self, name: str, value: object) -> None:
        (self._folder / name).write_text(json.dumps(value, indent=1) + "\n", "utf-8")


class _RecordingClient(httpx.Client):
    """A client that keeps what is asked and answered, and passes it on."""

    def __init__(self, recorder: Recorder, secrets: Callable[[], Iterable[str]], **options: Any) -> None:
        super().__init__(**options)
        self._recorder = recorder
        self._secrets = secrets

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        exchange: dict[str, object] = {"asked": _asked(request), "body": _json(request.content)}
        try:
            response = super().send(request, **options)
        except httpx.TransportError as error:
            exchange |= {"error": type(error).__name__, "message": redact(str(error))}
            self._recorder.keep(exchange, None, self._secrets())
            raise
        headers = {name: redact(response.headers[name]) for name in _KEPT if name in response.headers}
        body, broken = _taken(response)
        exchange |= {"status": response.status_code, "headers": headers, "broken": broken}
        exchange["length"] = not response.headers.keys().isdisjoint(_LENGTHS)
        kept: IO[bytes] = body
        if request.url.path.endswith(_LOGIN) and (session := _session(body)):
            kept = io.BytesIO(session)
        self._recorder.keep(exchange, kept, self._secrets())
        body.seek(0)
        return _answer(request, exchange, body, [*response.headers.multi_items()])


def _taken(response: httpx.Response) -> tuple[IO[bytes], str | None]:
    """Return the body of an answer, unpacked, and why it broke off if it did."""
    body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)
    broken = None
    size = 0
    try:
        for part in response.iter_bytes():
            size += body.write(part)
            check_inflation(response.num_bytes_downloaded, size, "the answer")
    except (httpx.TransportError, httpx.DecodingError) as error:
        broken = redact(str(error)) or type(error).__name__
    finally:
        response.close()
    body.seek(0)
    return body, broken


def _answer(
    request: httpx.Request, exchange: Mapping[str, Any], body: IO[bytes], headers: list[tuple[str, str]]
) -> httpx.Response:
    """Return an answer whose body is in a file, no longer packed."""
    left_out = {*_LENGTHS, "content-encoding"}
    kept = [(name, value) for name, value in headers if name.lower() not in left_out]
    if exchange["length"] and not exchange["broken"]:
        size = body.seek(0, 2)
        body.seek(0)
        kept.append(("content-length", str(size)))
    return httpx.Response(exchange["status"], headers=kept, stream=_Body(body, exchange["broken"]), request=request)


def _asked(request: httpx.Request) -> list[object]:
    """Return what a request asks for, without the session: the method, path and query."""
    query = [[name, value] for name, value in request.url.params.multi_items() if name != "hash"]
    return [request.method, request.url.path, query]


def _json(content: bytes) -> object:
    return json.loads(content) if content else None


def _session(body: IO[bytes]) -> bytes | None:
    """Return what stands for the answer to a login that gives a session."""
    try:
        answer = msgspec.json.decode(body.read())
    except (ValueError, RecursionError):
        answer = None
    finally:
        body.seek(0)
    return b'{"hash": "recorded"}' if isinstance(answer, dict) and "hash" in answer else None


class _Secrets:
    """Hides secrets in what is written down, in the forms that an answer may repeat them in."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        written = {form.encode(encoding) for form in forms for encoding in _ENCODINGS}
        self._longest = max(map(len, written), default=1)
        by_length = sorted(written, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, by_length)) or b"(?!)", re.IGNORECASE)

    def without(self, value: object) -> object:
        """Return a JSON value without secrets."""
        return json.loads(self._hidden(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")))

    def copy(self, source: IO[bytes], target: IO[bytes]) -> None:
        """Copy a file, in parts that no secret escapes between."""
        held = b""
        while part := source.read(_PART):
            held = self._hidden(held + part)
            target.write(held[: -self._longest])
            held = held[-self._longest :]
        target.write(held)

    def _hidden(self, content: bytes) -> bytes:
        return self._pattern.sub(lambda found: _HIDDEN.encode(_encoding_of(found[0])), content)


def _forms(secret: str) -> set[str]:
    return {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        html.escape(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }


def _encoding_of(written: bytes) -> str:
    if b"\0" not in written:
        return "utf-8"
    return "utf-16-be" if written[:1] == b"\0" else "utf-16-le"


class Replay:
    """Answers as a recorded server did, in the order in which it did. Raises `ReadError`."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        try:
            self.url = str(self._read(self._folder / _INDEX)["url"])
            self._exchanges = [(path, self._read(path)) for path in sorted(self._folder.glob("[0-9]*.json"))]
            self._left = {json.dumps(exchange["asked"]): deque[Path]() for _, exchange in self._exchanges}
        except (OSError, ValueError, KeyError, TypeError) as error:
            what = getattr(error, "strerror", None) or "it is no recording"
            raise ReadError(f"cannot replay {str(folder)!r}: {what}") from None
        for path, exchange in self._exchanges:
            self._left[json.dumps(exchange["asked"])].append(path)

    @staticmethod
    def _read(path: Path) -> Any:
        return json.loads(path.read_text("utf-8"))

    def connect(self, _: Callable[[], Iterable[str]]) -> httpx.Client:
        """Return a client that is answered by the recording."""
        return httpx.Client(transport=httpx.MockTransport(self._answered), trust_env=False)

    def _answered(self, request: httpx.Request) -> httpx.Response:
        asked = _asked(request)
        waiting = self._left.get(json.dumps(asked))
        if not waiting:
            what = "no answer" if waiting is None else "no further answer"
            raise ServiceError(f"the recording in {str(self._folder)!r} has {what} to {asked[0]} {asked[1]}")
        path = waiting.popleft()
        exchange = self._read(path)
        if "error" in exchange:
            kind: type[httpx.TransportError] = getattr(httpx, exchange["error"], httpx.TransportError)
            raise kind(exchange["message"], request=request)
        return _answer(request, exchange, path.with_suffix(".body").open("rb"), [*exchange["headers"].items()])
