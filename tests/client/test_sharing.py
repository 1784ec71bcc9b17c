"""One client, shared: by threads, by processes that were forked, with a program that logs, over a changed key."""

import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

import icreport
from icreport.errors import AuthenticationError, JobFailedError, ServiceError
from icweb import server
from icweb.server import CREDENTIALS, GUID, ICWeb


class ManyJobs(ICWeb):
    """A server on which every id is a job's."""


def any_job(handler):
    job = handler.resource.partition("/")[2] or handler.query.get("id")
    if handler.query.get("hash") not in handler.icweb.valid:
        return handler.reply(401, b"not authorised", "text/plain")
    return handler.reply(200, b'{"id": "%s", "status": 3}' % job.encode(), "application/json")


class Endless(list):
    """A fault for every request."""

    def __bool__(self):
        return True

    def pop(self, index=-1):
        return self[0]


@pytest.fixture
def many_jobs(icweb):
    icweb.faults["jobStatus"] = Endless([any_job])
    return icweb


def test_threads_log_in_once_and_each_gets_its_own_answer(client, many_jobs):
    wanted = [f"{{JOB-{number}}}" for number in range(240)]
    with ThreadPoolExecutor(8) as threads:
        found = [job.id for job in threads.map(client.job, wanted)]
    assert found == wanted
    assert many_jobs.asked.count(("POST", "security/login")) == 1


def test_threads_that_lose_their_session_log_in_once_more_for_all(client, many_jobs):
    client.job("{A}")
    for _ in range(5):
        many_jobs.expire()
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(client.job, [f"{{JOB-{number}}}" for number in range(40)]))
    assert many_jobs.asked.count(("POST", "security/login")) == 6


def test_a_deadline_is_that_of_its_thread(client, many_jobs):
    late = threading.Event()

    def wait_shortly():
        with pytest.raises(icreport.WaitTimeoutError):
            client.wait("{SLOW}", timeout=0.05, interval=0.01)
        late.set()

    thread = threading.Thread(target=wait_shortly)
    thread.start()
    late.wait(10)
    assert client.job("{OTHER}").id == "{OTHER}"
    thread.join()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_has_a_session_of_its_own_and_leaves_that_of_its_parent(client, many_jobs):
    client.job("{PARENT}")
    children = []
    for child in range(3):
        process = os.fork()
        if process == 0:
            try:
                ok = all(client.job(f"{{C{child}-{n}}}").id == f"{{C{child}-{n}}}" for n in range(20))
            except icreport.IcreportError:
                ok = False
            os._exit(0 if ok else 1)
        children.append(process)
    found = [client.job(f"{{P-{number}}}").id for number in range(20)]
    assert found == [f"{{P-{number}}}" for number in range(20)]
    assert [os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in children] == [0, 0, 0]


def test_an_answer_about_another_job_is_not_believed(client, icweb, fails):
    icweb.faults["jobStatus"] = [
        lambda handler: handler.reply(200, b'{"id": "{OTHER}", "status": 4}', "application/json")
    ]
    assert "{OTHER}" in str(fails(ServiceError, lambda: client.wait("{MINE}")))
    icweb.faults["jobStatus"] = [
        lambda handler: handler.reply(
            200, b'{"id": "%s", "status": "4"}' % GUID[1:-1].lower().encode(), "application/json"
        )
    ]
    assert client.wait(GUID).status == 4


@pytest.mark.parametrize("dismissed", [True, "true"])
def test_a_job_that_was_dismissed_is_not_waited_for(client, icweb, fails, dismissed):
    icweb.statuses = [{"status": 3, "dismissed": dismissed}]
    assert "dismissed" in str(fails(JobFailedError, lambda: client.wait(GUID, timeout=60)))


def test_a_job_that_is_done_and_dismissed_is_done(client, icweb):
    icweb.statuses = [{"status": 4, "dismissed": True}]
    assert client.wait(GUID).status == 4


def test_a_key_that_was_changed_is_taken_up(address, icweb, monkeypatch):
    monkeypatch.setenv("ICREPORT_API_KEY", CREDENTIALS["APIKEY"])
    with icreport.Client(address, backoff=0.01) as client:
        client.job(GUID)
        monkeypatch.setitem(CREDENTIALS, "APIKEY", "key-n3w")
        icweb.expire()
        with pytest.raises(AuthenticationError):
            client.job(GUID)
        monkeypatch.setenv("ICREPORT_API_KEY", "key-n3w\n")
        assert client.job(GUID).id == GUID


@pytest.mark.parametrize(
    "credentials",
    [{"api_key": "key-s3cret\n"}, {"token": " token-s3cret\r\n"}, {"username": "admin\n", "password": "pass-s3cret\n"}],
)
def test_the_line_end_of_a_file_is_no_part_of_a_secret(address, credentials):
    with icreport.Client(address, **credentials) as client:
        assert client.job(GUID).id == GUID


def test_what_a_program_logs_of_requests_of_its_own_stays(address, caplog, monkeypatch):
    monkeypatch.setitem(CREDENTIALS, "BASIC", "admin:e")
    with icreport.Client(address, username="admin", password="e") as client:
        client.job(GUID)
        caplog.clear()
        httpx.get(f"{address}/elsewhere?hash=of-somebody-else")
        assert "/elsewhere?hash=of-somebody-else" in caplog.text
        assert "HTTP Request" in caplog.text
        caplog.clear()


def test_a_client_that_is_closed_says_so(client):
    client.close()
    client.close()
    with pytest.raises(icreport.UsageError, match="closed"):
        client.job(GUID)


def test_an_error_of_the_server_while_polling_is_asked_again(client, icweb):
    icweb.faults["jobStatus"] = [server.status(500, b"starting")]
    assert client.wait(GUID, interval=0.01).status == 4


def test_an_old_name_of_gzip_is_known(client, icweb):
    import gzip

    packed = gzip.compress(icweb.content)
    icweb.statuses = [{"status": 4}]
    icweb.faults["jobContent"] = [
        lambda handler: handler.reply(200, packed, "application/json", {"Content-Encoding": "x-gzip"})
    ]
    assert client.content(GUID).report().tables


def test_a_mark_before_json_is_no_part_of_it(client, icweb):
    icweb.faults["jobStatus"] = [
        lambda handler: handler.reply(200, b'\xef\xbb\xbf{"id": "%s", "status": 4}' % GUID.encode(), "application/json")
    ]
    assert client.job(GUID).status == 4


def test_a_server_that_takes_windows_logins_alone_is_told(client, icweb, fails):
    icweb.faults["security/login"] = Endless(
        [lambda handler: handler.reply(401, b"", "text/html", {"WWW-Authenticate": "Negotiate, NTLM"})]
    )
    assert "Windows authentication" in str(fails(AuthenticationError, lambda: client.job(GUID)))


def test_jobs_of_a_batch_in_threads_log_out_when_it_ends(address, icweb, tmp_path, monkeypatch):
    monkeypatch.setenv("ICREPORT_API_KEY", CREDENTIALS["APIKEY"])
    icweb.statuses = [{"status": 4}]
    with ThreadPoolExecutor(4) as threads:
        result = icreport.convert_many([GUID], tmp_path, ["csv"], server=address, executor=threads)
        assert result.done == 1
        assert icweb.asked.count(("GET", "security")) == 1
        assert icweb.asked.count(("POST", "security/login")) == 1
    assert logging.getLogger("httpx").filters
