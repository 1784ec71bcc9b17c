import io
import os
import tempfile
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from icreport.rendering.xlsx.names import head_names, sheet_names, table_names
from icreport.rendering.xlsx.serial_dates import serial
from icreport.rendering.xlsx.xml_text import cut, units
from icreport.rendering.zip_package import PackageWriter, Piece, PieceWriter, piece


@given(st.lists(st.text(max_size=50), max_size=4), st.binary(max_size=50))
def test_members_made_of_parts_are_read_back_whole(texts, end):
    data = io.BytesIO()
    package = PackageWriter(data.write)
    with tempfile.TemporaryFile() as store:
        parts = []
        for text in texts:
            writer = PieceWriter(store)
            writer.write(text.encode("utf-8", "replace").decode())
            parts.append(writer.close())
        package.add("a", [piece(b"start", last=False), *parts, piece(end, last=True)])
        package.add("å/b", [piece(b"other", last=True)])
        package.close()
    with zipfile.ZipFile(data) as archive:
        assert archive.testzip() is None
        whole = b"".join(text.encode("utf-8", "replace") for text in texts)
        assert archive.read("a") == b"start" + whole + end
        assert archive.read("å/b") == b"other"


def test_members_over_4_gib_are_written_as_zip64():
    size = 1 << 28
    zeros = piece(bytes(size), last=False)
    data = io.BytesIO()
    package = PackageWriter(data.write)
    package.add("big", [*[zeros] * 17, piece(b"", last=True)])
    package.add("small", [piece(b"here", last=True)])
    package.close()
    with zipfile.ZipFile(data) as archive:
        assert archive.getinfo("big").file_size == 17 * size
        assert archive.read("small") == b"here"
        with archive.open("big") as member:
            assert member.read(5) == bytes(5)


def test_members_beyond_4_gib_are_found_by_zip64():
    filling = bytes(1 << 24)
    with tempfile.TemporaryFile() as file:

        def write(data):
            # A hole instead of zeros, which a file system need not store.
            if data is filling:
                file.seek(len(data), os.SEEK_CUR)
            else:
                file.write(data)

        package = PackageWriter(write)
        package.add("big", [Piece(filling, len(filling), 0, 0)] * 257)
        package.add("small", [piece(b"here", last=True)])
        package.close()
        with zipfile.ZipFile(file) as archive:
            assert archive.getinfo("small").header_offset > 1 << 32
            assert archive.read("small") == b"here"


@given(st.lists(st.text(max_size=40) | st.sampled_from(["a", "A", "ß", "SS", "İ", "🙂" * 20, "History"]), max_size=20))
def test_names_are_different_whatever_their_case(wanted):
    for names in (sheet_names(wanted), table_names(wanted), head_names(wanted)):
        assert len({name.casefold() for name in names}) == len(wanted)
        assert all(names)
    assert all(units(name) <= 31 for name in sheet_names(wanted))


def test_a_text_is_cut_between_characters():
    assert cut("a🙂b", 2) == "a"
    assert cut("a🙂b", 3) == "a🙂"
    assert cut("abc", 3) == "abc"


@given(st.dates().map(str) | st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat()))
def test_a_date_has_a_serial_number_from_march_1900_on(text):
    number = serial(text)
    assert (number is not None) == (text >= "1900-03-01")
    assert number is None or number.number >= 61
