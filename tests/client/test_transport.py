"""Ways to a server: real TLS with certificates of a company, proxies, IPv6, redirects to https; on loopback."""

import base64
import http.server
import select
import socket
import ssl
from urllib.parse import urlsplit

import pytest
import trustme
import truststore
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificate

import icreport
from icreport.client.transport import Route, make_http_client
from icreport.errors import AuthenticationError, ServiceError, UnreachableError, UsageError
from icweb import server
from icweb.command import run
from icweb.server import CREDENTIALS, GUID, Handler, running, status

PROXY_PASSWORD = "pr0xy/s3cret"


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def files(authority, tmp_path_factory):
    """The company's certificate in the forms in which it comes, and one of ours that a server may ask for."""
    folder = tmp_path_factory.mktemp("certificates")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    pem = (folder / "ca.pem").read_bytes()
    (folder / "ca.der").write_bytes(load_pem_x509_certificate(pem).public_bytes(Encoding.DER))
    (folder / "ca-utf16.pem").write_bytes(
        "﻿Die Firma für uns\r\n".encode("utf-16-le") + pem.decode().encode("utf-16-le")
    )
    ours = authority.issue_cert("somebody@example.org")
    ours.private_key_and_cert_chain_pem.write_to_path(folder / "ours.pem")
    ours.cert_chain_pems[0].write_to_path(folder / "ours.crt")
    ours.private_key_pem.write_to_path(folder / "ours.key")
    key = load_pem_private_key((folder / "ours.key").read_bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"k3y-s3cret"))
    (folder / "locked.key").write_bytes(locked)
    certificate = load_pem_x509_certificate((folder / "ours.crt").read_bytes())
    packed = pkcs12.serialize_key_and_certificates(b"ours", key, certificate, None, NoEncryption())
    (folder / "ours.pfx").write_bytes(packed)
    (folder / "nonsense.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
    (folder / "empty.pem").touch()
    return folder


def context(authority, *names, asks=False):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names or ("127.0.0.1", "::1", "localhost")).configure_cert(made)
    if asks:
        authority.configure_trust(made)
        made.verify_mode = ssl.CERT_REQUIRED
    return made


@pytest.fixture
def secured(icweb, authority):
    with running(icweb, certificate=context(authority)) as url:
        yield url


def client_of(address, **options):
    return icreport.Client(address, api_key=CREDENTIALS["APIKEY"], backoff=0.01, attempts=2, **options)


@pytest.mark.parametrize("name", ["ca.pem", "ca.der", "ca-utf16.pem"])
def test_certificates_of_a_company_may_be_pem_or_der(secured, files, name):
    with client_of(secured, ca_bundle=files / name) as client:
        assert client.job(GUID).id == GUID


@pytest.mark.parametrize("name", ["nosuch.pem", "nonsense.pem", "empty.pem", "ours.pfx"])
def test_certificates_that_are_none_are_told(fails, files, name):
    error = fails(UsageError, lambda: client_of("https://host", ca_bundle=files / name))
    assert f"{name}': " in str(error)


def test_the_systems_store_is_trusted_and_nobody_else(secured, icweb, fails, monkeypatch):
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    with make_http_client(Route()) as http:
        assert type(http._transport._pool._ssl_context) is truststore.SSLContext
    error = fails(UnreachableError, lambda: client_of(secured).job(GUID))
    assert "ca_bundle= or --ca-bundle" in str(error)
    assert icweb.asked == []


def test_a_container_without_a_store_trusts_a_list_of_its_own(monkeypatch):
    from icreport.client import transport

    nothing = ssl.DefaultVerifyPaths(None, None, "SSL_CERT_FILE", "/nowhere", "SSL_CERT_DIR", "/nowhere")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nothing)
    assert transport._trusting_system()._ctx.cert_store_stats()["x509_ca"] > 50


@pytest.mark.parametrize("trust_env", [True, False], ids=["environment", "store"])
def test_the_environment_and_the_store_of_openssl_say_who_is_trusted(secured, files, monkeypatch, trust_env):
    # OpenSSL, whose store is that of Linux, looks there by itself.
    monkeypatch.setenv("SSL_CERT_FILE", str(files / "ca.pem"))
    with client_of(secured, trust_env=trust_env) as client:
        assert client.job(GUID).id == GUID


def test_a_name_that_is_not_in_the_certificate_is_refused(icweb, authority, files, fails):
    with running(icweb, certificate=context(authority, "other.example")) as address:
        error = fails(UnreachableError, lambda: client_of(address, ca_bundle=files / "ca.pem").job(GUID))
    assert "a name that is in its certificate" in str(error)


