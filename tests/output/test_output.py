import gzip
import hashlib
import io
import json
import os
import re
import stat
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import fsspec
import pytest

import icreport
from icreport.errors import OutputError, RenderError
from icreport.output.draft_names import draft_beside, remove_abandoned_drafts
from icreport.output.publishing import draft_document, draft_file, draft_folder
from icreport.output.sink import Output
from icreport.output.target import suffix_of
from icreport.warnings import Warnings

ROOT = Path(__file__).parents[2]


def publish(target, data=b"new", **options):
    with draft_document(target, **options) as draft:
        Output(draft, Warnings(), lambda *_: None).write(data)


def fail_while_writing(target):
    with pytest.raises(ZeroDivisionError), draft_document(target) as draft:
        draft.stream.write(b"half of it")
        raise ZeroDivisionError


def test_a_file_appears_whole(tmp_path):
    target = tmp_path / "out.csv"
    with draft_document(target) as draft:
        draft.stream.write(b"new")
        assert not target.exists()
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path):
    target = tmp_path / "out.csv"
    fail_while_writing(target)
    assert os.listdir(tmp_path) == []
    target.write_bytes(b"old")
    fail_while_writing(target)
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_replaced_file_keeps_its_mode(tmp_path):
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")
    target.chmod(0o640)
    publish(target)
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_replaced_file_keeps_its_owner(tmp_path):
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")
    os.chown(target, 1234, 5678)
    publish(target)
    assert target.read_bytes() == b"new"
    assert (target.stat().st_uid, target.stat().st_gid) == (1234, 5678)


def test_a_document_is_on_the_disk_before_it_takes_the_place_of_the_old_one(tmp_path, monkeypatch):
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")
    synced = []
    monkeypatch.setattr(
        os, "fsync", lambda file: synced.append((stat.S_ISDIR(os.fstat(file).st_mode), target.read_bytes()))
    )
    publish(target)
    assert synced == [(False, b"old"), (True, b"new")]


def test_a_link_is_followed_not_replaced(tmp_path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old")
    link.symlink_to(real)
    publish(link)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_special_file_is_written_to(tmp_path):
    master, terminal = os.openpty()
    publish(os.ttyname(terminal))
    assert os.read(master, 9) == b"new"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    publish(pipe)
    reader.join(5)
    assert got == [b"new"]


def test_a_pipe_that_has_no_name_but_in_dev_fd_is_written_to():
    reader, writer = os.pipe()
    publish(f"/dev/fd/{writer}")
    os.close(writer)
    with open(reader, "rb") as stream:
        assert stream.read() == b"new"


def test_what_was_private_is_private_while_it_is_written(tmp_path):
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")
    target.chmod(0o600)
    with draft_document(target) as draft:
        draft.write(b"new")
        assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()] == [0o600, 0o600]


@pytest.mark.parametrize("letter", ["x", "\u0416", "\u6f22", "\U0001f600"])
def test_a_name_as_long_as_the_file_system_takes_is_taken(tmp_path, letter):
    name = letter * (251 // len(letter.encode())) + ".csv"
    publish(tmp_path / name)
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("", "has no name"),
        ("a\0b.csv", "there can be no file"),
        ("\ud800.csv", "there can be no file"),
        (io.StringIO(), "a StringIO takes no bytes"),
        (None, "a NoneType takes no bytes"),
        (closed := io.BytesIO(), "closed file"),
    ],
)
def test_what_is_no_target_is_told_in_one_line(target, said):
    closed.close()
    with pytest.raises(OutputError, match=said):
        publish(target)


def test_no_clobber_keeps_what_is_there(tmp_path):
    target = tmp_path / "out.csv"
    publish(target, no_clobber=True)
    with pytest.raises(OutputError, match="already exists"):
        publish(target, b"newer", no_clobber=True)
    assert target.read_bytes() == b"new"


