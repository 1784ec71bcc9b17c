"""What happens in each fault: each row of the table in docs/service.md is a test here, by its name."""

import gzip
import re
import resource
import signal
import threading
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

import icreport
from icreport.client.responses import retry_after
from icreport.errors import (
    AuthenticationError,
    JobFailedError,
    LimitError,
    NotFoundError,
    OutputError,
    ServiceError,
    TransferError,
    UnavailableError,
    UsageError,
    WaitTimeoutError,
)
from icweb import server
from icweb.server import GUID, SAMPLE, status

DOCS = Path(__file__).parents[2] / "docs/service.md"
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
@pytest.mark.parametrize("fault", [server.reset, *map(status, (502, 503, 504, 429, 500))], ids=range(6))
def test_a_passing_fault_is_repeated(client, icweb, resource, fault):
    icweb.faults[resource] = [fault, fault]
    assert job_content(client, icweb).report().tables
    assert len(icweb.started) == 1


def test_a_storm_of_503_ends_in_an_error(client, icweb, fails):
    icweb.faults["jobStatus"] = [status(503)] * 20
    assert "HTTP 503" in str(fails(ServiceError, lambda: client.job(GUID)))
    assert icweb.asked.count(("GET", "jobStatus")) == 3


@pytest.mark.parametrize("fault", [server.reset, *map(status, (502, 503, 504, 500))], ids=["reset", 502, 503, 504, 500])
def test_a_server_that_starts_again_is_waited_for_while_a_job_is(client, icweb, fault, caplog):
    icweb.statuses = [{"status": 3}, *DONE]
    icweb.faults["jobStatus"] = [lambda _: False, *[fault] * 6]  # of three attempts
    job = client.generate(3, {"Component_ID": 12})
    assert client.wait(job, interval=0.01).status == icreport.JobStatus.COMPLETED
    assert len(icweb.started) == 1
    assert [record.message for record in caplog.records if "waiting for it" in record.message] == [
        record.message for record in caplog.records if record.levelname == "WARNING"
    ]
    assert caplog.text.count("waiting for it, at most") == 1


def test_a_server_that_is_gone_is_waited_for_and_logged_in_at_again():
    icweb = server.ICWeb()
    icweb.statuses = [{"status": 3}, *DONE]
    with ExitStack() as first, ExitStack() as second:
        address = first.enter_context(server.running(icweb))
        client = second.enter_context(icreport.Client(address, api_key="key-s3cret", backoff=0.01, attempts=2))
        job = client.generate(3, {"Component_ID": 12})
        first.close()
        icweb.expire()
        icweb.faults["jobStatus"] = [server.reset]  # by the thread that still serves our connection

        def start():
            second.enter_context(server.running(icweb, int(address.rpartition(":")[2])))

        restart = threading.Timer(0.5, start)
        restart.start()
        assert client.wait(job, interval=0.01).status == icreport.JobStatus.COMPLETED
        restart.join()
        client.close()
    assert len(icweb.started) == 1
    assert icweb.asked.count(("POST", "security/login")) == 2


@pytest.mark.parametrize("fault", [server.reset, status(503), status(500)], ids=["reset", 503, 500])
def test_a_session_that_is_lost_in_a_restart_is_begun_again_when_it_is_over(client, icweb, fault):
    client.job(GUID)
    icweb.statuses = DONE
    icweb.faults["jobStatus"] = [server.expired]
    icweb.faults["security/login"] = [fault] * 6
    assert client.wait(GUID).id == GUID


def test_a_content_is_waited_for_while_the_server_starts_again(client, icweb):
    icweb.faults["jobContent"] = [status(503)] * 6
    assert job_content(client, icweb).report().tables


def test_a_server_that_stays_away_ends_with_the_wait(client, icweb, fails):
    client.job(GUID)
    icweb.faults["jobStatus"] = [status(503)] * 99
    assert "HTTP 503" in str(fails(UnavailableError, lambda: client.wait(GUID, timeout=0.3)))
    assert 3 < icweb.asked.count(("GET", "jobStatus")) < 99


def test_a_first_login_is_given_up_sooner(client, icweb, fails):
    icweb.faults["security/login"] = [status(503)] * 99
    fails(UnavailableError, lambda: client.wait(GUID))
    assert icweb.asked == [("POST", "security/login")] * 3


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        ("7", 7),
        ("0", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("nonsense", None),
        ("-5", None),
        ("", None),
        ("\xb2", None),
        ("Mon, 99 Foo 99999 99:99:99 +9999", None),
    ],
)
def test_retry_after_is_heeded_and_clock_skew_and_nonsense_are_not(after, seconds):
    assert retry_after(httpx.Response(503, headers={"Retry-After": after.encode("latin-1")})) == seconds


def test_retry_after_as_a_date_counts_from_the_clock_of_the_server():
    date = {"Date": "Tue, 01 Jan 2080 00:00:00 GMT", "Retry-After": "Tue, 01 Jan 2080 00:00:05 GMT"}
    assert retry_after(httpx.Response(503, headers=date)) == 5