@pytest.mark.parametrize(
    "options",
    [
        {"client_cert": "ours.pem"},
        {"client_cert": "ours.crt", "client_key": "ours.key"},
        {"client_cert": "ours.crt", "client_key": "locked.key", "client_key_password": "k3y-s3cret"},
    ],
    ids=str,
)
def test_a_server_that_asks_for_a_certificate_gets_ours(icweb, authority, files, fails, options):
    named = {name: files / value if "." in value else value for name, value in options.items()}
    with running(icweb, certificate=context(authority, asks=True)) as address:
        with client_of(address, ca_bundle=files / "ca.pem", **named) as client:
            assert client.job(GUID).id == GUID
        fails(ServiceError, lambda: client_of(address, ca_bundle=files / "ca.pem").job(GUID))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"client_cert": "nosuch.pem"}, "No such file"),
        ({"client_cert": "ours.crt"}, "not a pair"),
        ({"client_cert": "ours.crt", "client_key": "locked.key"}, "ICREPORT_CLIENT_KEY_PASSWORD"),
        ({"client_cert": "ours.pfx"}, "openssl pkcs12"),
    ],
    ids=str,
)
def test_a_certificate_of_ours_that_cannot_be_used_is_told(files, fails, options, said):
    named = {name: files / value for name, value in options.items()}
    assert said in str(fails(UsageError, lambda: client_of("https://host", **named)))


def test_insecure_trusts_anybody_and_warns_each_time(secured, caplog, tmp_path):
    for _ in range(2):
        caplog.clear()
        with client_of(secured, insecure=True) as client:
            assert client.job(GUID).id == GUID
        assert [record.levelname for record in caplog.records if "is not checked" in record.message] == ["WARNING"]
    for flags, variables in ((["--insecure", "-q"], {}), ([], {"ICREPORT_INSECURE": "1"})):
        done = run("dashboard", 7, "-o", "a.csv", *flags, cwd=tmp_path, address=secured, **variables)
        assert (done.returncode, done.stderr.count("\n")) == (0, 1)
        assert "warning" in done.stderr
        assert "is not checked" in done.stderr


