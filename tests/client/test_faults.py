"""What happens in each fault: each row of the table in docs/service.md is a test here, by its name."""

import gzip

import httpx
import pytest

import icreport
from icreport.client.session import retry_after
from icreport.errors import (
    AuthenticationError,
    JobFailedError,
    LimitError,
    NotFoundError,
    ServiceError,
    TransferError,
    WaitTimeoutError,
)
from icweb import server
from icweb.server import GUID, SAMPLE, status

DONE = [{"status": 4, "percentComplete": 100}]


def job_content(client, icweb):
    icweb.statuses = DONE
    job = client.generate(3, {"Component_ID": 12})
    client.wait(job, interval=0.01)
    return client.content(job.id)


@pytest.mark.parametrize("resource", ["version", "report", "jobStatus", "jobContent"])
def test_session_expires_before_any_request(client, icweb, resource):
    icweb.faults[resource] = [server.expired]
    assert job_content(client, icweb).path.read_bytes() == SAMPLE.read_bytes()
    assert len(icweb.started) == 1
    assert icweb.asked.count(("POST", "security/login")) == 2


def test_session_expires_again_at_once(client, icweb, fails):
    icweb.faults["jobStatus"] = [server.expired, server.expired]
    fails(AuthenticationError, lambda: client.job(GUID))


@pytest.mark.parametrize("resource", ["jobStatus", "jobContent", "version"])
@pytest.mark.parametrize("fault", [server.reset, status(502), status(503), status(504), status(429)], ids=range(5))
def test_a_passing_fault_is_repeated(client, icweb, resource, fault):
    icweb.faults[resource] = [fault, fault]
    assert job_content(client, icweb).report().tables
    assert len(icweb.started) == 1


def test_a_storm_of_503_ends_in_an_error(client, icweb, fails):
    icweb.faults["jobStatus"] = [status(503)] * 20
    assert "HTTP 503" in str(fails(ServiceError, lambda: client.job(GUID)))
    assert icweb.asked.count(("GET", "jobStatus")) == 3


@pytest.mark.parametrize(
    ("after", "seconds"),
    [("7", 7), ("0", None), ("Thu, 01 Jan 1970 00:00:00 GMT", None), ("nonsense", None), ("-5", None), ("", None)],
)
def test_retry_after_is_heeded_and_clock_skew_and_nonsense_are_not(after, seconds):
    assert retry_after(httpx.Response(503, headers={"Retry-After": after})) == seconds


def test_a_server_that_asks_for_a_second_gets_it(client, icweb):
    icweb.faults["jobStatus"] = [status(503, Retry_After="1")]
    assert client.job(GUID).id == GUID


def test_login_is_refused(address, icweb, fails):
    with icreport.Client(address, api_key="wrong-s3cret") as client:
        error = fails(AuthenticationError, lambda: client.job(GUID))
    assert "did not accept the credentials" in str(error)


def test_nobody_listens(fails):
    with icreport.Client("http://127.0.0.1:9", api_key="x", backoff=0.01, attempts=2) as client:
        assert "cannot reach http://127.0.0.1:9" in str(fails(ServiceError, lambda: client.job(GUID)))


def test_the_server_stalls(client, icweb, fails):
    icweb.faults["jobStatus"] = [server.stall(2)] * 3
    assert "the connection" in str(fails(TransferError, lambda: client.job(GUID)))


def test_a_report_is_started_once_when_the_answer_is_lost(client, icweb, fails):
    icweb.faults["report"] = [server.served_then_reset]
    fails(TransferError, lambda: client.generate(3))
    assert len(icweb.started) == 1


@pytest.mark.parametrize("code", [500, 502, 503, 504, 429])
def test_a_report_is_not_started_again_after_an_error(client, icweb, fails, code):
    icweb.faults["report"] = [status(code)]
    fails(ServiceError, lambda: client.generate(3))
    assert icweb.asked.count(("POST", "report")) == 1


def test_a_report_is_started_after_a_refused_session_with_its_parameters(client, icweb):
    client.job(GUID)
    icweb.faults["report"] = [server.expired]
    client.generate(3, {"Component_ID": 12})
    (started,) = icweb.started
    assert started["parameters"] == [{"parameterName": "Component_ID", "value": 12}]


@pytest.mark.parametrize("fault", [server.short, server.reset])
def test_a_broken_download_is_repeated_from_its_start(client, icweb, fault):
    icweb.faults["jobContent"] = [fault, fault]
    assert job_content(client, icweb).path.read_bytes() == SAMPLE.read_bytes()


