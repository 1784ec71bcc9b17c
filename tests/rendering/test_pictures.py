"""Images as documents show them: upright, bounded, nothing in them but their pixels; hostile files are one line."""

import base64
import io
import random
import struct
import zlib

import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icreport
from icreport import Image, Limits
from icreport.errors import LimitError, Place
from icreport.rendering.pictures import LostImageError, prepare
from icreport.rendering.svg import clean_svg, svg_size
from photographs import GPS, ORIENTATION, SERIAL, SVG, encoded, opened, photo, picture

ROOM = (480.0, 480.0)
LIMITS = Limits()


def prepared(content, room=ROOM, **options):
    return prepare(Image(content, **options), *room, LIMITS)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_stands_upright_whatever_its_camera_says(orientation):
    made = prepared(photo(64, 48, orientation=orientation))
    shown = opened(made.content)
    assert shown.size == ((64, 48) if orientation < 5 else (48, 64))
    assert (made.width, made.height) == shown.size
    # The lighter corner is where the orientation puts it (EXIF 2.32, 4.6.4).
    right, bottom = shown.width - 4, shown.height - 4
    corners = {(0, 0): (3, 3), (1, 0): (right, 3), (1, 1): (right, bottom), (0, 1): (3, bottom)}
    lightest = max(corners, key=lambda corner: shown.convert("L").getpixel(corners[corner]))
    assert (
        lightest
        == {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]
    )
    assert not opened(made.content).getexif()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_position_and_serial_number_are_left_out_unless_they_are_kept_on_purpose(format):
    content = photo(orientation=6, with_position=True, format=format)
    assert b"SN-4711-SECRET" in content
    made = prepared(content).content
    assert b"SN-4711" not in made
    assert b"Nordlys" not in made
    assert not opened(made).getexif()
    kept = opened(prepared(content, keep_metadata=True).content).getexif()
    assert kept.get_ifd(0x8769)[SERIAL] == "SN-4711-SECRET"
    assert kept.get_ifd(GPS)[1] == "N"
    assert ORIENTATION not in kept  # or it would be turned twice


def test_a_picture_has_no_more_dots_than_300_an_inch_of_its_room():
    made = prepared(photo(4000, 3000), (96.0, 96.0))
    assert (made.width, made.height) == (96, 72)
    assert opened(made.content).size == (300, 225)
    small = prepared(photo(100, 50), (96.0, 96.0))
    assert (small.width, small.height) == (96, 48)
    assert opened(small.content).size == (100, 50)
    assert prepared(photo(30, 20)).width == 30  # never larger than it is


MODES = {
    "grey": ("L", "JPEG"), "black and white": ("1", "PNG"), "palette": ("P", "PNG"), "CMYK": ("CMYK", "JPEG"),
    "transparent": ("RGBA", "PNG"), "grey and transparent": ("LA", "PNG"), "16 bits": ("I;16", "PNG"),
    "transparent WebP": ("RGBA", "WEBP"),
}  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_pictures_of_any_mode_are_shown_as_all_readers_show_them(mode):
    kind, format = MODES[mode]
    given = (
        picture().convert("I").point(lambda value: value * 257).convert("I;16")
        if kind == "I;16"
        else picture(mode=kind)
    )
    if kind in {"RGBA", "LA"}:
        given.putalpha(120)
    made = prepared(encoded(given, format))
    shown = opened(made.content)
    assert shown.mode in {"L", "RGB", "RGBA"}
    assert (shown.mode == "RGBA") == (kind in {"RGBA", "LA"})
    light, dark = (shown.convert("L").getpixel(at) for at in ((20, 30), (60, 30)))
    assert light - dark > 100


@pytest.mark.parametrize("mode", ["1", "P", "L", "RGB"])
def test_thin_lines_of_a_drawing_are_there_when_it_is_made_smaller(mode):
    ruled = PIL.Image.new("L", (1600, 40), 255)
    for at in range(0, 1600, 16):
        ruled.paste(0, (at, 0, at + 1, 40))
    shown = opened(prepared(encoded(ruled.convert(mode), "PNG"), (160, 160)).content).convert("L")
    row = [shown.getpixel((at, 3)) for at in range(shown.width)]
    # Lines stand five pixels apart.
    assert all(min(row[at : at + 7]) < 240 for at in range(len(row) - 7))


def test_the_same_image_gives_the_same_bytes():
    assert prepared(photo(900, 700, with_position=True)) == prepared(photo(900, 700, with_position=True))


PAYLOAD = b"PK\x03\x04<script>alert('polyglot')</script>%PDF-1.7 MZ"


def with_comment():
    whole = photo()
    return whole[:2] + b"\xff\xfe" + struct.pack(">H", len(PAYLOAD) + 2) + PAYLOAD + whole[2:]


