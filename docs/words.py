"""Brings the catalogues of words up to date: `python docs/words.py` says what they lack.

It writes `templates/locale/icreport.pot` of the messages in code and templates, and lays them into each `.po`: what is
new has no translation, what is gone goes. Translate what is empty (in a text editor, or Poedit), and run it again.
"""

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "templates/locale"
TEMPLATE = FOLDER / "icreport.pot"
_KEYWORDS = dict.fromkeys(("words", "_words", "say", "to_say"))
_KEYWORDS |= dict.fromkeys(("many", "say_many", "forms"), (1, 2))
_FIELD = re.compile(r'"([A-Z][A-Za-z-]+): .*\\n"$')
_HEADER = "# The words that icreport puts on documents; `python docs/words.py` keeps this file."


def template():
    """The messages in code and templates, with the files that say them."""
    found = Catalog(project="icreport", header_comment=_HEADER, charset="utf-8", fuzzy=False)
    # The command line is English, and has a `say` of its own.
    code = [path for path in sorted((ROOT / "src").rglob("*.py")) if not {"cli", "batch"} & set(path.parts)]
    sources = [*code, *sorted((ROOT / "templates").rglob("*.j2"))]
    for path in sources:
        how = "jinja2.ext:babel_extract" if path.suffix == ".j2" else "python"
        with path.open("rb") as file:
            for _, message, comments, _ in extract(how, file, _KEYWORDS, ["Translators:"]):
                found.add(message, locations=[(path.relative_to(ROOT).as_posix(), None)], auto_comments=comments)
    return found


def written(catalogue):
    """A catalogue as its file, without what changes with each run."""
    data = BytesIO()
    write_po(data, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    kept = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
    lines = data.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not (field := _FIELD.match(line)) or field[1] in kept)


def read(path):
    """The catalogue of a file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem if path.suffix == ".po" else None)


def missing(catalogue):
    """The messages that a catalogue has no translation of, or not all forms of a plural."""
    return [
        message.id
        for message in catalogue
        if message.id and not all(message.string if isinstance(message.string, tuple) else [message.string])
    ]


def main():
    """Write what has changed; tells what is to be translated, by which the exit status is 1."""
    messages = template()
    TEMPLATE.write_text(written(messages), "utf-8")
    lacking = 0
    for path in sorted(FOLDER.glob("*.po")):
        catalogue = read(path)
        catalogue.update(messages, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.write_text(written(catalogue), "utf-8")
        for message in missing(catalogue):
            lacking += 1
            sys.stdout.write(f"{path.stem}: {message}\n")
    return int(lacking > 0)


if __name__ == "__main__":
    sys.exit(main())
