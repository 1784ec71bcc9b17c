"""The commands of the service, as somebody uses them; those that differ by version are in `test_client.py`."""

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from icweb import server
from icweb.command import run
from icweb.server import CREDENTIALS, GUID, running


def test_run_checks_parameters_before_it_starts_a_job(address, icweb, tmp_path):
    for parameters in ([], ["--param", "Componnent=1", "--param", "Component_ID=1"]):
        done = run("run", 3, *parameters, "-o", "out.csv", cwd=tmp_path, address=address)
        assert done.returncode == 2
        assert "its parameters: Component_ID (required), Year" in done.stderr
    assert icweb.started == []
    run(
        "run",
        3,
        *["--param", "Component_ID=1", "--param", "Year=2025", "--param", "Year=x"],
        "-o",
        "o.csv",
        cwd=tmp_path,
        address=address,
    )
    assert icweb.started[0]["parameters"][1] == {"parameterName": "Year", "value": [2025, "x"]}


PDF = b"%PDF-1.7 made by the server"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("content", "media_type", "name", "suffix"),
    [
        (PDF, "application/pdf", "r.pdf", ".pdf"),
        (PDF, "application/json", "report.json", ".pdf"),
        (PDF, "application/octet-stream", None, ".pdf"),
        (b"PK\3\4 a workbook", SHEET, None, ".xlsx"),
        (b"PK\3\4 a workbook", "application/octet-stream", "r.XLSX", ".xlsx"),
        (rb"{\rtf1 hello}", "text/plain", "report.json", ".rtf"),
        (b"<!DOCTYPE html><p>Signed in by Ann</p>", "text/html; charset=utf-8", "r.html", ".htm"),
        (b"[1] a note", "text/plain", None, ".txt"),
        (b"\0\1\2", "application/octet-stream", None, ".dat"),
    ],
)
def test_content_of_another_kind_is_saved_as_it_came(address, icweb, tmp_path, content, media_type, name, suffix):
    icweb.statuses = [{"status": 4}]
    icweb.content = content
    icweb.headers = {"Content-Type": media_type}
    if name:
        icweb.headers["Content-Disposition"] = f'attachment;filename="{name}"'
    assert run("fetch", GUID, "-o", f"out{suffix}", cwd=tmp_path, address=address).returncode == 0
    assert (tmp_path / f"out{suffix}").read_bytes() == content
    done = run("fetch", GUID, "-o", "out.csv", cwd=tmp_path, address=address)
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)
    assert f"({media_type.partition(';')[0]}), not a report document" in done.stderr
    assert os.listdir(tmp_path) == [f"out{suffix}"]


def test_exit_status_3_when_the_server_is_not_there_and_2_when_none_is_named(tmp_path):
    assert run("jobs", cwd=tmp_path, address="http://127.0.0.1:9").returncode == 3
    assert run("jobs", cwd=tmp_path).returncode == 2


def test_credentials_from_a_file_that_others_can_read_earn_a_warning(address, icweb, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text(f'server = "{address}"\n[servers."{address}"]\nusername = "admin"\npassword = "pass-s3cret"\n')
    config.chmod(0o644)
    done = run("dashboard", 7, "-o", "a.csv", cwd=tmp_path, ICREPORT_CONFIG=str(config))
    assert (done.returncode, "chmod 600" in done.stderr) == (0, True)
    config.chmod(0o600)
    done = run("dashboard", 7, "-o", "a.csv", cwd=tmp_path, ICREPORT_CONFIG=str(config))
    assert (done.returncode, done.stderr) == (0, "")


def interrupted(*arguments, at, icweb, cwd, address):
    """Start a command, interrupt it when the server was asked for something, and give what it says."""
    environment = os.environ | {"ICREPORT_API_KEY": CREDENTIALS["APIKEY"]}
    command = [sys.executable, "-m", "icreport", *arguments, "--server", address]
    with subprocess.Popen(command, cwd=cwd, env=environment, stderr=subprocess.PIPE, text=True) as process:
        while at not in icweb.asked:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert os.listdir(cwd) == []
    return said


START = ["run", "3", "--param", "Component_ID=1"]


@pytest.mark.parametrize("command", [START, ["fetch", GUID]], ids=["run", "fetch"])
def test_ctrl_c_leaves_the_command_that_goes_on(address, icweb, tmp_path, command):
    icweb.statuses = [{"status": 3}]
    order = ["-o", "out.pdf", "--title", "A title", "--option", "painter=off", "--strict"]
    said = interrupted(*command, *order, at=("GET", "jobStatus"), icweb=icweb, cwd=tmp_path, address=address)
    goes_on = said.partition("later: icreport ")[2].splitlines()[0]
    icweb.statuses = [{"status": 4}]
    done = run(*shlex.split(goes_on), cwd=tmp_path, ICREPORT_API_KEY=CREDENTIALS["APIKEY"])
    assert (done.returncode, os.listdir(tmp_path)) == (0, ["out.pdf"])
    assert b"A title" in subprocess.run(["pdfinfo", tmp_path / "out.pdf"], capture_output=True, check=True).stdout
    assert len(icweb.started) == (1 if command == START else 0)


def test_a_restart_is_told_on_a_line_of_its_own_above_the_progress_bar(address, icweb, tmp_path):
    icweb.statuses = [{"status": 3, "percentComplete": 20}, {"status": 4}]
    icweb.faults["jobStatus"] = [lambda _: False, *[server.status(503)] * 6]
    ours, theirs = pty.openpty()
    environment = os.environ | {"ICREPORT_API_KEY": CREDENTIALS["APIKEY"], "ICREPORT_BACKOFF": "0.01", "TERM": "xterm"}
    environment |= {"COLUMNS": "200"}
    command = [sys.executable, "-m", "icreport", "fetch", GUID, "-o", "out.csv", "--server", address]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=theirs, stdout=subprocess.DEVNULL) as process:
        os.close(theirs)
        said = b""
        # The end of a terminal is an error on Linux, and nothing elsewhere.
        with suppress(OSError):
            while part := os.read(ours, 4096):
                said += part
    os.close(ours)
    lines = said.decode().replace("\r", "\n").replace("\x1b[2K", "\n").split("\n")
    assert (process.returncode, len([line for line in lines if line.startswith("icreport: warning: ")])) == (0, 1)


