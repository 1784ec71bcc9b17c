"""Header and footer of a theme on the printed sheets of a workbook."""

import io
import json
import subprocess

import openpyxl
import pytest

import icreport
from icreport import Report, Table
from rendering.xlsx.test_xlsx import VALIDATOR, tool

REPORT = Report(name="R", elements=[Table(caption="T", columns=["A"], rows=[("x",)])])


def written(folder, header, footer):
    lines = (
        f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in (("header", header), ("footer", footer))
    )
    (folder / "theme.toml").write_text("\n".join(lines))
    target = folder / "a.xlsx"
    return target, icreport.write(REPORT, target, theme=str(folder)).warnings


def test_header_and_footer_of_a_theme_are_printed_by_libreoffice(tmp_path):
    target, warnings = written(tmp_path, "R&D 12 &P dept.", "&A Commercial & confidential")
    assert not warnings
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    to = ["--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(target)]
    subprocess.run([tool("soffice"), profile, *to], check=True, capture_output=True)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "a.pdf", "-"], check=True, capture_output=True
    ).stdout.decode()
    assert "R&D 12 &P dept." in text
    assert "&A Commercial & confidential" in text


@pytest.mark.parametrize("text", ["&" * 300, "\x07 <b>\n\"'", "🙂" * 200, "12 pt", ""])
def test_any_header_is_valid_and_within_the_length_that_excel_takes(tmp_path, text):
    target, warnings = written(tmp_path, text, text)
    done = subprocess.run([tool(VALIDATOR), str(target)], capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["errors"] == []
    sheet = openpyxl.load_workbook(io.BytesIO(target.read_bytes())).worksheets[0]
    for part in (sheet.oddHeader, sheet.oddFooter):
        assert (
            sum(len((side.text or "").encode("utf-16-le")) // 2 + 2 for side in (part.left, part.center, part.right))
            < 255
        )
    assert [warning.code for warning in warnings] == ["cut-header"] * (2 if len(text) > 100 else 0)
