import json
from pathlib import Path

import pytest

import commands
from batch.conftest import report


@pytest.fixture
def source(tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / f"in/r{number}.json").write_text(json.dumps(report(number)))
    return tmp_path / "in"


def run(*arguments, given=None, command="batch"):
    return commands.run(command, *arguments, given=given)


def test_all_is_done_and_summed_up(source, tmp_path):
    done = run(source, "-d", tmp_path / "out", "-t", "csv", "-t", "html")
    assert done.returncode == 0
    assert done.stdout == ""
    assert "3  converted" in done.stderr
    assert "6  documents" in done.stderr
    assert len(list((tmp_path / "out").glob("*.html"))) == 3


def test_failures_are_told_and_exit_with_4(source, tmp_path):
    (source / "bad.json").write_text("{")
    done = run(source, "-d", tmp_path / "out", "-t", "csv")
    assert done.returncode == 4
    assert done.stderr.count("bad.json: ") == 1
    assert "--resume" in done.stderr
    assert "Traceback" not in done.stderr


def test_quiet_tells_failures_and_nothing_else(source, tmp_path):
    assert run(source, "-d", tmp_path / "out", "-t", "csv", "-q").stderr == ""
    (source / "bad.json").write_text("{")
    done = run(source, "-d", tmp_path / "out", "-t", "csv", "-q")
    assert done.returncode == 4
    failure, journal = done.stderr.splitlines()
    assert failure.startswith(f"icreport: failed: {source}/bad.json: ")
    assert "--resume" in journal


@pytest.mark.parametrize("command", ["convert", "batch"])
def test_what_has_a_flag_may_be_said_as_an_option(command, source, tmp_path):
    out = tmp_path / "out"
    where = ["-d", out] if command == "batch" else ["-o", tmp_path / "r0.html"]
    given = [source / "r0.json", *where, "-t", "html", "--option", "theme=compact", "--option", "title=Mine"]
    assert run(*given, command=command).returncode == 0
    assert "<title>Mine</title>" in next(tmp_path.rglob("*.html")).read_text()


@pytest.mark.parametrize("command", ["convert", "batch"])
@pytest.mark.parametrize("name", ["strict", "format", "progress", "name", "source", "workers"])
def test_what_is_no_option_of_a_format_is_wrong_usage(command, name, source, tmp_path):
    where = ["-d", tmp_path / "out"] if command == "batch" else ["-o", tmp_path / "r0.html"]
    done = run(source / "r0.json", *where, "-t", "html", "--option", f"{name}=1", command=command)
    assert done.returncode == 2
    assert "has an option" in done.stderr or "has no option" in done.stderr
    assert done.stderr.count("\n") == 1


def test_folders_that_cannot_be_made_are_told_by_their_names(source, tmp_path):
    for folder in (source / "r0.json", source / "r0.json/out"):
        done = run(source, "-d", folder, "-t", "csv")
        assert done.returncode == 1
        assert str(folder) in done.stderr
        assert done.stderr.count("\n") == 1


def test_the_result_as_json(source, tmp_path):
    (source / "bad.json").write_text("{")
    result = json.loads(run(source, "-d", tmp_path / "out", "-t", "csv", "--json").stdout)
    assert (result["total"], result["done"], result["failed"]) == (4, 3, 1)
    assert result["failures"][0]["error"]["kind"] == "JsonError"


def test_sources_come_from_standard_input(source, tmp_path):
    lines = "\n".join(str(path) for path in source.iterdir())
    assert run("-", "-d", tmp_path / "out", "-t", "csv", "-q", given=lines).returncode == 0
    assert len(list((tmp_path / "out").glob("*.csv"))) == 3


def test_wrong_usage_is_one_line(source, tmp_path):
    for arguments in (["-t", "odt"], ["-t", "csv", "--name", "same"], ["-t", "csv", "--option", "nothing=1"]):
        done = run(source, "-d", tmp_path / "out", *arguments)
        assert done.returncode in {1, 2}
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("icreport: ")
    assert run(source, "-t", "csv").returncode == 2


def json_lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_equal_failures_are_told_once_with_their_count(source, tmp_path):
    for number in range(5):
        (source / f"bad{number}.json").write_text("{")
    (source / "other.json").write_text("[]")
    done = run(source, "-d", tmp_path / "out", "-t", "csv", "-q")
    first, other, more, _ = sorted(done.stderr.splitlines(), key=lambda line: ("journal" in line, "more" in line, line))
    assert first.startswith(f"icreport: failed: {source}/bad")
    assert other.startswith(f"icreport: failed: {source}/other.json: ")
    assert more.startswith("icreport: failed: 4 more items: the document is cut off")
    verbose = run(source, "-d", tmp_path / "out", "-t", "csv", "-v").stderr
    assert verbose.count("failed: ") == 6
    assert "more item" not in verbose