def test_no_clobber_holds_even_when_the_file_appears_meanwhile(tmp_path):
    target = tmp_path / "out.csv"
    with pytest.raises(OutputError, match="already exists"), draft_document(target, no_clobber=True) as draft:
        draft.stream.write(b"new")
        target.write_bytes(b"somebody else's")
    assert target.read_bytes() == b"somebody else's"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_stream_gets_all_or_nothing():
    stream = io.BytesIO()
    fail_while_writing(stream)
    assert stream.getvalue() == b""
    publish(stream)
    assert stream.getvalue() == b"new"


def test_a_stream_without_a_buffer_gets_all_or_an_error():
    class Narrow(io.RawIOBase):
        taken = b""

        def writable(self):
            return True

        def write(self, data):
            self.taken += bytes(data[:100])
            return min(100, len(data))

    narrow = Narrow()
    publish(narrow, b"new" * 1000)
    assert narrow.taken == b"new" * 1000
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with (
        os.fdopen(reading, "rb"),
        os.fdopen(writing, "wb", buffering=0) as pipe,
        pytest.raises(OutputError, match="takes nothing more"),
    ):
        publish(pipe, b"n" * (4 << 20))


@pytest.mark.parametrize("name", ["out/", "out.zip"])
def test_a_folder_or_archive_takes_several_files(tmp_path, name):
    target = f"{tmp_path}/{name}"
    with draft_document(target) as draft:
        output = Output(draft, Warnings(), lambda *_: None)
        assert output.is_folder
        for part in ("b.csv", "a.csv", "../../evil.csv"):
            with output.open(part) as file:
                file.write(part.encode())
        with pytest.raises(RenderError, match="one file"):
            output.write(b"")
    if name.endswith("/"):
        found = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    else:
        archive = zipfile.ZipFile(target)
        found = {entry: archive.read(entry) for entry in archive.namelist()}
    assert found == {"b.csv": b"b.csv", "a.csv": b"a.csv", "evil.csv": b"../../evil.csv"}
    assert len(os.listdir(tmp_path)) == 1


def test_files_in_a_folder_are_refused_for_a_single_file(tmp_path):
    with draft_document(tmp_path / "out.csv") as draft, pytest.raises(RenderError, match=r"ends in \.zip or /"):
        Output(draft, Warnings(), lambda *_: None).open("a.csv")


def test_a_single_file_is_no_folder_and_may_be_called_zip(tmp_path):
    with draft_file(tmp_path / "out.zip") as draft:
        draft.write(b"as it came")
    assert (tmp_path / "out.zip").read_bytes() == b"as it came"
    with pytest.raises(OutputError, match="is a folder"), draft_file(f"{tmp_path}/out/"):
        pass


def test_a_folder_has_what_was_made_last_and_what_is_not_ours(tmp_path):
    def make(*names, package=True):
        with draft_folder(f"{tmp_path}/out/") as draft:
            for name in names:
                draft.open(name).close()
            if package:
                with draft.open("datapackage.json") as file:
                    file.write(json.dumps({"resources": [{"path": name} for name in names]}).encode())

    make("01-a.csv", "02-b.csv", "03-c.csv")
    for name in ("notes.txt", "04-d.csv"):
        (tmp_path / "out" / name).touch()
    (tmp_path / "outside.csv").touch()
    make("01-a.csv", "02-x.csv")
    assert sorted(os.listdir(tmp_path / "out")) == ["01-a.csv", "02-x.csv", "04-d.csv", "datapackage.json", "notes.txt"]
    # A list that somebody else wrote does not lead out of the folder, nor does one that is no list take anything.
    for package in (
        b'{"resources": [{"path": "../outside.csv"}, {"path": 7}, {"path": ".."}]}',
        b"[]",
        b"{",
        b'{"resources": 3}',
    ):
        (tmp_path / "out/datapackage.json").write_bytes(package)
        make("01-a.csv")
    assert (tmp_path / "outside.csv").exists()
    make("05-e.csv", package=False)
    assert sorted(os.listdir(tmp_path / "out")) == [
        "01-a.csv",
        "02-x.csv",
        "04-d.csv",
        "05-e.csv",
        "datapackage.json",
        "notes.txt",
    ]


