"""Documents on stores and servers appear whole or not at all, whoever else writes there at the same time."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import fsspec
import pytest

import icreport
from batch import servers
from batch.conftest import contents, report
from icreport.errors import OutputError


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Sources, and their documents as a plain run on this machine makes them."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "in").mkdir()
    for number in range(40):
        (folder / f"in/r{number:03}.json").write_text(json.dumps(report(number)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        icreport.convert_many([folder / "in"], folder / "out", ["csv", "html"], workers=1)
    return folder / "in", contents(folder / "out")


def stored(system, folder):
    system.invalidate_cache()
    return {name.rpartition("/")[2]: system.cat_file(name) for name in system.find(folder)}


def test_threads_that_write_to_one_store_lose_nothing(s3, undisturbed, tmp_path):
    source, wanted = undisturbed
    with ThreadPoolExecutor(8) as threads:
        result = icreport.convert_many(
            [source], "s3://reports/threads", ["csv", "html"], executor=threads, workers=8, journal=tmp_path / "journal"
        )
    assert (result.done, result.failed) == (40, 0)
    assert stored(s3, "reports/threads") == wanted


def test_processes_that_write_to_one_store_lose_nothing(s3, undisturbed, tmp_path):
    source, wanted = undisturbed
    result = icreport.convert_many(
        [source], "s3://reports/processes", ["csv", "html"], workers=8, journal=tmp_path / "journal"
    )
    assert (result.done, result.failed) == (40, 0)
    assert stored(s3, "reports/processes") == wanted


def test_workers_of_a_cluster_with_four_threads_lose_nothing(s3, undisturbed, tmp_path):
    """The recipe of docs/batch.md, from a store to a store."""
    source, wanted = undisturbed
    s3.put(f"{source}/", "reports/cluster-in/", recursive=True)
    code = (
        "from dask.distributed import LocalCluster; import sys\n"
        "if __name__ == '__main__':\n"
        "    with LocalCluster(n_workers=1, threads_per_worker=4, dashboard_address=None) as cluster:\n"
        "        print(cluster.scheduler_address, flush=True); sys.stdin.read()\n"
    )
    (tmp_path / "cluster.py").write_text(code)
    command = [sys.executable, "-W", "ignore", tmp_path / "cluster.py"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as cluster:
        address = cluster.stdout.readline().strip()
        command = [
            sys.executable,
            "-m",
            "icreport",
            "batch",
            "s3://reports/cluster-in/*.json",
            "-d",
            "s3://reports/cluster",
        ]
        more = ["-t", "csv,html", "--scheduler", address, "--journal", str(tmp_path / "journal"), "-q"]
        ran = subprocess.run([*command, *more], capture_output=True, text=True, check=False, timeout=120)
        cluster.stdin.close()
    assert (ran.returncode, ran.stderr) == (0, "")
    assert stored(s3, "reports/cluster") == wanted


def test_what_the_journal_calls_done_is_there_whole_when_a_run_is_killed(s3, undisturbed, tmp_path):
    source, wanted = undisturbed
    command = [
        sys.executable,
        "-m",
        "icreport",
        "batch",
        str(source),
        "-d",
        "s3://reports/killed",
        "-t",
        "csv,html",
        "-q",
    ]
    command += ["--journal", str(tmp_path / "journal"), "--resume"]
    for pause in (1.0, 1.5, 2.0):
        run = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
        time.sleep(pause)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        found = stored(s3, "reports/killed") if s3.exists("reports/killed") else {}
        lines = (tmp_path / "journal").read_text().splitlines() if (tmp_path / "journal").exists() else []
        done = [json.loads(line) for line in lines if line.endswith("}")]
        assert found.items() <= wanted.items()
        assert {target["path"].rpartition("/")[2] for item in done for target in item["targets"]} <= found.keys()
    assert subprocess.run(command, check=False).returncode == 0
    assert stored(s3, "reports/killed") == wanted


@pytest.mark.parametrize("kind", [servers.sftp, servers.ftp])
def test_a_server_of_files_gets_whole_ones_beside_their_targets(kind, undisturbed, tmp_path):
    source, wanted = undisturbed
    (tmp_path / "root").mkdir()
    # A process of its own: fsspec keeps connections for as long as there is one.
    code = (
        "import icreport, sys; from concurrent.futures import ThreadPoolExecutor\n"
        "source, url, journal, document = sys.argv[1:]\n"
        "with ThreadPoolExecutor(3) as threads:\n"
        "    more = {'executor': threads, 'workers': 3, 'journal': journal}\n"
        "    result = icreport.convert_many([source], f'{url}/out', ['csv'], **more)\n"
        "icreport.convert(document, f'{url}/out/r000.csv')\n"
        "icreport.convert(document, f'{url}/tables/', format='csv')\n"
        "print(result.done, *[failure.error.message for failure in result.failures])"
    )
    with kind(tmp_path / "root") as url:
        arguments = [source, url, tmp_path / "journal", json.dumps(report(0))]
        ran = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert ran.stdout == "40\n", ran.stderr
    assert contents(tmp_path / "root/out") == {name: data for name, data in wanted.items() if name.endswith(".csv")}
    assert sorted(contents(tmp_path / "root/tables")) == ["01-anomalies.csv", "datapackage.json"]
    journal = (tmp_path / "journal").read_text()
    assert "s3cret" not in journal
    assert "127.0.0.1" in journal


def test_azure_gets_whole_blobs_from_threads(undisturbed, tmp_path, monkeypatch):
    source, wanted = undisturbed
    with servers.azure(tmp_path / "azure") as connection:
        monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", connection)
        system = fsspec.filesystem("az", connection_string=connection)
        system.mkdir("reports")
        with ThreadPoolExecutor(4) as threads:
            result = icreport.convert_many(
                [source], "az://reports/out", ["csv", "html"], executor=threads, workers=4, journal=tmp_path / "journal"
            )
        assert (result.failed, result.done) == (0, 40), result.failures[:1]
        assert stored(system, "reports/out") == wanted


def test_what_a_store_drops_is_a_failure(s3, monkeypatch):
    monkeypatch.setattr(s3, "put_file", lambda *arguments, **options: None)
    with pytest.raises(OutputError, match="does not have it"):
        icreport.convert(report(1), "s3://reports/dropped.csv")
    monkeypatch.setattr(s3, "put_file", lambda source, target, **options: s3.pipe_file(target, b"x"))
    with pytest.raises(OutputError, match=r"has 1 of the document's \d+ bytes"):
        icreport.convert(report(1), "s3://reports/dropped.csv")


def test_a_folder_on_a_store_has_what_was_made_last(s3):
    document = report(1)
    icreport.convert(document | {"elements": document["elements"] * 3}, "s3://reports/folder/", format="csv")
    icreport.convert(document, "s3://reports/folder/", format="csv")
    assert sorted(stored(s3, "reports/folder")) == ["01-anomalies.csv", "datapackage.json"]


def test_no_clobber_keeps_what_a_store_has(s3):
    s3.pipe_file("reports/kept.csv", b"old")
    with pytest.raises(OutputError, match="already exists"):
        icreport.convert(report(1), "s3://reports/kept.csv", no_clobber=True)
    assert s3.cat_file("reports/kept.csv") == b"old"


@pytest.mark.parametrize(
    "url",
    [
        "sftp://user:s3cret@127.0.0.1:9/{}.csv",
        "https://127.0.0.1:9/{}.csv?sig=s3cret",
        "ftp://user:s3/cret@127.0.0.1:9/{}.csv",
        "ftp://user:s3?cret@127.0.0.1:9/{}.csv",
        "sftp://user:s3::cret@127.0.0.1:9/{}.csv",
        "simplecache::ftp://user:s3cret@127.0.0.1:9/{}.csv",
    ],
)
def test_no_secret_of_a_url_is_told(url, tmp_path, monkeypatch):
    (tmp_path / "in.json").write_text(json.dumps(report(1)))
    monkeypatch.chdir(tmp_path)
    for arguments in (
        ["convert", "in.json", "-o", url.format("a"), "-v"],
        ["convert", url.format("a"), "-o", "out.csv", "--report", "record.json", "-v"],
        ["inspect", url.format("a")],
        ["batch", url.format("a"), url.format("b"), "-d", "out", "-t", "csv"],
        ["batch", f"@{url.format('a')}", "-d", "out", "-t", "csv"],
        ["batch", "in.json", "-d", "out", "-t", "csv", "--journal", url.format("a")],
        ["convert", "in.json", "-o", "out.html", "--theme", url.format("a")],
        ["batch", "in.json", "-d", url.format("a").replace(".csv", ""), "-t", "csv"],
    ):
        ran = subprocess.run(
            [sys.executable, "-m", "icreport", *arguments], capture_output=True, text=True, check=False
        )
        assert ran.returncode in {1, 2, 4}, ran.stderr
        assert not re.search("s3.?cret|cret@", ran.stdout + ran.stderr)
        assert not re.search("s3.?cret|cret@", str([path.relative_to(tmp_path) for path in tmp_path.rglob("*")]))
    for path in tmp_path.rglob("*.json*"):
        assert not re.search("s3.?cret|cret@", path.read_text())


def test_no_secret_of_a_target_that_was_written_is_told(tmp_path):
    (tmp_path / "in.json").write_text(json.dumps(report(1)))
    arguments = ["convert", tmp_path / "in.json", "-o", "memory://user:s3cret@host/out.csv", "-v"]
    ran = subprocess.run([sys.executable, "-m", "icreport", *arguments], capture_output=True, text=True, check=True)
    assert "wrote memory://host/out.csv" in ran.stderr


def test_a_journal_that_names_servers_is_its_owners_and_resumes(s3, tmp_path):
    s3.pipe_file("reports/signed/in.json", json.dumps(report(1)).encode())
    source = "s3://reports/signed/in.json"
    for done in ("done", "unchanged"):
        result = icreport.convert_many(
            [source], "s3://reports/signed/out", ["csv"], journal=tmp_path / "journal", resume=True
        )
        assert getattr(result, done) == 1
        assert (tmp_path / "journal").stat().st_mode & 0o777 == 0o600
        (tmp_path / "journal").chmod(0o644)
    icreport.convert_many([tmp_path / "missing.json"], tmp_path / "out", ["csv"], journal=tmp_path / "plain")
    assert (tmp_path / "plain").stat().st_mode & 0o044 == 0o044
