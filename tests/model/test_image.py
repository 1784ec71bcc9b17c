"""Images in reports: what they are made of, what they are in JSON, and what is none."""

import base64
import io
import json
from pathlib import Path

import pytest

import icreport
from icreport import Image, Limits, Report
from photographs import SVG, encoded, photo, picture

KINDS = {
    "image/jpeg": photo(),
    "image/png": encoded(picture(), "PNG"),
    "image/webp": encoded(picture(), "WEBP"),
    "image/svg+xml": SVG,
}


def document(**data):
    return {"elements": [{"type": "image", "caption": "Weld 12", "data": data}]}


def base64_of(content):
    return base64.b64encode(content).decode()


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_is_known_by_its_bytes_and_reads_back(kind, tmp_path):
    content = KINDS[kind]
    path = tmp_path / f"photo.{kind.partition('/')[2].partition('+')[0]}"
    path.write_bytes(content)
    for source in (path, str(path), content, io.BytesIO(content)):
        image = Image(source, caption="Weld 12", alt="A crack at its toe")
        assert (image.media_type, image.content, image.alt, image.type) == (
            kind,
            content,
            "A crack at its toe",
            "image",
        )
        again = icreport.read(Report(elements=[image]).to_json()).elements[0]
        assert again == image
        assert isinstance(again, Image)


def test_what_an_image_is_in_json_is_what_came():
    text = json.dumps(document(icreport={"keep_metadata": True, "more": 1}, media_type="image/svg+xml",
                               content=base64_of(SVG), alt="Red", other=[1]))  # fmt: skip
    report = icreport.read(text)
    assert json.loads(report.to_json()) == json.loads(text)
    assert report.elements[0].keep_metadata
    assert report.warnings == ()
    with icreport.scan(text) as scanned:
        assert [element.content for element in scanned.elements] == [SVG]


LIES = {
    "nothing": (b"", "photo.jpg", "is empty"),
    "a text": (b"%PDF-1.7", "photo.jpg", "no JPEG, PNG, WebP or SVG"),
    "a GIF": (b"GIF89a=/*", "photo.gif", "no JPEG, PNG, WebP or SVG"),
    "a PNG called JPEG": (KINDS["image/png"], "photo.JPG", "is PNG, not JPEG as its name says"),
    "a JPEG called SVG": (KINDS["image/jpeg"], "photo.svg", "is JPEG, not SVG as its name says"),
    "HTML called SVG": (b"<html><script>alert(1)</script>", "photo.svg", "no JPEG, PNG, WebP or SVG"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_file_that_is_no_image_or_another_than_it_says_is_one_line(lie, tmp_path):
    content, name, said = LIES[lie]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(icreport.UsageError) as raised:
        Image(tmp_path / name)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("source", ["none.jpg", "a\0b", ".", 5, io.StringIO("text")])
def test_what_cannot_be_read_is_one_line(source):
    with pytest.raises(icreport.UsageError):
        Image(source)


MISFITS = {
    "no content": {"media_type": "image/png"},
    "not base64": {"media_type": "image/png", "content": "§§§"},
    "another kind": {"media_type": "image/png", "content": base64_of(KINDS["image/jpeg"])},
    "an unknown kind": {"media_type": "image/gif", "content": base64_of(b"GIF89a")},
    "no image": {"media_type": "image/png", "content": base64_of(b"<script>")},
    "an alt that is none": {"media_type": "image/svg+xml", "content": base64_of(SVG), "alt": 5},
}


@pytest.mark.parametrize("misfit", MISFITS)
def test_an_image_of_another_shape_stays_unknown_and_is_told_with_its_element(misfit):
    text = json.dumps(document(**MISFITS[misfit]))
    report = icreport.read(text)
    assert isinstance(report.elements[0], icreport.UnknownElement)
    assert json.loads(report.to_json()) == json.loads(text)
    (warning,) = report.warnings
    assert str(warning).startswith('elements[0] "Weld 12": it is no image as it should be')
    with pytest.raises(icreport.LossError):
        icreport.convert(text.encode(), io.BytesIO(), format="html", strict=True)


def test_an_image_with_more_bytes_than_the_limit_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("ICREPORT_MAX_IMAGE", "100")
    Path(tmp_path / "photo.jpg").write_bytes(photo())
    for source in (tmp_path / "photo.jpg", photo(), io.BytesIO(photo())):
        with pytest.raises(icreport.LimitError, match="ICREPORT_MAX_IMAGE"):
            Image(source)


def test_the_bytes_of_an_image_in_a_document_are_bounded_by_those_of_a_text():
    text = json.dumps(document(media_type="image/jpeg", content=base64_of(photo(400, 300))))
    with (
        pytest.raises(icreport.LimitError, match="ICREPORT_MAX_CELL"),
        icreport.scan(text, limits=Limits(cell=500)) as scan,
    ):
        list(scan.elements)


def test_an_image_shows_itself_in_a_notebook():
    shown = Image(photo(), caption="<Weld>", alt='"x')._repr_html_()
    assert 'src="data:image/jpeg;base64,' in shown
    assert "&lt;Weld&gt;" in shown
    assert 'alt="&quot;x"' in shown


def test_a_source_and_data_exclude_each_other():
    data = Image(photo()).data
    assert Image(data=data).content == photo()
    for given in ({}, {"source": photo(), "data": data}, {"data": data, "alt": "x"}):
        with pytest.raises(icreport.UsageError):
            Image(**given)