def test_warnings_are_told_and_counted_by_their_kind(source, tmp_path):
    document = report(1)
    document["elements"] += [{"type": "gauge"}, *document["elements"]]
    for number in range(2):
        (source / f"w{number}.json").write_text(json.dumps(document))
    done = run(source, "-d", tmp_path / "out", "-t", "csv", "-t", "xlsx")
    told = [line for line in done.stderr.splitlines() if "warning: " in line]
    assert len(told) == 2
    assert told[0].startswith(f"icreport: warning: unknown-element in 2 items, the first {source}/w")
    assert "name that ends in .zip" in told[1]
    assert "6  warnings" in done.stderr
    archives = run(source, "-d", tmp_path / "archives", "-t", "csv", "--name", "{stem}.zip")
    assert "several-tables" not in archives.stderr
    assert len(list((tmp_path / "archives").glob("*.zip"))) == 5
    one = run(source / "r0.json", "-d", tmp_path / "one", "-t", "csv").stderr
    assert "1  document " in one


def test_verbose_tells_of_each_item(source, tmp_path):
    said = run(source, "-d", tmp_path / "out", "-t", "csv", "-v").stderr
    for number in range(3):
        assert f"done: {source}/r{number}.json → {tmp_path}/out/r{number}.csv (3 rows)" in said
    assert "unchanged: " in run(source, "-d", tmp_path / "out", "-t", "csv", "-v", "--resume").stderr


def test_the_summary_and_the_json_have_counts_changes_and_failures(source, tmp_path):
    (source / "bad.json").write_text("{")
    done = run(source, "-d", tmp_path / "out", "-t", "csv", "--json", "--summary", tmp_path / "s.json", "-q")
    summary = json.loads((tmp_path / "s.json").read_text())
    assert summary == json.loads(done.stdout)
    assert (summary["total"], summary["done"], summary["failures_by_kind"]) == (4, 3, {"JsonError": 1})
    assert len(summary["items"]["new"]) == 3
    assert [Path(name).name for name in summary["items"]["failed"]] == ["bad.json"]
    assert len(summary["slowest"]) == 4
    assert summary["slowest"][0]["seconds"] >= summary["slowest"][-1]["seconds"]
    assert summary["peak_memory"] > 1 << 20
    assert summary["ended"] - summary["started"] >= 0


def test_metrics_are_read_by_prometheus_in_both_of_its_formats(source, tmp_path):
    import prometheus_client.openmetrics.parser
    import prometheus_client.parser

    (source / 'bad "1"\\.json').write_text("{")
    run(source, "-d", tmp_path / "out", "-t", "csv", "--metrics", tmp_path / "icreport.prom")
    text = (tmp_path / "icreport.prom").read_text()
    for reader in (prometheus_client.parser, prometheus_client.openmetrics.parser):
        found = {family.name: family.samples for family in reader.text_string_to_metric_families(text)}
        statuses = {sample.labels["status"]: sample.value for sample in found["icreport_batch_items"]}
        assert statuses == {"done": 3, "unchanged": 0, "failed": 1, "not_run": 0}
        assert found["icreport_batch_ok"][0].value == 0
        assert found["icreport_batch_failures"][0].labels == {"kind": "JsonError"}
        assert found["icreport_batch_peak_memory_bytes"][0].value > 1 << 20


def test_a_summary_that_cannot_be_written_is_told_before_anything_runs(source, tmp_path):
    done = run(source, "-d", tmp_path / "out", "-t", "csv", "--summary", tmp_path / "no/s.json")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["-v"], ["--option", "no=1"], ["--nosuch"], ["-t", "excel"]])
def test_every_line_of_a_json_log_is_json_with_time_level_and_message(arguments, source, tmp_path):
    (source / "bad.json").write_text("{")
    done = run(source, "-d", tmp_path / "out", "-t", "csv", "--log-format", "json", *arguments)
    lines = json_lines(done.stderr)
    assert lines
    assert all({"time", "level", "message"} <= line.keys() for line in lines)
    if arguments == ["-v"]:
        assert {line.get("event") for line in lines} == {"item", "end", "incomplete"}
        assert [line["source"] for line in lines if line["level"] == "error"] == [str(source / "bad.json")]
        (end,) = (line for line in lines if line["event"] == "end")
        assert (end["done"], end["failed"]) == (3, 1)


def test_documents_of_vanished_sources_are_pruned_by_command(source, tmp_path):
    run(source, "-d", tmp_path / "out", "-t", "csv", "-q")
    (source / "r1.json").unlink()
    done = run(source, "-d", tmp_path / "out", "-t", "csv", "--resume", "--prune")
    assert "removed 1 document whose source is gone" in done.stderr
    assert not (tmp_path / "out/r1.csv").exists()


def test_what_fails_for_all_is_one_line_and_wrong_usage(source, tmp_path):
    done = run(source, "-d", tmp_path / "out", "-t", "csv", "--option", "table=9")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