def with_chunk():
    whole = encoded(picture(), "PNG")
    chunk = b"tEXt" + b"Comment\0" + PAYLOAD
    return whole[:33] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + whole[33:]


POLYGLOTS = {
    "after a JPEG": lambda: photo() + PAYLOAD,
    "after a PNG": lambda: encoded(picture(), "PNG") + PAYLOAD,
    "after a WebP": lambda: encoded(picture(), "WEBP") + PAYLOAD,
    "in a comment of a JPEG": with_comment,
    "in a chunk of a PNG": with_chunk,
}


@pytest.mark.parametrize("polyglot", POLYGLOTS)
def test_what_hangs_on_an_image_is_in_no_document(polyglot):
    content = POLYGLOTS[polyglot]()
    assert PAYLOAD in content
    assert PAYLOAD not in prepared(content).content
    report = icreport.Report(elements=[Image(content)])
    encoded_payload = base64.b64encode(PAYLOAD)[4:-4]
    for format in ("html", "pdf", "xlsx"):
        data = icreport.render(report, format)
        assert PAYLOAD[8:30] not in data
        assert encoded_payload not in data


def png_of(width, height):
    """A PNG that says to be so large, and has next to nothing."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(1000)))]
    made = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def jpeg_of(width, height):
    whole = photo()
    at = whole.index(b"\xff\xc0")
    return whole[: at + 5] + struct.pack(">HH", height, width) + whole[at + 9 :]


def webp_of(width, height):
    whole = bytearray(photo(format="WEBP", with_position=True))
    assert whole[12:16] == b"VP8X"
    whole[24:27], whole[27:30] = (width - 1).to_bytes(3, "little"), (height - 1).to_bytes(3, "little")
    return bytes(whole)


@pytest.mark.parametrize("bomb", [png_of(60_000, 60_000), jpeg_of(60_000, 60_000), webp_of(16_000, 16_000)],
                         ids=["png", "jpeg", "webp"])  # fmt: skip
def test_a_bomb_is_refused_by_its_header_in_one_line_that_names_the_element(bomb):
    with pytest.raises(LimitError, match="pixels"):
        prepared(bomb)
    report = icreport.Report(elements=[Image(photo()), Image(bomb, caption="Bomb")])
    for format in ("html", "pdf", "xlsx"):
        with pytest.raises(LimitError) as raised:
            icreport.render(report, format)
        assert str(raised.value).startswith('elements[1] "Bomb": the image has')
        assert "ICREPORT_MAX_PIXELS" in str(raised.value)


BROKEN = {
    "a JPEG cut off": photo(400, 300)[: len(photo(400, 300)) // 2],
    "a PNG cut off": encoded(picture(400, 300), "PNG")[:200],
    "a WebP cut off": encoded(picture(400, 300), "WEBP")[:60],
    "a WebP of a header": encoded(picture(), "WEBP")[:14],
    "a JPEG of three bytes": b"\xff\xd8\xff",
    "a PNG of its start": b"\x89PNG\r\n\x1a\n",
    "a PNG of nothing": png_of(0, 0),
    "a wrong checksum": encoded(picture(), "PNG")[:-20] + bytes(20),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_image_is_a_loss_told_with_its_element(broken):
    with pytest.raises(LostImageError):
        prepared(BROKEN[broken])
    report = icreport.Report(elements=[Image(BROKEN[broken], caption="Weld 12")])
    for format in ("html", "pdf", "xlsx"):
        result = icreport.write(report, io.BytesIO(), format)
        (warning,) = result.warnings
        assert (warning.code, warning.loss) == ("lost-image", True)
        assert str(warning).startswith('elements[0] "Weld 12": the image is not shown: ')
        with pytest.raises(icreport.LossError):
            icreport.render(report, format, strict=True)
    # WeasyPrint is imported now, and has Pillow fill up what is cut off.
    with pytest.raises(LostImageError):
        prepared(BROKEN[broken])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([photo(), encoded(picture(), "PNG"), encoded(picture(), "WEBP"), photo(with_position=True)]),
       st.integers(0, 2**32))  # fmt: skip
def test_mutated_images_give_a_picture_or_one_line(content, seed):
    draw = random.Random(seed)
    changed = bytearray(content)
    for _ in range(draw.randrange(1, 12)):
        changed[draw.randrange(12, len(changed))] = draw.randrange(256)
    said = outcome(bytes(changed))
    assert "\n" not in said
    assert len(said) < 300


def outcome(content):
    """What became of an image: no more dots than there is room for, or one line; anything else is raised."""
    try:
        made = prepare(Image(content), *ROOM, Limits(pixels=1_000_000), Place(0))
    except (LostImageError, LimitError) as error:
        return str(error)
    return "shown" if max(opened(made.content).size) <= 1500 else "too\nlarge"


def svg(inside, attributes=""):
    start = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="80" height="40"'
    return f"{start} {attributes}>{inside}</svg>".encode()


def uses_of(number):
    return f'<use href="#g{number}"/>' * 10


REFUSED = {
    "script": svg("<script>alert(1)</script>"),
    "script in upper case": svg("<SCRIPT>alert(1)</SCRIPT>"),
    "foreign": svg('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'),
    "handler": svg('<rect onclick="alert(1)" width="1"/>'),
    "handler on the root": svg("", 'onload="alert(1)"'),
    "javascript": svg('<use href="javascript:alert(1)"/>'),
    "image": svg('<image href="https://example.invalid/x.png"/>'),
    "image at hand": svg('<image href="data:image/png;base64,AAAA"/>'),
    "use of another": svg('<use xlink:href="https://example.invalid/x.svg#a"/>'),
    "url in a fill": svg('<rect fill="url(https://example.invalid/x)"/>'),
    "url in a style": svg("<rect style=\"fill: url('//example.invalid/x')\"/>"),
    "escaped url": svg(r'<rect style="fill: u\72l(//example.invalid/x)"/>'),
    "style sheet": svg("<style>@import 'https://example.invalid'</style>"),
    "animation": svg('<rect><set attributeName="href" to="javascript:alert(1)"/></rect>'),
    "link": svg('<a href="https://example.invalid">x</a>'),
    "filter": svg("<filter id='f'><feImage href='x'/></filter>"),
    "base": svg("", 'xml:base="https://example.invalid"'),
    "entities": b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    "laughs": svg("".join(f'<g id="g{n}">{uses_of(n - 1)}</g>' for n in range(1, 12))),
    "itself": svg('<g id="g"><use href="#g"/></g>'),
    "broken": b'<svg xmlns="http://www.w3.org/2000/svg"><rect>',
    "other XML": b'<?xml version="1.0"?><svg/>',
    "deep": svg("<g>" * 200 + "</g>" * 200),
    "endless": svg("<rect/>" * 20_001),
    "many copies": svg(f'<g id="g">{"<rect/>" * 300}</g>{uses_of("") * 10}'),
    "large": svg(f'<path d="{"M0 0" * (1 << 20)}"/>'),
    "UTF-16": '<svg xmlns="http://www.w3.org/2000/svg"/>'.encode("utf-16"),
}


@pytest.mark.parametrize("refused", REFUSED)
def test_svg_that_could_run_fetch_or_grow_is_refused_in_one_line(refused):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - every reason is one
        clean_svg(REFUSED[refused])
    assert "\n" not in str(raised.value)
    if refused != "UTF-16":  # which is no image by its first bytes
        result = icreport.write(icreport.Report(elements=[Image(REFUSED[refused])]), target := io.BytesIO(), "html")
        assert [warning.code for warning in result.warnings] == ["lost-image"]
        assert b"example.invalid" not in target.getvalue().partition(b"<body>")[2]


def test_svg_loses_what_is_its_editors_and_keeps_what_is_drawn():
    drawn = clean_svg(
        b'<?xml version="1.0"?><!-- made by hand --><svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://inkscape.org"'
        b' xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 20" i:version="1"><metadata>SECRET</metadata>'
        b'<i:view zoom="2"/><defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient></defs>'
        b'<rect width="40" height="20" fill="url(#a)"/><g id="g"><circle r="2"/></g><use xlink:href="#g"/>'
        b'<text xml:space="preserve">A &lt; B</text></svg>'
    )
    for gone in (b"inkscape", b"SECRET", b"by hand", b"zoom"):
        assert gone not in drawn
    for kept in (b"linearGradient", b"url(#a)", b"circle", b'href="#g"', b"A &lt; B"):
        assert kept in drawn
    assert clean_svg(drawn) == drawn
    assert svg_size(drawn) == (40, 20)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [('width="80" height="40"', (80, 40)), ('width="1in" height="25.4mm"', (96, 96)), ("", (300, 150)),
     ('viewBox="0 0 30 60"', (30, 60)), ('width="100%" viewBox="0 0 30 60"', (30, 60)),
     ('width="60" viewBox="0 0 30 60"', (60, 120)), ('viewBox="0 0 0 0"', (300, 150)),
     (f'height="{"9" * 400}" width="5"', (5, 1e6))],
)  # fmt: skip
def test_an_svg_has_the_size_that_it_says(attributes, size):
    made = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode()
    assert svg_size(clean_svg(made)) == pytest.approx(size)


def test_a_workbook_holds_no_svg_and_says_so():
    report = icreport.Report(elements=[Image(SVG, caption="Sketch")])
    (warning,) = icreport.write(report, io.BytesIO(), "xlsx").warnings
    assert (
        str(warning) == 'elements[0] "Sketch": the image is not shown: this format holds no SVG: a PNG would be shown'
    )