def test_what_was_private_in_a_folder_stays_so_and_is_on_the_disk_first(tmp_path, monkeypatch):
    path = tmp_path / "out/01-a.csv"
    path.parent.mkdir(0o750)
    path.touch(0o600)
    synced = []
    monkeypatch.setattr(os, "fsync", lambda file: synced.append(os.fstat(file).st_ino))
    with draft_folder(f"{tmp_path}/out/") as draft:
        assert stat.S_IMODE(draft.folder.stat().st_mode) == 0o700
        for name in ("01-a.csv", "02-b.csv"):
            draft.open(name).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o750
    assert {file.stat().st_ino for file in path.parent.iterdir()} <= set(synced)


def test_only_drafts_that_were_left_are_removed(tmp_path):
    target = tmp_path / "out.csv"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    mine = draft_beside(target)
    left = mine.with_name(mine.name.replace(f"-{os.getpid()}-", f"-{ended.pid}-"))
    elsewhere = mine.with_name(re.sub(r"\.[0-9a-f]{6}-", ".fffffe-", mine.name))
    long_ago = elsewhere.with_name(elsewhere.name.replace(f"-{os.getpid()}-", "-1-"))
    foreign = tmp_path / ".out.csv.part"
    folder = draft_beside(tmp_path / "out").with_name(left.name.replace("out.csv", "out"))
    folder.mkdir()
    for path in (mine, left, elsewhere, long_ago, foreign, folder / "a.csv"):
        path.touch()
    os.utime(long_ago, (0, 0))
    remove_abandoned_drafts([str(target), str(tmp_path / "out")])
    assert set(tmp_path.iterdir()) == {mine, elsewhere, foreign}


def test_drafts_of_containers_that_share_a_folder_are_left(tmp_path):
    elsewhere = ["unshare", "--pid", "--fork", sys.executable, "-c"]
    if sys.platform != "linux" or subprocess.run([*elsewhere, ""], capture_output=True, check=False).returncode:
        pytest.skip("there can be no container")
    # Its number is 1 there: one that has ended is left by a child of it, whose number is nobody's here.
    code = (
        "import os, pathlib, sys; from icreport.output.draft_names import draft_beside\n"
        "if not (child := os.fork()): draft_beside(pathlib.Path(sys.argv[1])).touch()\n"
        "else: os.waitpid(child, 0)"
    )
    target = tmp_path / "out.csv"
    subprocess.run([*elsewhere, code, target], check=True)
    remove = "import sys; from icreport.output.draft_names import remove_abandoned_drafts as r; r(sys.argv[1:])"
    subprocess.run([*elsewhere, remove, target], check=True)
    assert len(list(tmp_path.iterdir())) == 1


