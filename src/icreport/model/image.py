"""An image in a report: its bytes, what is under it, and what is said of it to those who do not see it."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from icreport.errors import UsageError
from icreport.limits import Limits
from icreport.model.elements import Element
from icreport.model.formats import Format
from icreport.model.json_object import JsonObject, Shortened
from icreport.model.notebook import image_html

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

MediaType = Literal["image/jpeg", "image/png", "image/webp", "image/svg+xml"]
SVG = "image/svg+xml"

_NAMES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP", SVG: "SVG"}
_SUFFIXES = {
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif"), "image/jpeg"),
    ".png": "image/png",
    ".webp": "image/webp",
    ".svg": SVG,
}
_STARTS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
_LOOKED_AT = 4096
_LONGEST_ALT = 10_000


def media_type_of(content: bytes) -> str | None:
    """Return what an image is by its first bytes, None where it is none of those that reports hold."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    head = content[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()
    return SVG if head.startswith(b"<") and b"<svg" in head else None


def kind_name(media_type: str) -> str:
    """Return what a person calls a kind of image."""
    return _NAMES.get(media_type, media_type)


def _decoded(content: str) -> bytes:
    try:
        return binascii.a2b_base64("".join(content.split()).encode("ascii"), strict_mode=True)
    except ValueError:
        raise ValueError("its content is not base64") from None


def _check_content(content: str) -> str:
    _decoded(content)
    return content


class ImageFormat(Format):
    """How an image is shown."""

    keep_metadata: bool | None = Field(
        default=None, description="Keep position, times and serial numbers that a camera wrote into the file."
    )


class ImageData(JsonObject):
    """The `data` of an image: its bytes as base64 (RFC 4648)."""

    format: ImageFormat | None = Field(default=None, alias="icreport")
    media_type: MediaType
    content: Annotated[str, AfterValidator(_check_content)]
    alt: Annotated[str, Field(max_length=_LONGEST_ALT)] | None = None

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        found = media_type_of(_decoded(self.content))
        if found is None:
            raise ValueError("its content is no JPEG, PNG, WebP or SVG")
        if found != self.media_type:
            raise ValueError(f"its content is {kind_name(found)}, not {kind_name(self.media_type)} as it says")
        return self

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        yield "media_type", self.media_type
        yield "content", Shortened(self.content)


class Image(Element):
    """An image; by hand of a path, bytes or a file: `Image("weld.jpg", caption="Weld 12", alt="A crack at its toe")`.

    What a camera wrote beside the picture is left out of documents, unless it is kept on purpose (`keep_metadata`).
    """

    type: Literal["image"] = "image"
    data: ImageData

    def __init__(
        self,
        source: str | os.PathLike[str] | bytes | BinaryIO | None = None,
        *,
        caption: str | None = None,
        alt: str | None = None,
        keep_metadata: bool = False,
        data: ImageData | Mapping[str, object] | None = None,
        type: Literal["image"] = "image",
    ) -> None:
        """Make an image of a JPEG, PNG, WebP or SVG; raises `UsageError`.

        Position, times and serial numbers that a camera wrote are left out of documents, unless `keep_metadata`.
        """
        if (source is None) == (data is None):
            raise UsageError("an Image has a source or data", remedy="say one of them")
        if source is not None:
            data = _data(*_read(source), alt, keep_metadata=keep_metadata)
        elif alt is not None or keep_metadata:
            raise UsageError("an Image has data and alt", remedy="data holds it; say one of them")
        fields = {} if caption is None else {"caption": caption}
        super().__init__(type=type, **fields, data=data)

    @property
    def media_type(self) -> str:
        """What it is: `image/jpeg`, `image/png`, `image/webp` or `image/svg+xml`."""
        return self.data.media_type

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return _decoded(self.data.content)

    @property
    def alt(self) -> str | None:
        """What it shows, for those who do not see it."""
        return self.data.alt

    @property
    def keep_metadata(self) -> bool:
        """Whether what a camera wrote beside the picture stays in documents."""
        return bool(self.data.format and self.data.format.keep_metadata)

    def _repr_html_(self) -> str:
        return image_html(self)


def _read(source: str | os.PathLike[str] | bytes | BinaryIO) -> tuple[bytes, str]:
    """Return the bytes of a source and its name, empty where it has none."""
    most = Limits.from_environment().image
    if isinstance(source, bytes | bytearray | memoryview):
        content, name = bytes(source), ""
    elif isinstance(source, str | os.PathLike):
        name = os.fspath(source)
        try:
            with Path(name).open("rb") as file:
                content = file.read(most + 1)
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or error
            raise UsageError(f"the image {name!r} cannot be read: {said}") from None
    elif hasattr(source, "read"):
        content, name = source.read(most + 1), str(getattr(source, "name", ""))
        if not isinstance(content, bytes):
            raise UsageError("the file of an image gives text", remedy="open it in binary mode")
    else:
        raise UsageError(f"an image is a {type(source).__name__}, not a path, bytes or file")
    if len(content) > most:
        raise Limits.from_environment().exceeded("image", f"the image{f' {name!r}' * bool(name)} has more bytes")
    return content, name


def _data(content: bytes, name: str, alt: str | None, *, keep_metadata: bool) -> dict[str, object]:
    told = f"the image {name!r}" if name else "the image"
    found = media_type_of(content)
    if found is None:
        raise UsageError(f"{told} is no JPEG, PNG, WebP or SVG" if content else f"{told} is empty")
    said = _SUFFIXES.get(PurePath(name).suffix.lower())
    if said not in {None, found}:
        raise UsageError(f"{told} is {kind_name(found)}, not {kind_name(str(said))} as its name says")
    data: dict[str, object] = {"icreport": {"keep_metadata": True}} if keep_metadata else {}
    data |= {"media_type": found, "content": base64.b64encode(content).decode()}
    return data if alt is None else data | {"alt": alt}


IMAGE_SUFFIXES = tuple(_SUFFIXES)
MEDIA_TYPES: tuple[str, ...] = get_args(MediaType)
