"""Images that templates and style sheets name are put in from the folder of the theme, or told."""

import io
import shutil

import pikepdf
import pypdf
import pytest
from PIL import Image

import icreport
from icreport.errors import LossError, ThemeError
from icreport.model.elements import Section
from icreport.model.report import Report
from rendering.themes.folders import REPORT, picture, template


def test_a_logo_is_printed(tmp_path):
    Image.new("RGB", (20, 10), "red").save(tmp_path / "logo.png")
    (tmp_path / "theme.toml").write_text('logo = "logo.png"')
    data = icreport.render(REPORT, "pdf", theme=str(tmp_path))
    (image,) = pypdf.PdfReader(io.BytesIO(data)).pages[0].images
    assert image.image.size == (20, 10)


def test_a_theme_brings_its_own_files(tmp_path):
    Image.new("RGB", (20, 10), "red").save(tmp_path / "mark.png")
    (tmp_path / "fonts").mkdir()
    shutil.copy("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", tmp_path / "fonts/own.ttf")
    (tmp_path / "theme.css").write_text(
        "@font-face { font-family: Own; src: url(fonts/own.ttf) } :root { --font: Own }"
        " header { background: url('mark.png') no-repeat }"
    )
    page = icreport.render(REPORT, "html", theme=str(tmp_path)).decode()
    assert "data:font/ttf;base64," in page
    assert "data:image/png;base64," in page
    assert "fonts/own.ttf" not in page
    with pikepdf.open(io.BytesIO(icreport.render(REPORT, "pdf", theme=str(tmp_path)))) as pdf:
        names = [str(item.FontName) for item in pdf.objects if "/FontName" in dict_of(item)]
    assert any("Own" in name or "Mono" in name for name in names), names


def dict_of(item):
    return item if isinstance(item, pikepdf.Dictionary) else {}


@pytest.mark.parametrize("name", ["../secret.png", "fonts/../../secret.png", "absent.png"])
def test_a_theme_brings_no_other_files(name, tmp_path):
    (tmp_path / "secret.png").write_text("secret")
    theme = tmp_path / "theme"
    (theme / "fonts").mkdir(parents=True)
    (theme / "theme.css").write_text(f"header {{ background: url({name}) }}")
    with pytest.raises(ThemeError, match=r"theme\.css, line 1: "):
        icreport.render(REPORT, "html", theme=str(theme))


@pytest.mark.parametrize(
    "name", ["theme.css", "theme.toml", "page.html.j2", "elements/table.html.j2", "fonts", "elements"]
)
def test_a_link_that_leads_out_of_a_theme_is_refused(name, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("")
    link = tmp_path / "theme" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(outside if name in {"fonts", "elements"} else outside / "file")
    with pytest.raises(ThemeError, match="is a link that leads out of the theme"):
        icreport.render(REPORT, "html", theme=str(tmp_path / "theme"))


SECTION = Report(elements=[Section(caption="S", data={"mark": "stamp"})])


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="stamp.png" alt="Seen">',
        "<img alt='a > b' src='stamp.png'>",
        "<IMG SRC=stamp.png alt=x>",
        '<img alt="" src="icons/../stamp.png?x#y">',
        '<img alt="" src="{{ element.data.mark }}.png">',
        '<img alt="" src="my%20stamp.png">',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image width="9" href="stamp.png"/></svg>',
    ],
)
def test_an_image_of_the_themes_folder_is_put_into_the_document(tmp_path, tag):
    picture(tmp_path, "stamp.png")
    picture(tmp_path, "my stamp.png")
    picture(tmp_path, "icons/a.png")
    theme = template(tmp_path, tag)
    page = icreport.render(SECTION, "html", theme=theme, strict=True).decode()
    assert "data:image/png;base64," in page
    assert "stamp.png" not in page
    pdf = icreport.render(SECTION, "pdf", theme=theme, strict=True)
    (image,) = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images
    assert image.image.size == (20, 10)


