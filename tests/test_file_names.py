"""What a file may be called everywhere, whoever suggests the name: a report, or a server."""

from pathlib import PureWindowsPath
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from icreport.batch.naming import fit
from icreport.client.content import file_name

RESERVED = ["CON", "nul.json", "com1", "LPT9.tar.gz", "aux .txt", "COM¹", "conin$", "CONOUT$.csv"]


def is_valid(name):
    unfit = set('<>:"/\\|?*') | set(map(chr, range(32)))
    ends_well = name == name.strip(" .")
    return ends_well and not unfit & set(name) and not PureWindowsPath(name).is_reserved() and len(name.encode()) <= 250


@given(st.text(max_size=300))
@example("a?b")
@example("report.")
@example("\ud800")
def test_whoever_suggests_a_name_it_is_valid_on_every_system(text):
    assert is_valid(fit(text))
    quoted = text.encode("ascii", "replace").decode().replace('"', "'")
    assert is_valid(file_name(f'attachment; filename="{quoted}"'))


@pytest.mark.parametrize("name", RESERVED)
def test_the_devices_of_windows_are_no_names_for_either(name):
    assert fit(name) == f"_{name}"
    assert file_name(f"attachment; filename*=UTF-8''{quote(name)}") == "report"
