"""Header, footer and logo of a theme in a workbook."""

import io
import json
import subprocess

import openpyxl
import pytest
from PIL import Image

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


def with_logo(folder, name, image):
    folder.joinpath(name).write_bytes(image)
    folder.joinpath("theme.toml").write_text(f'logo = "{name}"\n')
    tables = [Table(caption=each, columns=["A"], rows=[(1,)]) for each in "ABCD"]
    target = folder / "a.xlsx"
    return target, icreport.write(Report(name="R", elements=tables), target, theme=str(folder))


def picture(kind, size=(600, 200)):
    made = io.BytesIO()
    Image.new("RGB", size, "#005787").save(made, kind)
    return made.getvalue()


@pytest.mark.parametrize(("kind", "name"), [("png", "logo.png"), ("jpeg", "logo.jpg"), ("webp", "logo.webp")])
def test_the_logo_of_a_theme_is_beside_the_title_of_the_contents(tmp_path, kind, name):
    target, result = with_logo(tmp_path, name, picture(kind))
    assert not result.warnings
    done = subprocess.run([tool(VALIDATOR), str(target)], capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["errors"] == []
    contents, *others = openpyxl.load_workbook(target).worksheets
    (shown,) = contents._images
    assert (shown.anchor._from.row, shown.anchor._from.col) == (0, 2)
    assert shown.anchor.ext.width / shown.anchor.ext.height == pytest.approx(3, rel=0.02)
    assert not any(sheet._images for sheet in others)


def test_a_logo_that_workbooks_cannot_hold_is_told(tmp_path):
    _, result = with_logo(tmp_path, "logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert [(each.code, each.loss) for each in result.warnings] == [("lost-image", False)]
    _, result = with_logo(tmp_path, "logo.png", b"no image")
    assert [(each.code, each.loss) for each in result.warnings] == [("lost-image", True)]


def test_a_title_of_several_lines_is_one_among_the_properties(tmp_path):
    target = tmp_path / "a.xlsx"
    icreport.write(Report(name="One\rtwo\r\nthree", elements=[]), target)
    assert openpyxl.load_workbook(target).properties.title == "One two three"
