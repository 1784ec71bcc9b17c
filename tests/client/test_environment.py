"""What the environment has wrong is told in one line that names it."""

import os

import pytest

import commands
import icreport
from icreport.errors import UnreachableError, UsageError
from icweb.server import CREDENTIALS, GUID


def jobs(address, *arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower() and name != "HOME"}
    more = {"ICREPORT_API_KEY": CREDENTIALS["APIKEY"], "ICREPORT_BACKOFF": "0.01"} | environment
    return commands.run("jobs", "--server", address, *arguments, env=kept | more, text=False)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"ALL_PROXY": "socks://proxy"}, "ALL_PROXY is 'socks://proxy'"),
        ({"ALL_PROXY": "socks5://proxy:1080"}, "httpx[socks]"),
        ({"https_proxy": "http://user:s3cret@[::1"}, "https_proxy is "),
        ({"NO_PROXY": "[::1]"}, "IPv6 without brackets"),
        ({"SSL_CERT_FILE": "/nowhere.pem"}, "SSL_CERT_FILE names '/nowhere.pem'"),
        ({"SSL_CERT_DIR": "/nowhere"}, "SSL_CERT_DIR names '/nowhere'"),
        ({"SSL_CERT_FILE": __file__}, "SSL_CERT_FILE is "),
        ({"SSLKEYLOGFILE": "/nowhere/keys"}, "SSLKEYLOGFILE is "),
    ],
)
def test_what_http_cannot_use_is_told_by_its_variable(address, environment, said):
    done = jobs(address, **environment)
    text = done.stderr.decode()
    assert said in text
    assert (done.returncode, text.count("\n")) == (2, 1)
    assert "s3cret" not in text


def test_hosts_without_a_proxy_may_be_addresses(address):
    assert jobs(address, NO_PROXY="::1,127.0.0.1", HTTP_PROXY="http://127.0.0.1:9").returncode == 0


def test_a_proxy_that_refuses_is_not_the_server():
    environment = {"HTTPS_PROXY": "http://127.0.0.1:9"}
    done = jobs("https://reports.example", **environment)
    assert done.returncode == 3
    assert b"proxy" in done.stderr.lower() or b"cannot reach" in done.stderr


def test_a_key_that_is_no_text_is_told(address):
    done = jobs(address, ICREPORT_API_KEY=os.fsdecode(b"\xff\xfe"))
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"UTF-8" in done.stderr


def test_a_configuration_that_cannot_be_read_is_told_and_not_needed(address, tmp_path):
    (tmp_path / "icreport").mkdir()
    (tmp_path / "icreport/config.toml").write_bytes(b"\xff\xff = \n")
    done = jobs(address, XDG_CONFIG_HOME=str(tmp_path))
    assert done.returncode == 0
    assert b"config.toml" in done.stderr
    done = jobs(address, XDG_CONFIG_HOME=str(tmp_path), ICREPORT_API_KEY="")
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    done = jobs(address, ICREPORT_CONFIG=str(tmp_path / "icreport/config.toml"))
    assert done.returncode == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_configuration_may_come_from_windows(address, tmp_path, encoding):
    path = tmp_path / "config.toml"
    path.write_bytes(f'[servers."{address}"]\r\napi_key = "{CREDENTIALS["APIKEY"]}"\r\n'.encode(encoding))
    path.chmod(0o600)
    done = jobs(address, ICREPORT_CONFIG=str(path), ICREPORT_API_KEY="")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[servers."HOST"]\napikey = "key-s3cret"\n', "did you mean 'api_key'?"),
        ('api_key = "key-s3cret"\n', "credentials belong under"),
        ('sever = "HOST"\n', "did you mean 'server'?"),
    ],
)
def test_a_key_with_a_wrong_name_is_told(address, tmp_path, content, said):
    path = tmp_path / "config.toml"
    path.write_text(content.replace("HOST", address))
    path.chmod(0o600)
    done = jobs(address, ICREPORT_CONFIG=str(path), ICREPORT_API_KEY="")
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert b"s3cret" not in done.stderr


@pytest.mark.parametrize("timeout", [float("nan"), -1.0])
def test_seconds_are_seconds(address, timeout):
    with pytest.raises(UsageError, match="timeout is"):
        icreport.Client(address, api_key="k", timeout=timeout)
    with (
        icreport.Client(address, api_key=CREDENTIALS["APIKEY"]) as client,
        pytest.raises(UsageError, match="timeout is"),
    ):
        client.wait(GUID, timeout=timeout)


def test_a_timeout_may_be_without_end(address):
    endless = float("inf")
    with icreport.Client(address, api_key=CREDENTIALS["APIKEY"], timeout=endless, backoff=endless) as client:
        assert client.wait(GUID, timeout=endless, interval=0.01).id == GUID


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("Hostname mismatch, certificate is not valid for 'reports'", "by a name that is in its certificate"),
        ("certificate has expired", "renew"),
        ("self-signed certificate", "--ca-bundle"),
        ("Missing Authority Key Identifier", "RFC 5280"),
    ],
)
def test_a_certificate_is_refused_with_what_helps(reason, remedy):
    from icreport.client.faults import unreachable

    error = unreachable(
        "https://reports", Exception(f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {reason}")
    )
    assert isinstance(error, UnreachableError)
    assert reason in str(error)
    assert remedy in str(error)


def test_who_calls_from_python_reads_the_names_of_python(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("ICREPORT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ICREPORT_CONFIG", str(tmp_path / "none"))
    from icreport.client.faults import proxy_failed, unreachable
    from icreport.client.settings import Settings

    for say, name in (
        (lambda: icreport.Client("https://host"), "api_key="),
        (lambda: icreport.Client("https://ann:pass@host", api_key="k"), "username= and password="),
        (lambda: icreport.client.connect(Settings()), "server="),
    ):
        with pytest.raises(UsageError, match=name):
            say()
    untrusted = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"
    assert "ca_bundle=" in str(unreachable("https://host", Exception(untrusted)))
    assert "proxy=" in str(proxy_failed("https://host", Exception("407")))