def test_images_in_a_style_and_in_rows_and_around_the_page_are_put_in(tmp_path):
    picture(tmp_path, "stamp.png")
    template(tmp_path, '<p style="background: url(stamp.png); width: 9px">x</p>')
    template(tmp_path, '<tr><td><img src="stamp.png" alt="">', "elements/row.html.j2")
    page = '{% extends "icreport/page.html.j2" %}{% block footer %}<img src="stamp.png" alt="">{% endblock %}'
    template(tmp_path, page, "page.html.j2")
    shown = icreport.render(REPORT, "html", theme=str(tmp_path), strict=True).decode()
    assert shown.count("data:image/png;base64,") == 3


@pytest.mark.parametrize("suffix", ["html", "pdf"])
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("absent.png", "no such file"),
        ("../secret.png", "no such file"),
        ("/etc/passwd", "only files"),
        ("file:///etc/passwd", "only files"),
        ("http://192.0.2.1/a.png", "only files"),
        ("//192.0.2.1/a.png", "only files"),
        ("broken.png", "cannot be decoded"),
        ("theme.toml", "cannot be decoded"),
        ("data:image/png;base64,AAAA", "cannot be decoded"),
        ("data:image/png;base64,AAA", "no data: URL"),
        ("data:image/svg+xml,%3Csvg", "cannot be decoded"),
        ("data:nonsense", "no data: URL"),
    ],
)
def test_an_image_that_cannot_be_shown_is_a_loss(tmp_path, no_files, suffix, address, why):
    picture(tmp_path, "secret.png")
    no_files.clear()
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    (tmp_path / "ours/theme.toml").write_text("description = 'x'")
    theme = template(tmp_path / "ours", f'<p>shown</p><img src="{address}" alt="x">')
    (warning,) = icreport.write(SECTION, io.BytesIO(), suffix, theme=theme).warnings
    assert (warning.code, warning.loss) == ("lost-image", True)
    assert f"the image '{address}' is not shown: " in str(warning)
    assert why in str(warning)
    with pytest.raises(LossError, match="is not shown"):
        icreport.render(SECTION, suffix, theme=theme, strict=True)
    assert no_files == []


@pytest.mark.parametrize("suffix", ["html", "pdf"])
def test_a_logo_that_cannot_be_decoded_is_a_loss(tmp_path, suffix):
    (tmp_path / "theme.toml").write_text('logo = "logo.png"')
    (tmp_path / "logo.png").write_text("no image")
    (warning,) = icreport.write(REPORT, io.BytesIO(), suffix, theme=str(tmp_path)).warnings
    assert (warning.code, warning.loss) == ("lost-image", True)


@pytest.mark.parametrize("suffix", ["html", "pdf"])
@pytest.mark.parametrize("address", ["a.png", "'data:image/png;base64,AAAA'", "data:image/png;base64,%%%"])
def test_an_image_of_a_style_sheet_that_cannot_be_decoded_is_a_loss(tmp_path, suffix, address):
    (tmp_path / "a.css").write_text(f"h1 {{ background: url({address}) }}")
    (tmp_path / "a.png").write_text("no image")
    (warning,) = icreport.write(REPORT, io.BytesIO(), suffix, theme=str(tmp_path)).warnings
    assert (warning.code, warning.loss) == ("lost-image", True)


def test_an_image_named_by_a_report_comes_from_the_themes_folder_alone(tmp_path):
    picture(tmp_path, "secret.png")
    theme = template(tmp_path / "ours", '<img src="{{ element.caption }}" alt="">', "elements/photo.html.j2")
    for name in ("../secret.png", str(tmp_path / "secret.png"), '" onerror="window.hacked = 1'):
        report = icreport.read({"elements": [{"type": "photo", "caption": name}]})
        result = icreport.write(report, target := io.BytesIO(), "html", theme=theme)
        assert [warning.code for warning in result.warnings] == ["lost-image"]
        assert b"base64" not in target.getvalue()
        assert b'onerror="' not in target.getvalue()
