"""--meta and --meta-from on the command line."""

from cli.test_batch import run
from rendering.handed_over import handed_over


def test_meta_says_what_differs_from_report_to_report(tmp_path):
    (tmp_path / "in.json").write_text(handed_over().to_json())
    out = tmp_path / "out.html"
    done = run(tmp_path / "in.json", "-o", out, "--meta", "client=A = B", "--meta", "revision=03", command="convert")
    assert (done.returncode, done.stderr) == (0, "")
    page = out.read_text()
    assert "<dd>A = B</dd>" in page
    assert "FS-NX-26-0143" in page
    assert "<dd>03</dd>" in page


def test_what_is_no_meta_is_one_line(tmp_path):
    (tmp_path / "in.json").write_text(handed_over().to_json())
    for said, wanted, status in (("clinet=x", "did you mean 'client'", 2), ("client", "is not NAME=VALUE", 2)):
        done = run(tmp_path / "in.json", "-o", tmp_path / "out.html", "--meta", said, command="convert")
        assert wanted in done.stderr
        assert done.returncode == status
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "out.html").exists()


def test_a_batch_takes_it_from_a_table(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.json").write_text(handed_over().to_json())
    (tmp_path / "meta.csv").write_text("source,revision\na,07\nb,08\n")
    done = run(tmp_path / "in", "-d", tmp_path / "out", "-t", "html", "--meta-from", tmp_path / "meta.csv")
    assert done.returncode == 0
    assert "1 row fits no source: b" in done.stderr
    assert "<dd>07</dd>" in (tmp_path / "out/a.html").read_text()