def test_a_server_that_asks_for_more_patience_than_we_have_is_an_error_at_once(client, icweb, fails):
    icweb.faults["jobStatus"] = [status(503, Retry_After="3600")] * 9
    assert "3,600 seconds" in str(fails(ServiceError, lambda: client.wait(GUID, timeout=9999)))
    assert icweb.asked.count(("GET", "jobStatus")) == 1


def test_a_server_that_asks_for_a_second_gets_it(client, icweb):
    icweb.faults["jobStatus"] = [status(503, Retry_After="1")]
    assert client.job(GUID).id == GUID


def test_login_is_refused(address, icweb, fails):
    with icreport.Client(address, api_key="wrong-s3cret") as client:
        error = fails(AuthenticationError, lambda: client.job(GUID))
    assert "did not accept the credentials" in str(error)
    assert icweb.asked.count(("POST", "security/login")) == icweb.asked.count(("GET", "security/login")) == 1


@pytest.mark.parametrize("code", [401, 403, 404, 405, 500, 501])
def test_an_older_server_that_refuses_the_newer_login(fails, code):
    icweb = server.ICWeb("6.7")
    icweb.no_such_login = code
    with server.running(icweb) as address, icreport.Client(address, api_key="key-s3cret") as client:
        assert client.job(GUID).id == GUID


@pytest.mark.parametrize("fault", [server.reset, status(503), server.broken], ids=["reset", "503", "broken"])
def test_a_login_that_breaks_off_is_repeated(client, icweb, fault):
    icweb.faults["security/login"] = [fault, fault]
    assert client.job(GUID).id == GUID


def test_nobody_listens(fails):
    with icreport.Client("http://127.0.0.1:9", api_key="x", backoff=0.01, attempts=2) as client:
        assert "cannot reach http://127.0.0.1:9" in str(fails(ServiceError, lambda: client.job(GUID)))


def test_the_server_stalls(client, icweb, fails):
    icweb.faults["jobStatus"] = [server.stall(2)] * 3
    assert "the connection" in str(fails(TransferError, lambda: client.job(GUID)))


def test_a_report_is_started_once_when_the_answer_is_lost(client, icweb, fails):
    icweb.faults["report"] = [server.served_then_reset]
    assert "may have been started" in str(fails(TransferError, lambda: client.generate(3)))
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


@pytest.mark.parametrize("fault", [server.short, server.reset, server.chunks_cut], ids=["short", "reset", "cut"])
def test_a_download_that_always_breaks_is_an_error(client, icweb, fails, fault):
    icweb.faults["jobContent"] = [fault] * 30
    fails(TransferError, lambda: job_content(client, icweb))
    assert icweb.asked.count(("GET", "jobContent")) == 3


def test_a_download_that_ends_in_the_middle_of_its_json_without_a_length_is_repeated(client, icweb):
    icweb.faults["jobContent"] = [server.endless_half] * 2
    assert job_content(client, icweb).path.read_bytes() == SAMPLE.read_bytes()


@pytest.mark.parametrize("parameters", [None, {"Year": 2026}], ids=["GET", "POST"])
@pytest.mark.parametrize("fault", [server.broken, server.login_page], ids=["broken", "login page"])
def test_a_dashboard_that_breaks_off_or_is_a_login_page_is_asked_for_again(client, icweb, fault, parameters):
    icweb.faults["dashboard"] = [fault]
    assert client.dashboard(7, parameters).tables


@pytest.mark.parametrize("resource", ["version", "jobStatus", "report"])
def test_a_login_page_in_place_of_an_answer_is_answered_with_a_new_login(client, icweb, resource):
    icweb.faults[resource] = [server.login_page]
    client.report_details(3)
    assert job_content(client, icweb).report().tables
    assert icweb.asked.count(("POST", "security/login")) == 2


@pytest.mark.parametrize("resource", ["jobStatus", "jobContent"])
def test_a_redirect_to_a_login_page_is_answered_with_a_new_login(client, icweb, resource):
    icweb.faults[resource] = [server.redirected("/data/icweb.dll/session/login")]
    icweb.faults["session"] = [server.login_page]
    assert job_content(client, icweb).report().tables
    assert icweb.asked.count(("POST", "security/login")) == 2


def test_an_answer_that_is_nested_without_end_is_no_json(client, icweb, fails):
    icweb.faults["jobStatus"] = [lambda handler: handler.reply(200, b"[" * 100_000, "application/json")]
    assert "not JSON" in str(fails(ServiceError, lambda: client.job(GUID)))


def test_a_client_that_was_closed_says_so(client, fails):
    client.job(GUID)
    client.close()
    assert "closed" in str(fails(UsageError, lambda: client.job(GUID)))


def test_a_login_page_in_answer_to_a_report_is_no_second_job(client, icweb, fails):
    icweb.faults["report"] = [server.login_page]
    assert "may have been started" in str(fails(ServiceError, lambda: client.generate(3)))
    assert icweb.asked.count(("POST", "report")) == 1


