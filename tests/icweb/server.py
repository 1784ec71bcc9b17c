"""A double of IC-Web that speaks 6.7, 6.8 and 6.9 over HTTP, with faults that can be switched on.

By hand: `python tests/icweb/server.py [--version 6.9] [--port 8642]`, then
`ICREPORT_SERVER=http://127.0.0.1:8642/data ICREPORT_API_KEY=key icreport run 3 --param Component_ID=12 -o out.pdf`.
"""

import argparse
import base64
import gzip
import json
import re
import socket
import ssl
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

SAMPLE = Path(__file__).parents[2] / "samples/job-content.json"
GUID = "{FAAF7FBC-0475-45ED-A148-02238E75C395}"
CREDENTIALS = {"APIKEY": "key-s3cret", "BASIC": "admin:pass-s3cret", "TOKEN": "token-s3cret"}


class ICWeb:
    """The state of a server: what it knows, what it was asked, and which faults it has.

    `faults` maps a resource (`security/login`, `report`, `jobStatus`, `jobContent`, `dashboard`, `version`) to a list
    of functions of the handler; each request takes the next one, which answers in place of the server.
    """

    def __init__(self, version="6.9", mount="/data/icweb.dll"):
        self.version = version
        self.mount = mount
        self.content = SAMPLE.read_bytes()
        self.headers = {"Content-Type": "application/json", "Content-Disposition": 'attachment;filename="report.json"'}
        self.statuses = [{"status": 1, "percentComplete": 0}, {"status": 3, "percentComplete": 40}, {"status": 4}]
        self.faults = {}
        self.asked = []
        self.started = []
        self.hashes = set()
        self.polls = 0
        self.not_found = None
        self.no_such_login = 405

    @property
    def secrets(self):
        encoded = [base64.b64encode(secret.encode()).decode() for secret in CREDENTIALS.values()]
        return [*CREDENTIALS.values(), *encoded, *self.hashes]

    def expire(self):
        self.valid = set()

    valid = frozenset()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    @property
    def icweb(self):
        return self.server.icweb

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        self.body = json.loads(self.rfile.read(length) or b"null") if length else None
        if not parts.path.startswith(self.icweb.mount + "/"):
            page = self.icweb.not_found
            self.reply(200 if page else 404, page or b"no such page", "text/html" if page else "text/plain")
            return
        self.resource = unquote(parts.path[len(self.icweb.mount) + 1 :]).rstrip("/")
        self.query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        kind = "security/login" if self.resource == "security/login" else self.resource.partition("/")[0]
        self.icweb.asked.append((self.command, kind))
        waiting = self.icweb.faults.get(kind)
        if waiting and waiting.pop(0)(self):
            return
        self.serve(kind)

    def serve(self, kind):
        if kind == "security/login":
            self.login()
        # One of the public clients asks for the version without a session.
        elif kind != "version" and self.query.get("hash") not in self.icweb.valid:
            self.reply(401 if self.icweb.version < "6.8" else 403, b"not authorised", "text/plain")
        else:
            getattr(self, f"on_{kind}", self.missing)()

    def missing(self):
        self.reply(404, b"not found", "text/plain")

    def login(self):
        # The public clients GET from servers of every version.
        if self.command == "POST" and self.icweb.version < "6.9":
            self.reply(self.icweb.no_such_login, b"", "text/plain")
            return
        kind, _, secret = self.headers.get("Authorization", "").partition(" ")
        if CREDENTIALS.get(kind) != base64.b64decode(secret).decode():
            self.reply(401, b"wrong credentials", "text/plain")
            return
        fresh = f"hash{len(self.icweb.hashes)}s3cret{time.monotonic_ns()}"
        self.icweb.hashes.add(fresh)
        self.icweb.valid = {fresh}
        self.json({"hash": fresh, "id": 4, "username": "admin", "license": "write"})

    def on_security(self):
        self.icweb.valid = set()
        self.json({})

    def on_version(self):
        self.json({"version": f"{self.icweb.version}.1204", "schema": "8.125"})

    def on_report(self):
        if self.command == "POST":
            self.icweb.started.append(self.body)
            self.icweb.polls = 0
            self.json({"id": GUID, "status": 1, "percentComplete": 0})
            return
        parameters = [
            {"parameterName": "Component_ID", "displayName": "Component", "required": True},
            {"parameterName": "Year", "displayName": "Year", "required": False, "multiSelect": True},
        ]
        self.json({"name": "Anomalies", "parameters": parameters, "excludable": []})

    def wanted_job(self):
        """The job that is asked for, in the form that this version has; the other form is not known."""
        path = self.resource.partition("/")[2]
        given = path if self.icweb.version >= "6.9" else self.query.get("id")
        if self.icweb.version >= "6.9" and not path:
            given = self.query.get("id")
        return given if given and given.upper() == GUID else None

    def on_jobStatus(self):
        if self.icweb.version >= "6.9" and self.resource == "jobStatus" and "id" not in self.query:
            self.json({"jobs": [{"id": GUID, "status": 4, "summary": "done"}]})
        elif self.wanted_job():
            statuses = self.icweb.statuses
            status = statuses[min(self.icweb.polls, len(statuses) - 1)]
            self.icweb.polls += 1
            self.json({"id": GUID, **status})
        else:
            self.reply(404, b"Job not found", "text/plain")

    def on_jobContent(self):
        if not self.wanted_job():
            self.reply(404, b"Job not found", "text/plain")
            return
        self.reply(200, self.icweb.content, None, self.icweb.headers)

    def on_jobDismiss(self):
        self.json({}) if self.wanted_job() else self.missing()

    def on_dashboard(self):
        self.reply(200, json.dumps({"name": "Board", **json.loads(SAMPLE.read_text())}).encode(), "application/json")

    def json(self, value):
        self.reply(200, json.dumps(value).encode(), "application/json")

    def reply(self, status, body, media_type=None, headers=None, *, claim=None):
        self.send_response(status)
        if media_type:
            self.send_header("Content-Type", media_type)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if claim is None else claim))
        self.end_headers()
        self.wfile.write(body)
        if claim is not None:
            self.close_connection = True
        return True