@pytest.mark.parametrize("fault", [server.short, server.reset, server.chunks_cut])
def test_a_download_that_always_breaks_is_an_error(client, icweb, fails, fault):
    icweb.faults["jobContent"] = [fault] * 9
    fails(TransferError, lambda: job_content(client, icweb))


def test_a_gzip_bomb_is_refused(address, icweb, fails):
    icweb.faults["jobContent"] = [server.bomb]
    with icreport.Client(address, api_key="key-s3cret", largest=1 << 20) as client:
        error = fails(LimitError, lambda: job_content(client, icweb))
    assert "when unpacked" in str(error)


@pytest.mark.parametrize("resource", ["jobStatus", "security/login", "report"])
def test_a_login_page_with_status_200(client, icweb, fails, resource):
    icweb.faults[resource] = [server.page] * 9
    error = fails(ServiceError, lambda: client.report_details(3) if resource == "report" else client.job(GUID))
    assert "is this the address of IC-Web?" in str(error)


@pytest.mark.parametrize("resource", ["jobStatus", "security/login", "jobContent"])
def test_a_redirect_to_another_host_is_refused(client, icweb, fails, resource):
    icweb.faults[resource] = [server.redirected("http://192.0.2.1/data/icweb.dll/x")] * 9
    assert "not followed" in str(fails(ServiceError, lambda: job_content(client, icweb)))


def test_a_redirect_on_the_same_host_is_followed(client, icweb):
    client.job(GUID)
    icweb.faults["jobStatus"] = [lambda handler: handler.reply(302, b"", None, {"Location": handler.path})]
    assert client.job(GUID).id == GUID


def test_redirects_in_circles(client, icweb, fails):
    client.job(GUID)
    icweb.faults["jobStatus"] = [lambda handler: handler.reply(302, b"", None, {"Location": handler.path})] * 9
    assert "in circles" in str(fails(ServiceError, lambda: client.job(GUID)))


def test_the_content_type_is_wrong_but_the_content_is_json(client, icweb):
    icweb.headers["Content-Type"] = "application/octet-stream"
    content = job_content(client, icweb)
    assert (content.is_report, content.media_type) == (True, "application/octet-stream")
    assert content.report().tables


def test_the_header_says_json_but_the_content_is_a_pdf(client, icweb, fails):
    icweb.content = b"%PDF-1.7 ..."
    content = job_content(client, icweb)
    assert "not a report document" in str(fails(ServiceError, content.report))


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment;filename="report.json"', "report.json"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\evil\\\\x.json"', "x.json"),
        ('attachment; filename="CON"', "report"),
        ('attachment; filename="nul.json"', "report"),
        ('attachment; filename="."', "report"),
        ("attachment; filename*=UTF-8''%E2%82%AC%20rates.json", "€ rates.json"),
        ("attachment; filename*=nonsense''%ff.json", "ÿ.json"),
        (f'attachment; filename="{"n" * 400}.json"', "n" * 150),
        ('attachment; filename="a<b>|c?.json"', "a_b__c_.json"),
        ("", "report"),
    ],
)
def test_an_evil_content_disposition(client, icweb, disposition, name):
    icweb.headers["Content-Disposition"] = disposition
    content = job_content(client, icweb)
    assert content.filename == name
    assert content.path.parent.name.startswith("icreport-")


def test_the_job_fails(client, icweb, fails):
    icweb.statuses = [{"status": 3}, {"status": 5, "summary": "Division by zero in group 4"}]
    error = fails(JobFailedError, lambda: client.wait(GUID, interval=0.01))
    assert "Division by zero in group 4" in str(error)


def test_the_job_pauses_and_goes_on(client, icweb):
    icweb.statuses = [{"status": 6}, {"status": 6}, {"status": 4}]
    seen = []
    client.wait(GUID, interval=0.01, progress=lambda job: seen.append(job.status.name))
    assert seen == ["PAUSED", "PAUSED", "COMPLETED"]


def test_the_job_is_not_done_in_time(client, icweb, fails):
    icweb.statuses = [{"status": 3}]
    error = fails(WaitTimeoutError, lambda: client.wait(GUID, timeout=0.1, interval=0.01))
    assert f"icreport fetch '{GUID}'" in str(error)


def test_the_job_is_not_found(client, icweb, fails):
    error = fails(NotFoundError, lambda: client.job("{00000000-0000-0000-0000-000000000000}"))
    assert "there is no job" in str(error)


def test_the_job_has_no_content(client, icweb, fails):
    icweb.content = b""
    assert "no content" in str(fails(NotFoundError, lambda: job_content(client, icweb)))