@pytest.mark.parametrize("at", ["report", "jobContent"])
def test_ctrl_c_at_any_moment_after_the_start_says_so(address, icweb, tmp_path, at):
    icweb.statuses = [{"status": 4}]
    icweb.faults[at] = [lambda _: False, server.stall(30)] if at == "report" else [server.stall(30)]
    asked = ("POST" if at == "report" else "GET", at)
    said = interrupted(*START, "-o", "out.pdf", at=asked, icweb=icweb, cwd=tmp_path, address=address)
    assert ("may have been started" if at == "report" else f"icreport fetch '{GUID}'") in said


@pytest.mark.parametrize(
    ("order", "status"),
    [
        (["-o", "out.odt"], 2),
        (["-o", "out.pdf", "--theme", "nosuch"], 2),
        (["-o", "out.csv", "--option", "nosuch=1"], 2),
        (["-o", "nosuch/out.csv"], 1),
        (["-o", "there.csv", "--no-clobber"], 1),
        (["-o", "there.json", "--no-clobber"], 1),
    ],
)
def test_what_cannot_be_delivered_starts_no_job(address, icweb, tmp_path, order, status):
    (tmp_path / "there.csv").touch()
    (tmp_path / "there.json").touch()
    done = run("run", 3, "--param", "Component_ID=12", *order, cwd=tmp_path, address=address)
    assert (done.returncode, icweb.started, len(done.stderr.splitlines())) == (status, [], 1)
    assert sorted(os.listdir(tmp_path)) == ["there.csv", "there.json"]


def test_parameters_are_sent_as_they_are_written_but_for_whole_numbers(address, icweb, tmp_path):
    written = ["12", "-3", "0", "007", "-0", "1.50", "", "a=b", "9" * 5000]
    given = [word for value in written for word in ("--param", f"Component_ID={value}")]
    assert run("run", 3, *given, "-o", "out.csv", cwd=tmp_path, address=address).returncode == 0
    assert icweb.started[0]["parameters"][0]["value"] == [12, -3, 0, *written[3:]]


def test_a_dashboard_is_saved_as_json_too(address, icweb, tmp_path):
    assert run("dashboard", 7, "-o", "out.json", cwd=tmp_path, address=address).returncode == 0
    assert json.loads((tmp_path / "out.json").read_text())["name"] == "Board"
    assert run("dashboard", 7, "-o", "out.json", "--no-clobber", cwd=tmp_path, address=address).returncode == 1


@pytest.mark.parametrize("target", ["out.json", "out.csv"])
def test_what_was_written_is_told_with_verbose_and_not_otherwise(target, address, tmp_path):
    assert run("dashboard", 7, "-o", target, cwd=tmp_path, address=address).stderr == ""
    told = run("dashboard", 7, "-o", target, "-v", cwd=tmp_path, address=address).stderr
    assert f"icreport: wrote {target} ({target[4:]}" in told