def test_no_folder_for_temporary_files_is_told_by_its_name(tmp_path):
    code = (
        "import icreport, tempfile, sys; tempfile._candidate_tempdir_list = lambda: ['/nowhere']\n"
        "try: icreport.write(icreport.read('samples/inspection.json'), f'{sys.argv[1]}/out.zip', 'csv')\n"
        "except icreport.OutputError as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "temporary files" in said.stdout
    assert "TMPDIR" in said.stdout


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    """A library that makes the calls of a folder fail as network shares do."""
    library = tmp_path_factory.mktemp("shim") / "netfs.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, Path(__file__).with_name("netfs.c"), "-ldl"], check=True)
    return library


@pytest.mark.parametrize("fault", ["dirfsync", "fsync", "fchmod", "link", "flock", "dirfsync,fsync,fchmod,link,flock"])
def test_what_a_network_share_cannot_do_is_done_without(fault, shim, tmp_path):
    code = (
        "import icreport, sys, os\n"
        "os.chdir(sys.argv[1])\n"
        "report = icreport.Report(elements=[icreport.Table(columns=['A'], rows=[(1,)])])\n"
        "def told(result): return [warning.code for warning in result.warnings]\n"
        "print(told(icreport.write(report, 'out.csv', no_clobber=True)))\n"
        "os.chmod('out.csv', 0o640)\n"
        "print(told(icreport.write(report, 'out.csv')))\n"
        "try: icreport.write(report, 'out.csv', no_clobber=True)\n"
        "except icreport.OutputError as error: print(error)\n"
        "icreport.write(report, 'out.zip', 'csv'); icreport.write(report, 'out/', 'csv')\n"
        "open('in.json', 'w').write(report.to_json())\n"
        "print(icreport.convert_many(['in.json'], 'batch', ['csv']).done)\n"
    )
    environment = os.environ | {"LD_PRELOAD": str(shim), "SHIM": fault, "SHIM_ROOT": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", code, tmp_path], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    first, second, refused, done = ran.stdout.splitlines()
    # However much of it cannot be synced, a document is told of once.
    assert first == str(["file-system"] * ("fsync" in fault))
    assert second == str(["file-system"] * (("fsync" in fault) + ("fchmod" in fault)))
    assert refused.startswith("'out.csv' already exists")
    assert done == "1"
    assert ("lock" in ran.stderr) == ("flock" in fault)
    assert (tmp_path / "out.csv").read_bytes() == b"A\r\n1\r\n"
    assert sorted(os.listdir(tmp_path)) == ["batch", "in.json", "out", "out.csv", "out.zip"]


def test_a_url_is_written_through_fsspec(tmp_path):
    publish(f"file://{tmp_path}/out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b"new"
    with pytest.raises(OutputError, match="no-such-scheme"):
        publish("no-such-scheme://out.csv")


def test_a_name_with_the_signs_of_patterns_is_written_through_fsspec():
    system = fsspec.filesystem("memory")
    names = ["/signs/report [1].csv", "/signs/a*.csv", "/signs/[2]/b.csv"]
    for name in names:
        publish(f"memory:/{name}")
    assert system.find("/signs") == sorted(names)
    system.rm("/signs", recursive=True)


@pytest.mark.parametrize("name", ["folder/", "n" * 300 + ".csv"])
def test_what_is_no_target_is_told_without_its_secrets(name):
    with pytest.raises(OutputError) as caught, draft_file(f"memory://user:s3cret@host/{name}") as draft:
        draft.write(b"new")
    assert "s3cret" not in str(caught.value)


def test_a_name_as_long_as_a_file_system_takes_is_written(tmp_path):
    for name in ("a" * 251 + ".csv", "報" * 83 + ".csv"):
        publish(tmp_path / name)
        assert (tmp_path / name).read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 2


def test_what_cannot_be_written_is_said_in_one_line(tmp_path):
    with pytest.raises(OutputError, match=r"cannot write .*No such file or directory"):
        publish(tmp_path / "missing/out.csv")


def test_targets_say_their_format_by_their_suffix(tmp_path):
    class Named(io.BytesIO):
        name = "report.PDF"

    expected = {"a/b.pdf": ".pdf", "-": "", "x/": "/", str(tmp_path): "/", "s3://bucket/a.csv": ".csv", "plain": ""}
    assert {target: suffix_of(target) for target in expected} == expected
    assert suffix_of(Named()) == ".PDF"
    assert suffix_of(tmp_path / "a.xlsx") == ".xlsx"


@pytest.mark.parametrize("suffix", ["csv", "tsv", "html", "xlsx", "jsonl"])
def test_a_name_that_ends_in_gz_gets_the_document_compressed(suffix, tmp_path):
    tables = [icreport.Table(caption=caption, columns=["A"], rows=[("x" * 99,)] * 99) for caption in "ab"]
    report = icreport.Report(name="R", elements=tables[: 1 if suffix == "jsonl" else 2])
    plain = icreport.render(report, suffix)
    result = icreport.write(report, tmp_path / f"out.{suffix}.gz")
    packed = (tmp_path / f"out.{suffix}.gz").read_bytes()
    assert gzip.decompress(packed) == plain
    assert subprocess.run(["gzip", "-dc"], input=packed, capture_output=True, check=True).stdout == plain
    assert (result.target_size, result.target_sha256) == (len(packed), hashlib.sha256(packed).hexdigest())
    assert sorted(os.listdir(tmp_path)) == [f"out.{suffix}.gz"]


@pytest.mark.parametrize("name", ["out.gz", "out.zip.gz"])
def test_a_name_that_says_nothing_but_gz_is_refused(name, tmp_path):
    with pytest.raises(icreport.FormatError):
        icreport.write(icreport.Report(elements=[]), tmp_path / name)