class Proxy(http.server.BaseHTTPRequestHandler):
    """A proxy for http and, by CONNECT, for https, that asks for a password."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def is_let_in(self):
        wanted = base64.b64encode(f"ann:{PROXY_PASSWORD}".encode()).decode()
        self.server.icweb.append(f"{self.command} {self.path.partition('?')[0]}")
        if self.headers.get("Proxy-Authorization") == f"Basic {wanted}":
            return True
        self.send_response(407)
        self.send_header("Proxy-Authenticate", "Basic")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return False

    def do_CONNECT(self):
        if not self.is_let_in():
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port))) as other:
            self.send_response(200)
            self.end_headers()
            both = {self.connection: other, other: self.connection}
            while True:
                for ready in select.select(list(both), [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        self.close_connection = True
                        return
                    both[ready].sendall(data)

    def do_GET(self):
        if not self.is_let_in():
            return
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with socket.create_connection((parts.hostname, parts.port)) as other:
            kept = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items() if "roxy" not in name)
            start = f"{self.command} {self.path.partition(parts.netloc)[2]} HTTP/1.1\r\n{kept}"
            other.sendall(start.replace("keep-alive", "close").encode() + b"\r\n" + body)
            while data := other.recv(65536):
                self.wfile.write(data)
        self.close_connection = True

    def do_POST(self):
        self.do_GET()


@pytest.fixture
def proxy():
    """The address of a proxy with its password, and what went through it."""
    passed = []
    with running(passed, kind=Proxy) as url:
        yield url.replace("//", f"//ann:{PROXY_PASSWORD.replace('/', '%2F')}@"), passed


def without_secrets(*texts):
    encoded = base64.b64encode(f"ann:{PROXY_PASSWORD}".encode()).decode()
    return not any(secret in text for text in texts for secret in (PROXY_PASSWORD, "s3cret", encoded))


def test_a_proxy_that_is_named_is_taken_over_http_and_https(icweb, address, secured, files, proxy, caplog):
    for url in (address, secured):
        passed = proxy[1]
        passed.clear()
        with client_of(url, proxy=proxy[0], ca_bundle=files / "ca.pem") as client:
            assert client.job(GUID).id == GUID
            assert "s3cret" not in repr(client)
        assert passed
    assert passed[0].startswith("CONNECT 127.0.0.1:")
    assert without_secrets(caplog.text)


def test_a_proxy_of_the_environment_is_taken_unless_that_is_not_to_be_read(address, proxy, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", proxy[0])
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("http_proxy", raising=False)
    with client_of(address, trust_env=False) as client:
        assert client.job(GUID).id == GUID
    assert proxy[1] == []
    with client_of(address) as client:
        assert client.job(GUID).id == GUID
    assert proxy[1] != []


def test_a_proxy_that_refuses_is_told_without_its_password(address, secured, files, proxy, fails, tmp_path):
    wrong = proxy[0].replace("ann:", "bob:")
    error = fails(ServiceError, lambda: client_of(secured, proxy=wrong, ca_bundle=files / "ca.pem").job(GUID))
    assert "the proxy" in str(error)
    assert without_secrets(str(error))
    for flags, variables in ((["--proxy", wrong], {}), ([], {"ICREPORT_PROXY": wrong})):
        done = run("jobs", *flags, "--ca-bundle", files / "ca.pem", cwd=tmp_path, address=secured, **variables)
        assert (done.returncode, done.stderr.count("\n")) == (3, 1)
        assert without_secrets(done.stderr)
    error = fails(ServiceError, lambda: client_of(address, proxy=wrong).job(GUID))
    assert "407" in str(error)


@pytest.mark.parametrize("given", ["gopher://proxy", "http://user:s3cret@[::1", "socks5://proxy:1080"])
def test_a_proxy_that_is_none_is_told(address, fails, given):
    error = fails(UsageError, lambda: client_of(address, proxy=given))
    assert "s3cret" not in str(error)
    assert "proxy" in str(error)


def test_a_command_that_goes_on_names_the_way_without_a_password(icweb, address, proxy, tmp_path):
    icweb.statuses = [{"status": 5}]
    ordered = ["run", 3, "--param", "Component_ID=1", "-o", "out.csv", "--proxy", proxy[0], "--insecure"]
    done = run(*ordered, cwd=tmp_path, address=address)
    assert "--insecure" in done.stderr.partition("later: ")[2]
    assert f"--proxy {proxy[0].partition('ann')[0]}" in done.stderr.partition("later: ")[2]
    assert without_secrets(done.stderr)


def test_a_server_may_be_at_an_address_of_ipv6(icweb, authority, files):
    for certificate in (None, context(authority)):
        with (
            running(icweb, certificate=certificate, host="::1") as address,
            client_of(f"{address}/data", ca_bundle=files / "ca.pem") as client,
        ):
            assert address.partition("://")[2].startswith("[::1]:")
            assert client.job(GUID).id == GUID


@pytest.mark.parametrize("written", ["my data/åpen", "my%20data/%C3%A5pen", "my data/åpen/icweb.dll"])
def test_a_mount_may_have_blanks(written):
    icweb = server.ICWeb(mount="/my%20data/%C3%A5pen/icweb.dll")
    with running(icweb) as address, client_of(f"{address}/{written}") as client:
        assert client.job(GUID).id == GUID


def sending_to(place, code=301):
    """A handler that sends whoever asks to the same resource at another place."""

    class Sends(Handler):
        def answer(self):
            self.server.icweb.append((self.command, self.headers.get("Authorization")))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.reply(code, b"", None, {"Location": place + self.path})

    return Sends


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirect_to_https_of_the_same_host_is_followed_once_and_told(icweb, secured, files, caplog, code):
    asked = []
    with (
        running(asked, kind=sending_to(secured, code)) as plain,
        client_of(f"{plain}/data", ca_bundle=files / "ca.pem") as client,
    ):
        job = client.generate(3, {"Component_ID": 12})
        client.wait(job, interval=0.01)
        assert client.content(job.id).report().tables
    assert len(asked) == len(icweb.started) == 1
    assert caplog.text.count("sends us to https://") == 1


@pytest.mark.parametrize(
    "place", ["https://localhost:{port}", "https://127.0.0.1:{port}/other", "http://127.0.0.1:{port}"]
)
def test_a_redirect_elsewhere_gets_nothing(icweb, secured, files, fails, place):
    place = place.format(port=secured.rpartition(":")[2])
    with running([], kind=sending_to(place)) as plain:
        error = fails(ServiceError, lambda: client_of(f"{plain}/data", ca_bundle=files / "ca.pem").job(GUID))
    assert "not followed" in str(error)
    assert icweb.asked == []


def test_windows_authentication_is_told(icweb, client, fails):
    icweb.faults["security/login"] = [status(401, WWW_Authenticate="Negotiate, NTLM")] * 9
    assert "Windows authentication" in str(fails(AuthenticationError, lambda: client.job(GUID)))
