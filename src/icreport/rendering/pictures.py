"""Images of a report as documents show them: turned upright, no larger than there is room, nothing in them but pixels.

Whatever a file holds beside its picture (position, serial numbers, thumbnails, what was hung on its end) is not in what
comes out, since pixels are decoded and encoded anew.
"""

from __future__ import annotations

import base64
import io
import os
import struct
import threading
import warnings as python_warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from icreport.model.image import SVG, kind_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import PIL.Image

    from icreport.errors import Place
    from icreport.limits import Limits
    from icreport.model.image import Image

DOTS_PER_INCH = 300
_CSS_PER_INCH = 96
_QUALITY = 85
_ORIENTATION = 0x0112  # of EXIF 2.32, 4.6.4
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
"""How a picture is set upright, as Pillow counts turns, by its orientation."""
_WEBP_SIZED = 10  # bytes of the first chunk of a WebP, which say its size
_OPAQUE = 255
_FEW_COLOURS = frozenset(("1", "P", "PA"))
"""Modes that Pillow makes smaller by leaving out pixels, and lines with them."""


class LostImageError(Exception):
    """An image cannot be shown; says why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as a document shows it; width and height in CSS pixels."""

    media_type: str
    content: bytes
    width: float
    height: float

    @property
    def address(self) -> str:
        """The picture as a data: URL."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


def prepare(
    image: Image, width: float, height: float, limits: Limits, place: Place | None = None, *, vector: bool = True
) -> Picture:
    """Return an image for a room of so many CSS pixels, at most 300 dots an inch of it.

    Raises `LostImageError` where it is broken or, without `vector`, SVG; `LimitError` where it is too large.
    """
    content = image.content
    if len(content) > limits.image:
        raise limits.exceeded("image", "the image has more bytes", place)
    if image.media_type == SVG:
        if not vector:
            raise LostImageError("this format holds no SVG: a PNG would be shown")
        from icreport.rendering.svg import clean_svg, svg_size  # few images are drawings

        try:
            cleaned = clean_svg(content)
        except ValueError as error:
            raise LostImageError(str(error)) from None
        return Picture(SVG, cleaned, *_fitted(*svg_size(cleaned), width, height))
    return _prepared(image, content, width, height, limits, place)


def _prepared(
    image: Image, content: bytes, width: float, height: float, limits: Limits, place: Place | None
) -> Picture:
    try:
        with _DECODING.refusing_what_is_cut_off():
            return _decoded(image, content, width, height, limits, place)
    except (OSError, ValueError, SyntaxError, TypeError, LookupError, struct.error, EOFError, UserWarning) as error:
        name = kind_name(image.media_type)
        raise LostImageError(f"the {name} is broken or cut off ({_reason(error)})") from None
    except ZeroDivisionError:
        raise LostImageError("it has no width or height") from None


def _decoded(image: Image, content: bytes, width: float, height: float, limits: Limits, place: Place | None) -> Picture:
    from PIL import Image as Pillow

    dots = DOTS_PER_INCH / _CSS_PER_INCH
    given = _opened(image.media_type, content, limits, place)
    exif = _exif_of(given)
    orientation = exif.get(_ORIENTATION, 1)
    turned = orientation in range(5, 9)
    wide, high = given.size[::-1] if turned else given.size
    shown = _fitted(wide, high, width, height)
    most = (max(1, round(shown[0] * dots)), max(1, round(shown[1] * dots)))
    drawn: PIL.Image.Image = given
    if most[0] < wide:
        # A JPEG is decoded at an eighth, quarter or half where that is enough.
        asked = most[::-1] if turned else most
        given.draft(None, asked)
        given.load()
        if given.mode in _FEW_COLOURS:
            drawn = _in_srgb(drawn)
        drawn.thumbnail(asked, Pillow.Resampling.LANCZOS, reducing_gap=3.0)
    turn = _TURNS.get(orientation)
    upright = drawn if turn is None else drawn.transpose(Pillow.Transpose(turn))
    made = _encoded(_in_srgb(upright), image.media_type, exif if image.keep_metadata else None)
    return Picture(*made, *shown)


class _Decoding:
    """Has Pillow refuse images that end too soon: it fills them up in grey once WeasyPrint was imported.

    That is a setting of the whole process, so that one image is decoded at a time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Start anew in a child of this process, in which nobody is decoding."""
        self._lock = threading.Lock()

    @contextmanager
    def refusing_what_is_cut_off(self) -> Iterator[None]:
        from PIL import ImageFile

        with self._lock:
            before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
            try:
                yield
            finally:
                ImageFile.LOAD_TRUNCATED_IMAGES = before


_DECODING = _Decoding()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_DECODING.forget)


def _exif_of(given: PIL.Image.Image) -> PIL.Image.Exif:
    """Return what a camera wrote, nothing where that is broken."""
    from PIL import Image as Pillow

    _hush_pillow()
    try:
        return given.getexif()
    except (OSError, ValueError, SyntaxError, TypeError, LookupError, struct.error, UserWarning):
        return Pillow.Exif()


@cache
def _hush_pillow() -> None:
    """Have Pillow print nothing of what is odd in EXIF; a program that asks for its warnings still gets them."""
    python_warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.TiffImagePlugin", append=True)


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__


def _opened(media_type: str, content: bytes, limits: Limits, place: Place | None) -> PIL.Image.Image:
    """Open an image as what it is by its first bytes, when its header says that it is not too large."""
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile
    from PIL.WebPImagePlugin import WebPImageFile

    if media_type == "image/webp":
        # Its decoder makes room for the picture when it is opened.
        _check_pixels(_webp_size(content), limits, place)
    if media_type == "image/png":
        # Of its checksums Pillow looks at none else.
        checked = PngImageFile(io.BytesIO(content))
        _check_pixels(checked.size, limits, place)
        checked.verify()
    kinds: Mapping[str, Callable[[io.BytesIO], PIL.Image.Image]] = {
        "image/jpeg": JpegImageFile,
        "image/png": PngImageFile,
        "image/webp": WebPImageFile,
    }
    opened = kinds[media_type](io.BytesIO(content))
    _check_pixels(opened.size, limits, place)
    return opened


def _check_pixels(size: tuple[int, int], limits: Limits, place: Place | None) -> None:
    if size[0] * size[1] > limits.pixels:
        raise limits.exceeded("pixels", f"the image has {size[0]:,} by {size[1]:,} pixels, more", place)


def _webp_size(content: bytes) -> tuple[int, int]:
    """Return width and height of a WebP by its first chunk (RFC 9649, 2.5 to 2.7)."""
    kind, data = content[12:16], content[20 : 20 + _WEBP_SIZED]
    if len(data) < _WEBP_SIZED:
        raise ValueError("it ends in its header")
    if kind == b"VP8X":
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    wide, high = struct.unpack("<HH", data[6:10])
    return wide & 0x3FFF, high & 0x3FFF


def _fitted(wide: float, high: float, width: float, height: float) -> tuple[float, float]:
    """Return the size in which a picture of so many pixels stands in a room: never larger than its pixels are."""
    scale = min(1.0, width / wide, height / high)
    return wide * scale, high * scale


def _in_srgb(image: PIL.Image.Image) -> PIL.Image.Image:
    """Return an image in the colours that all readers show, with transparency only where any of it is."""
    from PIL import ImageCms

    has_alpha = image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        image = converted or image
    if image.mode.startswith("I") or image.mode == "F":
        # Sixteen bits of grey: Pillow would cut them off instead of scaling them.
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    if has_alpha:
        with_alpha = image.convert("RGBA")
        least = with_alpha.getchannel("A").getextrema()[0]
        return with_alpha if least != _OPAQUE else with_alpha.convert("RGB")
    return image if image.mode in {"RGB", "L"} else image.convert("RGB")


def _encoded(image: PIL.Image.Image, media_type: str, exif: PIL.Image.Exif | None) -> tuple[str, bytes]:
    """Encode pixels: photographs as JPEG, what was a PNG or is transparent as PNG, which all formats hold.

    What a camera wrote stays where it is given, but that the picture is to be turned.
    """
    image.info = {}
    kept: dict[str, object] = {}
    if exif:
        if _ORIENTATION in exif:
            del exif[_ORIENTATION]
        kept["exif"] = exif.tobytes()
    data = io.BytesIO()
    if media_type == "image/png" or image.mode == "RGBA":
        image.save(data, "PNG", optimize=True, **kept)
        return "image/png", data.getvalue()
    image.save(data, "JPEG", quality=_QUALITY, optimize=True, subsampling="4:2:0", **kept)
    return "image/jpeg", data.getvalue()
