"""Photo logs: the images that a view adds of its folder, and of nothing else."""

import json
import os

import pytest

import icreport
from icreport import Report, Section, Table, View
from photographs import photo

REPORT = Report(
    name="R", elements=[Section(caption="Photographs"), Table(caption="Register", columns=["A"], rows=[(1,)])]
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "views/photos").mkdir(parents=True)
    for name in ("weld 10.jpg", "weld 2.jpg", "anode.jpg"):
        (tmp_path / "views/photos" / name).write_bytes(photo())
    (tmp_path / "secret.jpg").write_bytes(photo())
    return tmp_path / "views"


def view(folder, text):
    (folder / "view.toml").write_text(text)
    return View.load(folder / "view.toml")


def shown(folder, text):
    return [(element.type, element.caption) for element in view(folder, text).apply(REPORT).elements]


def test_images_of_a_folder_come_in_the_order_of_their_names_and_numbers(folder):
    said = '[[images]]\nfrom = "photos/*.jpg"\ncaption = "{number}: {stem} ({name})"\n'
    assert shown(folder, said)[2:] == [
        ("image", "1: anode (anode.jpg)"),
        ("image", "2: weld 2 (weld 2.jpg)"),
        ("image", "3: weld 10 (weld 10.jpg)"),
    ]


def test_images_stand_after_the_element_that_is_named(folder):
    said = '[[images]]\nfrom = ["photos/weld*.jpg", "photos/*.jpg"]\nafter = "Photo*"\n'
    said += '[[images]]\nfrom = "photos/anode.jpg"\n'
    found = shown(folder, said)
    assert found[:2] == [("section", "Photographs"), ("image", "weld 2")]
    assert found[4:] == [("table", "Register"), ("image", "anode")]
    assert [caption for _, caption in found[1:4]] == ["weld 2", "weld 10", "anode"]


def test_a_scan_shows_the_same(folder):
    said = view(folder, '[[images]]\nfrom = "photos/*.jpg"\n')
    with icreport.scan(REPORT.to_json()) as scan:
        scanned = [(element.type, element.caption) for element in said.over(scan).elements]
    assert scanned == [(element.type, element.caption) for element in said.apply(REPORT).elements]
    assert json.loads(said.apply(REPORT).to_json())["elements"][2]["data"]["media_type"] == "image/jpeg"


def test_only_listed_tables_and_images(folder):
    said = 'elements = "listed"\n[[table]]\nmatch = "Register"\n[[images]]\nfrom = "photos/anode.jpg"\n'
    assert shown(folder, said) == [("table", "Register"), ("image", "anode")]


@pytest.mark.parametrize(
    "pattern",
    ["../secret.jpg", "/etc/*", "photos/../../secret.jpg", "C:/photos/*", "file:///etc/*", "\\\\\\\\host\\\\x", "",
     "~/x.jpg", "photos\\\\*.jpg", "//host/x"],
)  # fmt: skip
def test_a_pattern_that_leaves_the_folder_is_refused_with_its_line(folder, pattern):
    with pytest.raises(icreport.ViewError, match=r"view\.toml', line 3: images\.1\.from") as raised:
        view(folder, f'title = "x"\n[[images]]\nfrom = "{pattern}"\n')
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("link", ["file", "folder"])
def test_a_link_that_leads_out_of_the_folder_is_refused(folder, link):
    target = folder.parent / "secret.jpg" if link == "file" else folder.parent
    try:
        (folder / "photos/link").symlink_to(target)
    except OSError:
        pytest.skip("no links here")
    pattern = "photos/link" if link == "file" else "photos/link/*.jpg"
    with pytest.raises(icreport.ViewError, match="a link that leads out of the folder of the view"):
        shown(folder, f'[[images]]\nfrom = "{pattern}"\n')


def test_a_link_within_the_folder_is_followed(folder):
    try:
        os.symlink(folder / "photos/anode.jpg", folder / "photos/same.jpg")
    except OSError:
        pytest.skip("no links here")
    assert ("image", "same") in shown(folder, '[[images]]\nfrom = "photos/*.jpg"\n')


def test_none_that_match_are_told(folder):
    text = '[[images]]\nfrom = "photos/*.png"\n'
    with pytest.raises(icreport.ViewError, match=r"line 2: no file is named by 'photos/\*\.png'"):
        shown(folder, text)
    lenient = view(folder, f'missing = "skip"\n{text}')
    result = icreport.write(REPORT, folder / "out.html", view=lenient)
    assert [warning.code for warning in result.warnings] == ["view-missing"]


def test_an_element_that_is_not_there_is_told_with_the_nearest(folder):
    with pytest.raises(icreport.ViewError, match="did you mean 'Photographs'"):
        shown(folder, '[[images]]\nfrom = "photos/*.jpg"\nafter = "Photograph"\n')


@pytest.mark.parametrize(("name", "content"), [("notes.txt", b"text"), ("photo.png", photo()), ("empty.jpg", b"")])
def test_a_file_that_is_no_image_is_one_line_with_the_line_of_the_view(folder, name, content):
    (folder / "photos" / name).write_bytes(content)
    with pytest.raises(icreport.ViewError, match=r"view\.toml', line 2: the image") as raised:
        shown(folder, f'[[images]]\nfrom = "photos/{name}"\n')
    assert "\n" not in str(raised.value)


def test_photographs_of_a_view_that_is_extended_are_those_of_its_folder(folder):
    view(folder, '[[images]]\nfrom = "photos/anode.jpg"\n').model_dump()
    (folder.parent / "top.toml").write_text('extend = "views/view.toml"\n')
    said = View.load(folder.parent / "top.toml")
    assert [element.caption for element in said.apply(REPORT).elements][-1] == "anode"


def test_a_batch_does_its_items_again_when_a_photograph_has_changed(folder):
    view(folder, '[[images]]\nfrom = "photos/*.jpg"\n')
    source = folder / "report.json"
    source.write_text(REPORT.to_json())

    def run():
        return icreport.convert_many(source, folder / "out", "csv", view=folder / "view.toml", resume=True, workers=1)

    assert run().done == 1
    assert run().unchanged == 1
    (folder / "photos/anode.jpg").write_bytes(photo(80, 60))
    assert run().done == 1
