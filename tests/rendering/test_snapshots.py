"""Whole small documents as they are written, to open and read. To renew: `python tests/rendering/test_snapshots.py`.

Of HTML it is the `main` of the page with a line for each tag, of XLSX the XML of its sheets.
"""

import io
import re
import zipfile
from pathlib import Path

import pytest

import icreport

FOLDER = Path(__file__).with_name("snapshots")
REPORTS = sorted(FOLDER.glob("*.json"))
LINK = "https://ic.invalid/{sourceKey}"


def html(report):
    page = icreport.render(report, "html", link=LINK).decode()
    (main,) = re.findall(r"<main.*</main>", page, re.DOTALL)
    return "\n".join(filter(str.strip, re.sub(r"(<(?!/))", r"\n\1", main).split("\n")))


def xlsx(report):
    with zipfile.ZipFile(io.BytesIO(icreport.render(report, "xlsx", link=LINK))) as book:
        names = sorted(name for name in book.namelist() if "worksheets/sheet" in name)
        return "".join(
            f"<!-- {name} -->" + re.sub(r"(<(?!/))", r"\n\1", book.read(name).decode()) + "\n" for name in names
        )


def docx(report):
    with zipfile.ZipFile(io.BytesIO(icreport.render(report, "docx", link=LINK))) as document:
        text = document.read("word/document.xml").decode()
    # The date of the day stands under the title.
    return re.sub(r"(<(?!/))", r"\n\1", text[text.index("<w:tbl>") :] if "<w:tbl>" in text else "")


def md(report):
    return icreport.render(report, "md", link=LINK).decode()


def csv(report):
    return icreport.render(report, "csv").decode().replace("\r\n", "\n")


def jsonl(report):
    return icreport.render(report, "jsonl").decode()


WRITERS = {"html": html, "sheet.xml": xlsx, "document.xml": docx, "md": md, "csv": csv, "jsonl": jsonl}


def written(path, suffix):
    return WRITERS[suffix](icreport.read(path)).strip() + "\n"


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_a_small_document_is_what_it_was(path, suffix):
    assert written(path, suffix) == path.with_suffix(f".{suffix}").read_text("utf-8")


if __name__ == "__main__":
    for found in REPORTS:
        for kind in WRITERS:
            found.with_suffix(f".{kind}").write_text(written(found, kind), "utf-8")
