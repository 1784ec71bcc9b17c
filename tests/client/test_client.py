import os
import subprocess
import venv
from pathlib import Path

import pytest

import icreport
from icreport.errors import NotFoundError, UsageError
from icweb.command import run
from icweb.server import CREDENTIALS, GUID, SAMPLE, ICWeb, running


@pytest.fixture
def icweb(version):
    return ICWeb(version)


@pytest.mark.parametrize("form", ["", "/", "/data", "/data/", "/data/icweb.dll"])
def test_any_form_of_the_address_works_in_every_version(address, icweb, form):
    with icreport.Client(address + form, api_key=CREDENTIALS["APIKEY"], backoff=0.01) as client:
        assert client.version == tuple(map(int, icweb.version.split(".")))
        assert client.job(GUID).id == GUID
    assert icweb.asked[-1] == ("GET", "security")


def test_the_other_mount_is_found_too(version):
    icweb = ICWeb(version, mount="/icweb.dll")
    with running(icweb) as address, icreport.Client(address, api_key=CREDENTIALS["APIKEY"]) as client:
        assert client.job(GUID).id == GUID


@pytest.mark.parametrize(
    "credentials",
    [{"api_key": "key-s3cret"}, {"username": "admin", "password": "pass-s3cret"}, {"token": "token-s3cret"}],
    ids=["key", "password", "token"],
)
def test_every_kind_of_credentials_logs_in_and_is_in_no_repr(address, icweb, credentials, request):
    with icreport.Client(address, **credentials) as client:
        assert client.dashboard(7).name == "Board"
        request.node.told += [repr(client), str(vars(client)), repr(vars(client).values())]


def test_generate_wait_content_report(client, icweb):
    seen = []
    job = client.generate(3, {"Component_ID": 12, "Year": [2025, 2026]})
    done = client.wait(job, interval=0.01, progress=lambda found: seen.append(found.percent_complete))
    content = client.content(done.id)
    assert content.report().tables[0].caption == "Table of Data"
    assert (content.media_type, content.filename) == ("application/json", "report.json")
    assert seen == [0, 40, None]
    assert icweb.started[0]["reportTemplate"] == 3
    assert icweb.started[0]["outputType"] == "JSON"


@pytest.mark.parametrize("job_id", [GUID, GUID.strip("{}"), GUID.lower()])
def test_ids_with_and_without_braces(client, icweb, job_id):
    assert client.job(job_id).id == GUID
    assert client.content(job_id).path.read_bytes() == SAMPLE.read_bytes()


def test_a_job_is_dismissed(client, icweb):
    client.dismiss(GUID.strip("{}"))
    assert icweb.asked[-1] == ("GET", "jobDismiss")
    with pytest.raises(NotFoundError, match="there is no job"):
        client.dismiss("{00000000-0000-0000-0000-000000000000}")


def test_a_saved_content_is_what_came(client, icweb, tmp_path):
    client.content(GUID).save(tmp_path / "out.json")
    assert (tmp_path / "out.json").read_bytes() == SAMPLE.read_bytes()
    assert os.listdir(tmp_path) == ["out.json"]


def test_details_of_a_report_and_a_dashboard_with_parameters(client, icweb):
    details = client.report_details(3)
    assert [(p.name, p.required, p.multi_select) for p in details.parameters] == [
        ("Component_ID", True, False),
        ("Year", False, True),
    ]
    assert client.dashboard(7, {"Year": 2026}).tables
    assert ("POST", "dashboard") in icweb.asked


@pytest.mark.parametrize("url", ["ftp://host", "https://user:pw@host", "https://host/?hash=x", "https://"])
def test_addresses_that_cannot_be_are_refused(url):
    with pytest.raises(UsageError):
        icreport.Client(url, api_key="x")


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """Settings of this machine and user, which no test shall see, are elsewhere: in this file."""
    for name in [name for name in os.environ if name.startswith("ICREPORT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ICREPORT_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


def test_credentials_that_are_not_said_are_those_of_the_environment(address, icweb, elsewhere, monkeypatch):
    monkeypatch.setenv("ICREPORT_API_KEY", CREDENTIALS["APIKEY"])
    with icreport.Client(address) as client:
        assert client.dashboard(7).name == "Board"


def test_else_those_of_the_configuration_file(address, icweb, elsewhere, caplog):
    elsewhere.write_text(f'[servers."{address}"]\napi_key = "{CREDENTIALS["APIKEY"]}"\n')
    elsewhere.chmod(0o644)
    with icreport.Client(address) as client:
        assert client.dashboard(7).name == "Board"
    assert "can be read by others" in caplog.text


def test_credentials_are_given_in_one_way(elsewhere):
    with pytest.raises(UsageError, match="no credentials"):
        icreport.Client("https://host")
    with pytest.raises(UsageError, match="more than one"):
        icreport.Client("https://host", api_key="a", token="b")


def test_run_and_fetch_write_documents(address, icweb, tmp_path):
    done = run("run", 3, "--param", "Component_ID=12", "-o", "out.xlsx", cwd=tmp_path, address=address)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out.xlsx").read_bytes()[:2] == b"PK"
    for job_id in (GUID, GUID.strip("{}")):
        assert run("fetch", job_id, "-o", "out.csv", cwd=tmp_path, address=address).returncode == 0
    assert (tmp_path / "out.csv").read_bytes().startswith(b"Asset,")
    assert len(icweb.started) == 1


def test_dashboard_and_jobs(address, icweb, tmp_path):
    assert run("dashboard", 7, "-o", "out.html", cwd=tmp_path, address=address).returncode == 0
    assert b"<h1>Board</h1>" in (tmp_path / "out.html").read_bytes()
    done = run("jobs", cwd=tmp_path, address=address)
    if icweb.version == "6.9":
        assert (done.returncode, done.stdout) == (0, f"{GUID}  completed         done\n")
    else:
        assert (done.returncode, "6.9" in done.stderr) == (3, True)


@pytest.fixture(scope="module")
def public_clients(tmp_path_factory):
    folder = tmp_path_factory.mktemp("public")
    venv.create(folder, with_pip=True)
    install = ["-m", "pip", "install", "-q", "pynexusic==2.5.5", "NexusPythonWrapper==1.0.1"]
    subprocess.run([folder / "bin/python", *install], check=True, capture_output=True)
    return folder / "bin/python"


def test_the_double_satisfies_both_public_clients(public_clients, address, icweb):
    script = Path(__file__).parent / "public_clients.py"
    command = [public_clients, script, address, CREDENTIALS["APIKEY"], icweb.version]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "satisfied\n", "")
    assert [job["parameters"] for job in icweb.started] == [
        [{"parameterName": "Component_ID", "value": 12}] for _ in icweb.started
    ]
    assert len(icweb.started) == (2 if icweb.version == "6.9" else 1)