def test_what_is_fetched_is_shown_as_a_view_says(address, tmp_path):
    (tmp_path / "view.toml").write_text('title = "Of {name}"\n[[table]]\nnumber = 1\nlimit = 1\n', "utf-8")
    for words in (("dashboard", 7), ("run", 3, "--param", "Component_ID=1"), ("fetch", GUID)):
        for target in ("out.csv", "out.json"):
            done = run(*words, "-o", target, "--view", "view.toml", cwd=tmp_path, address=address)
            assert done.returncode == 0, done.stderr
        assert len((tmp_path / "out.csv").read_text("utf-8").splitlines()) == 2
        saved = json.loads((tmp_path / "out.json").read_text("utf-8"))
        assert len(saved["elements"][0]["data"]["rows"]) == 1
        assert saved["name"].startswith("Of ")


def test_a_view_is_read_before_a_job_is_started(address, icweb, tmp_path):
    done = run("run", 3, "--param", "Component_ID=1", "-o", "o.csv", "--view", "no.toml", cwd=tmp_path, address=address)
    assert (done.returncode, icweb.started) == (2, [])
    assert "no.toml' cannot be read" in done.stderr


def test_what_is_listed_leaves_the_terminal_alone(address, icweb, tmp_path):
    listed = {"jobs": [{"id": GUID, "status": 99, "percentComplete": 140, "summary": "\x1b[31m red\nline"}]}
    icweb.faults["jobStatus"] = [lambda handler: handler.json(listed) or True]
    done = run("jobs", cwd=tmp_path, address=address)
    assert done.stdout == f"{GUID}  unknown    100 %  \\x1b[31m red line\n"


@pytest.mark.parametrize("job_id", ["", "{}", " "])
def test_an_empty_id_is_wrong_usage(address, icweb, tmp_path, job_id):
    assert run("fetch", job_id, "-o", "out.pdf", cwd=tmp_path, address=address).returncode == 2
    assert icweb.asked == []


@pytest.mark.parametrize(
    "variables",
    [
        {"ICREPORT_API_KEY": ""},
        {"ICREPORT_TOKEN": "token-s3cret"},
        {"ICREPORT_SERVER": "http://host:port"},
        {"ICREPORT_SERVER": "http://[::1"},
        {"ICREPORT_CA_BUNDLE": "/nosuch.pem"},
    ],
    ids=str,
)
def test_settings_that_cannot_be_are_wrong_usage(address, icweb, tmp_path, variables):
    done = run("jobs", cwd=tmp_path, address=address, **variables)
    assert (done.returncode, len(done.stderr.splitlines()), icweb.asked) == (2, 1, [])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, "-keyout", "own.key"]
    subprocess.run([*command, "-out", "own.pem"], check=True, capture_output=True, cwd=folder)
    return folder / "own.pem", folder / "own.key"


def test_a_certificate_of_a_company_is_trusted_when_it_is_named(icweb, tmp_path, certificate):
    with running(icweb, certificate=certificate) as address:
        done = run("dashboard", 7, "-o", "a.csv", cwd=tmp_path, address=address)
        assert (done.returncode, icweb.asked) == (3, [])
        assert "not trusted: self-signed certificate" in done.stderr
        assert "--ca-bundle" in done.stderr
        for named in (["--ca-bundle", certificate[0]], []):
            variables = {} if named else {"ICREPORT_CA_BUNDLE": str(certificate[0])}
            done = run("dashboard", 7, "-o", "a.csv", *named, cwd=tmp_path, address=address, **variables)
            assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("written", ["", "/", "/data", "/data/icweb.dll"])
@pytest.mark.parametrize("asked", ["", "/data"])
def test_a_server_in_the_configuration_file_is_found_by_any_form_of_its_address(
    address, icweb, tmp_path, written, asked
):
    config = tmp_path / "config.toml"
    config.write_text(f'[servers."{address}{written}"]\ntoken = "token-s3cret"\n')
    config.chmod(0o600)
    done = run("dashboard", 7, "-o", "a.csv", "--server", address + asked, cwd=tmp_path, ICREPORT_CONFIG=str(config))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_started_job_whose_result_fails_is_named_with_the_command_that_resumes(address, icweb, tmp_path):
    icweb.statuses = [{"status": 5, "summary": "no data"}]
    done = run("run", 3, "--param", "Component_ID=12", "-o", "my out.csv", cwd=tmp_path, address=address)
    assert done.returncode == 3
    assert f"icreport fetch '{GUID}' -o 'my out.csv'" in done.stderr
    assert os.listdir(tmp_path) == []


def test_json_is_saved_as_it_came_and_a_paused_job_is_told(address, icweb, tmp_path):
    icweb.statuses = [{"status": 6}, {"status": 4}]
    done = run("fetch", GUID, "-o", "out.json", cwd=tmp_path, address=address)
    assert (done.returncode, "is paused" in done.stderr) == (0, True)
    assert (tmp_path / "out.json").read_bytes() == icweb.content
    assert run("fetch", GUID, "-o", "out.json", "--no-clobber", cwd=tmp_path, address=address).returncode == 1