def test_percent_over_100_and_an_unknown_status(client, icweb):
    icweb.statuses = [{"status": 17, "percentComplete": 250, "startClock": "?"}, {"status": 4, "percentComplete": -3}]
    seen = []
    client.wait(GUID, interval=0.01, progress=seen.append)
    assert [(job.status, job.percent_complete) for job in seen] == [
        (icreport.JobStatus.UNKNOWN, 100),
        (icreport.JobStatus.COMPLETED, 0),
    ]
    assert seen[0].model_extra == {"startClock": "?"}


@pytest.mark.parametrize("answer", [b"[]", b"5", b'{"status": 4}', b"\xff", b""])
def test_a_status_that_is_no_job(client, icweb, fails, answer):
    client.job(GUID)
    icweb.faults["jobStatus"] = [lambda handler: handler.reply(200, answer, "application/json")] * 3
    fails(ServiceError, lambda: client.job(GUID))


def test_an_error_page_does_not_leak_the_hash(client, icweb, fails):
    client.job(GUID)
    icweb.faults["jobStatus"] = [
        lambda handler: handler.reply(500, f"<h1>failed</h1> at {handler.path}".encode(), "text/html")
    ]
    assert "hash=…" in str(fails(ServiceError, lambda: client.job(GUID)))


def test_no_jobs_on_an_on_premise_server(client, icweb, fails):
    icweb.faults["report"] = [status(404, b"no such resource")]
    assert "dashboard" in str(fails(NotFoundError, lambda: client.generate(3)))


def test_a_status_that_breaks_off_is_asked_for_again(client, icweb):
    icweb.faults["jobStatus"] = [lambda handler: handler.reply(200, b'{"id', "application/json", claim=99)] * 2
    assert client.job(GUID).id == GUID


def test_a_login_page_in_place_of_the_content_is_answered_with_a_new_login(client, icweb):
    page = b'<html><form><input name="p" type="password"></form></html>'
    icweb.faults["jobContent"] = [lambda handler: handler.reply(200, page, "text/html")]
    assert job_content(client, icweb).path.read_bytes() == SAMPLE.read_bytes()
    assert icweb.asked.count(("POST", "security/login")) == 2


def test_a_login_page_for_ever_is_an_error_and_never_a_document(client, icweb, fails):
    page = b'<html><form><input name="p" type="password"></form></html>'
    icweb.faults["jobContent"] = [lambda handler: handler.reply(200, page, "text/html")] * 9
    assert "login page" in str(fails(ServiceError, lambda: job_content(client, icweb)))


def test_an_error_that_repeats_the_bare_session_does_not_leak_it(client, icweb, fails):
    client.job(GUID)
    icweb.faults["jobStatus"] = [
        lambda handler: handler.reply(500, f"session {handler.query['hash']} of key-s3cret".encode(), "text/plain")
    ]
    assert "session … of …" in str(fails(ServiceError, lambda: client.job(GUID)))


def test_a_failed_job_whose_summary_repeats_the_session_does_not_leak_it(client, icweb, fails):
    client.job(GUID)
    (session,) = icweb.hashes
    icweb.statuses = [{"status": 5, "summary": f"session {session} ended"}]
    assert "session … ended" in str(fails(JobFailedError, lambda: client.wait(GUID)))


def test_rtf_starts_like_json_and_is_none(client, icweb):
    icweb.content = rb"{\rtf1\ansi hello}"
    assert not job_content(client, icweb).is_report


def test_a_gzip_bomb_is_refused_long_before_the_limit_of_bytes(client, icweb, fails):
    packed = gzip.compress(b" " * (100 << 20), 9)
    icweb.faults["jobContent"] = [
        lambda handler: handler.reply(200, packed, "application/json", {"Content-Encoding": "gzip"})
    ]
    assert "times as large when unpacked" in str(fails(LimitError, lambda: job_content(client, icweb)))


def test_a_status_that_drips_ends_with_the_wait(client, icweb, fails):
    icweb.faults["jobStatus"] = [server.drip] * 9
    assert "slow" in str(fails(TransferError, lambda: client.wait(GUID, timeout=0.2)))


def test_a_content_that_drips_ends_at_its_deadline(client, icweb, fails):
    icweb.faults["jobContent"] = [server.drip] * 9
    assert "slow" in str(fails(TransferError, lambda: client.content(GUID, timeout=0.5)))


def test_a_web_page_at_one_mount_does_not_hide_the_other():
    icweb = server.ICWeb("6.9", mount="/icweb.dll")
    with server.running(icweb) as address:
        icweb.not_found = b"<html>Welcome</html>"
        with icreport.Client(address, api_key="key-s3cret") as client:
            assert client.job(GUID).id == GUID
