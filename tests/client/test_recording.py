"""A case for support: what was asked and answered, in a folder, without secrets; and the same from it."""

import base64
import gzip
import json
import os
from urllib.parse import quote

import pytest

import icreport
from icreport.errors import ReadError, ServiceError, TransferError, UsageError
from icweb import server
from icweb.command import run
from icweb.server import CREDENTIALS, GUID, SAMPLE, status

# With characters that JSON, HTML, URLs and base64 write in other ways.
KEY = 'k"y<s3cret>&/å+='


@pytest.fixture
def nasty_key(monkeypatch):
    monkeypatch.setitem(server.CREDENTIALS, "APIKEY", KEY)


def searched(folder, icweb):
    """Look for each secret in each file, in the forms and encodings that it may have there; gives all that is kept."""
    kept = b"\n".join(path.read_bytes() for path in sorted(folder.iterdir()))
    secrets = {*icweb.secrets, KEY, *CREDENTIALS.values(), base64.b64encode(KEY.encode()).decode()}
    for secret in secrets:
        for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1]):
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                assert form.encode(encoding).lower() not in kept.lower()
    return kept


def test_a_fetch_is_recorded_without_secrets_and_replayed_without_a_server(icweb, address, tmp_path):
    icweb.headers["Set-Cookie"] = "session=c00kie"
    first = run("fetch", GUID, "-o", "a.csv", "--record", "case", cwd=tmp_path, address=address)
    assert (first.returncode, first.stderr) == (0, "")
    kept = searched(tmp_path / "case", icweb)
    assert b"c00kie" not in kept
    assert len(icweb.hashes) == 1
    assert (tmp_path / "case").stat().st_mode & 0o77 == 0
    asked = len(icweb.asked)
    again = run("fetch", GUID, "-o", "b.csv", "--replay", "case", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (0, "")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert len(icweb.asked) == asked


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_what_an_answer_repeats_of_our_secrets_is_hidden(nasty_key, icweb, address, tmp_path, encoding):
    told = [KEY, quote(KEY), json.dumps(KEY), base64.b64encode(KEY.encode()).decode()]
    icweb.statuses = [{"status": 3, "summary": f"for {KEY}"}, {"status": 4}]

    def repeats(handler):
        session = handler.query["hash"]
        # Long enough that some stand across the ends of parts.
        text = "".join(f"{'x' * 4_993}{secret}" for secret in [session, session.upper(), *told] * 8)
        return handler.reply(200, text.encode(encoding), f"text/plain; charset={encoding}", {"X-Session": session})

    icweb.faults["jobContent"] = [repeats]
    with icreport.Client(address, api_key=KEY, record=tmp_path / "case") as client:
        client.wait(GUID, interval=0.01)
        content = client.content(GUID)
        held = content.path.read_bytes()
    assert KEY.encode(encoding.replace("utf-16", "utf-16-le") if encoding == "utf-16" else encoding) in held
    kept = searched(tmp_path / "case", icweb)
    assert "REDACTED".encode("utf-16-le" if encoding == "utf-16" else encoding) in kept


def test_what_is_packed_is_kept_unpacked_so_that_it_can_be_searched(icweb, address, tmp_path):
    packed = gzip.compress(icweb.content)
    icweb.faults["jobContent"] = [
        lambda handler: handler.reply(200, packed, "application/json", {"Content-Encoding": "gzip"})
    ]
    with icreport.Client(address, api_key=CREDENTIALS["APIKEY"], record=tmp_path / "case") as client:
        client.wait(GUID, interval=0.01)
        content = client.content(GUID)
        assert content.path.read_bytes() == SAMPLE.read_bytes()
    assert SAMPLE.read_bytes() in searched(tmp_path / "case", icweb)
    with icreport.Client("", replay=tmp_path / "case") as client:
        client.wait(GUID)
        content = client.content(GUID)
        assert content.path.read_bytes() == SAMPLE.read_bytes()


@pytest.mark.parametrize("fault", [server.short, server.reset, server.chunks_cut, status(404, b"gone")])
def test_a_failure_is_replayed_as_it_was(icweb, address, tmp_path, fault):
    icweb.statuses = [{"status": 4}]
    icweb.faults["jobContent"] = [fault] * 9
    said = []
    for options in ({"api_key": CREDENTIALS["APIKEY"], "record": tmp_path / "case"}, {"replay": tmp_path / "case"}):
        with icreport.Client(address, backoff=0.01, attempts=3, **options) as client:
            client.wait(GUID)
            with pytest.raises(ServiceError) as caught:
                client.content(GUID)
            said.append(str(caught.value))
    assert said[0] == said[1]
    assert isinstance(caught.value, TransferError) is (fault in {server.short, server.reset, server.chunks_cut})


def test_a_session_that_was_lost_is_replayed_too(icweb, address, tmp_path):
    icweb.faults["jobStatus"] = [server.expired, status(503), server.login_page]
    with icreport.Client(address, api_key=CREDENTIALS["APIKEY"], backoff=0.01, record=tmp_path / "case") as client:
        job = client.generate(3, {"Component_ID": 12})
        client.wait(job, interval=0.01)
    searched(tmp_path / "case", icweb)
    with icreport.Client("", replay=tmp_path / "case") as client:
        assert client.wait(client.generate(3, {"Component_ID": 12})).status == icreport.JobStatus.COMPLETED


def test_a_recording_that_ends_before_the_job_says_so(icweb, address, tmp_path):
    icweb.statuses = [{"status": 3}]
    done = run("fetch", GUID, "-o", "a.csv", "--timeout", 0.1, "--record", "case", cwd=tmp_path, address=address)
    assert done.returncode == 3
    done = run("fetch", GUID, "-o", "a.csv", "--replay", "case", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "no further answer to GET /data/icweb.dll/jobStatus" in done.stderr
    done = run("fetch", "{OTHER}", "-o", "a.csv", "--replay", "case", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "no answer to" in done.stderr


def test_folders_that_cannot_be_are_told(icweb, address, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    (tmp_path / "full/recording.json").write_text("[]")
    done = run("fetch", GUID, "-o", "a.csv", "--record", "full", cwd=tmp_path, address=address)
    assert (done.returncode, done.stderr.count("\n"), icweb.asked) == (2, 1, [])
    for folder in ("nosuch", "full"):
        done = run("fetch", GUID, "-o", "a.csv", "--replay", folder, cwd=tmp_path)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        with pytest.raises(ReadError, match="cannot replay"):
            icreport.Client("", replay=tmp_path / folder)
    done = run("fetch", GUID, "-o", "a.csv", "--replay", "x", "--record", "y", cwd=tmp_path)
    assert done.returncode == 2
    assert os.listdir(tmp_path) == ["full"]


def test_an_address_with_credentials_is_refused_before_it_is_written_down(tmp_path):
    with pytest.raises(UsageError):
        icreport.Client("https://ann:s3cret@host", api_key="k", record=tmp_path / "case")
    assert os.listdir(tmp_path) == []