def test_a_page_of_a_job_that_is_html_is_its_content(client, icweb):
    icweb.content = b'<html><form>Password: <input type="password"></form></html>'
    icweb.headers = {"Content-Type": "text/html", "Content-Disposition": 'attachment;filename="report.html"'}
    assert job_content(client, icweb).path.read_bytes() == icweb.content


def test_json_in_another_charset_is_read_by_its_header(client, icweb):
    text = SAMPLE.read_text("utf-8").replace("Test Asset", "Ölbühne")
    icweb.headers["Content-Type"] = "application/json; charset=iso-8859-1"
    for content in (text.encode("iso-8859-1"), text.encode()):  # the second one, UTF-8, belies its header
        icweb.content = content
        assert "Ölbühne" in job_content(client, icweb).path.read_text("utf-8")


def test_a_status_that_is_a_number_with_a_fraction_counts(client, icweb):
    icweb.statuses = [{"status": 4.0}]
    assert client.wait(GUID).status == icreport.JobStatus.COMPLETED


@pytest.mark.parametrize("answer", [b"[]", b'{"jobs": 5}', b'{"jobs": {"id": "x"}}', b'{"jobs": null}'])
def test_a_list_of_jobs_that_is_none_is_empty(client, icweb, answer):
    icweb.faults["jobStatus"] = [lambda handler: handler.reply(200, answer, "application/json")]
    assert client.jobs() == []


@pytest.mark.parametrize("location", ["http://[", "http://a b/", "//", "http://192.0.2.1:99999999/", "\xff://"])
def test_a_redirect_to_nonsense_is_refused(client, icweb, fails, location):
    client.job(GUID)
    icweb.faults["jobStatus"] = [server.redirected(location)] * 9
    fails(ServiceError, lambda: client.job(GUID))


def test_logs_do_not_tell_what_headers_repeat_of_our_secrets(client, icweb, fails, caplog):
    client.job(GUID)
    (session,) = icweb.hashes
    told = {"Location": f"/login?return=%2Fx%3Fhash%3D{session}", "Set-Cookie": f"s={session}", "X-Key": "key-s3cret"}
    icweb.faults["jobStatus"] = [lambda handler: handler.reply(302, b"", None, told)] * 9
    fails(ServiceError, lambda: client.job(GUID))
    assert "Set-Cookie" in caplog.text


def test_a_stall_ends_with_the_wait_and_not_with_the_timeout_of_a_byte(address, icweb, fails, monkeypatch):
    monkeypatch.setattr("icreport.client.client._LAST_ANSWER", 0.2)
    icweb.faults["jobStatus"] = [server.stall(600)] * 9
    with icreport.Client(address, api_key="key-s3cret", timeout=1000, backoff=0.01) as client:
        fails(TransferError, lambda: client.wait(GUID, timeout=0.1))


def test_a_stalled_logout_holds_nobody_up(address, icweb, monkeypatch):
    monkeypatch.setattr("icreport.client.session._LOGOUT", 0.2)
    with icreport.Client(address, api_key="key-s3cret") as client:
        client.job(GUID)
        icweb.faults["security"] = [server.stall(20)]
    assert icweb.faults["security"] == []
    assert icweb.asked[-1] == ("GET", "security")


def test_a_full_disk_is_an_error_that_names_it(client, icweb, fails):
    icweb.content = SAMPLE.read_bytes() + b" " * (1 << 20)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, limits[1]))
    try:
        error = fails(OutputError, lambda: job_content(client, icweb))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "cannot keep the content" in str(error)


def test_an_error_says_nothing_to_the_terminal(client, icweb, fails):
    icweb.statuses = [{"status": 5, "summary": "no \x1b[31mdata\x07\n\u202eand more"}]
    assert str(fails(JobFailedError, lambda: client.wait(GUID))).isprintable()


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
        ('attachment; filename="a<b>|c?.json"', "a_b_c_.json"),
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
    ] * 3
    assert "hash=…" in str(fails(ServiceError, lambda: client.job(GUID)))


def test_no_jobs_on_an_on_premise_server(client, icweb, fails):
    icweb.faults["report"] = [status(404, b"no such resource")]
    icweb.faults["jobStatus"] = icweb.faults["jobContent"] = [status(404, b"no such resource")] * 9
    assert "dashboard" in str(fails(NotFoundError, lambda: client.generate(3)))
    assert "dashboard" in str(fails(NotFoundError, lambda: client.job(GUID)))
    assert "dashboard" in str(fails(NotFoundError, lambda: client.content(GUID)))
    assert "dashboard" in str(fails(NotFoundError, client.jobs))


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
    ] * 3
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


def test_each_row_of_the_table_in_the_docs_is_a_test_here():
    rows = re.findall(r"^\| (?!fault|---).* \| (`.*`) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)…?`", row)}
    tests = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert len(rows) >= 25
    assert {name for name in named if not any(test.startswith(name) for test in tests)} == set()
    assert {test for test in tests if not any(test.startswith(name) for name in named)} == {
        "each_row_of_the_table_in_the_docs_is_a_test_here",
        "a_status_that_is_a_number_with_a_fraction_counts",
    }