def status(code, body=b"", **headers):
    """Answer with a status."""
    return lambda handler: handler.reply(code, body, "text/plain", {k.replace("_", "-"): v for k, v in headers.items()})


def reset(handler):
    """Drop the connection without a word."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)
    return True


def served_then_reset(handler):
    """Do what was asked, then drop the connection before the answer."""
    handler.reply = lambda *_, **__: reset(handler)
    getattr(handler, f"on_{handler.resource.partition('/')[0]}")()
    return True


def stall(seconds):
    """Say nothing for a while."""

    def stalling(handler):
        time.sleep(seconds)
        return reset(handler)

    return stalling


def expired(handler):
    """Forget the session."""
    handler.icweb.valid = set()
    return False


def short(handler):
    """Send half of what was promised."""
    content = handler.icweb.content
    return handler.reply(200, content[: len(content) // 2], None, handler.icweb.headers, claim=len(content))


def chunks_cut(handler):
    """Send a whole chunk of a content whose length nobody knows, then drop the connection."""
    content = handler.icweb.content
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"%x\r\n%b\r\n" % (len(content), content))
    handler.close_connection = True
    return True


def drip(handler):
    """Send a byte now and then, for as long as anybody listens."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.close_connection = True
    try:
        for _ in range(600):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass
    return True


def bomb(handler):
    """Send a little that unpacks to a lot."""
    packed = gzip.compress(b" " * (4 << 20))
    return handler.reply(200, packed, "application/json", {"Content-Encoding": "gzip"})


def page(handler):
    """Answer with a login page."""
    return handler.reply(200, b"<html><body>Please log in</body></html>", "text/html")


def login_page(handler):
    """Answer with a page that asks for a password."""
    return handler.reply(200, b'<html><form><input name="p" type="password"></form></html>', "text/html")


def broken(handler):
    """Break off in the middle of the answer."""
    return handler.reply(200, b'{"id', "application/json", claim=99)


def endless_half(handler):
    """Send half of the content, without saying how long it is."""
    content = handler.icweb.content
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])
    handler.close_connection = True
    return True


def redirected(location):
    """Send the client elsewhere."""
    return lambda handler: handler.reply(302, b"", None, {"Location": location})


def to_self(handler):
    """Send the client to the same resource under another spelling."""
    return handler.reply(302, b"", None, {"Location": re.sub(r"/(\w+)\?", r"/\1/?", handler.path, count=1)})


class Server(ThreadingHTTPServer):
    """Says nothing of clients that hang up or do not trust it."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError | ssl.SSLError):
            super().handle_error(request, client_address)


class Server6(Server):
    """Listens to IPv6."""

    address_family = socket.AF_INET6


@contextmanager
def running(icweb, port=0, certificate=None, host="127.0.0.1", kind=Handler):
    """Run a server, over TLS with a certificate and its key, or a context that has them; gives its address."""
    server = (Server6 if ":" in host else Server)((host, port), kind)
    server.icweb = icweb
    if certificate:
        context = certificate
        if not isinstance(certificate, ssl.SSLContext):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
        # Not on accept: a client that hangs up, as one does that trusts nobody, would stop the server.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        name = f"[{host}]" if ":" in host else host
        yield f"http{'s' if certificate else ''}://{name}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", default="6.9", choices=["6.7", "6.8", "6.9"])
    parser.add_argument("--port", type=int, default=8642)
    options = parser.parse_args()
    with running(ICWeb(options.version), options.port) as address:
        print(f"IC-Web {options.version} at {address}/data; API key: {CREDENTIALS['APIKEY']}; job: {GUID}")
        threading.Event().wait()
