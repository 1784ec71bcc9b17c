"""Images for tests: made by Pillow, with what cameras and attackers put into them."""

import io

from PIL import Image

ORIENTATION, SERIAL, GPS = 0x0112, 0xA431, 0x8825
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40" fill="#c00"/></svg>'


def picture(width=64, height=48, mode="RGB"):
    """A picture whose left half is light and whose right half is dark, its upper left corner lighter still."""
    made = Image.new("L", (width, height), 40)
    made.paste(200, (0, 0, width // 2, height))
    made.paste(255, (0, 0, width // 4, height // 4))
    return made.convert(mode, dither=Image.Dither.NONE)


def encoded(made, format="JPEG", **options):
    data = io.BytesIO()
    made.save(data, format, **options)
    return data.getvalue()


def photo(width=64, height=48, *, orientation=None, with_position=False, format="JPEG", mode="RGB"):
    """A photograph as cameras write it: turned by a number, with position and serial number."""
    exif = Image.Exif()
    if orientation:
        exif[ORIENTATION] = orientation
    if with_position:
        exif[0x010F] = "Nordlys Optics"
        exif.get_ifd(0x8769)[SERIAL] = "SN-4711-SECRET"
        exif.get_ifd(GPS).update({1: "N", 2: (59.0, 55.0, 1.0), 3: "E", 4: (2.0, 4.0, 1.0)})
    return encoded(picture(width, height, mode), format, exif=exif)


def opened(content):
    made = Image.open(io.BytesIO(content))
    made.load()
    return made
