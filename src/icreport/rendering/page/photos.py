"""Images on a page: those that follow each other stand two by two, one that stands alone is larger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icreport.errors import Place
    from icreport.model.image import Image
    from icreport.rendering.pictures import Picture
    from icreport.rendering.renderer import Sink

Room = tuple[float, float]
"""Width and height in CSS pixels."""


class Photos:
    """The images of one page; `half` and `whole` are the rooms of one of two side by side, and of one alone.

    The first image of a row waits until it is known whether another follows; no other is held.
    """

    def __init__(self, half: Room, whole: Room, render: Callable[..., str]) -> None:
        self.any = False
        self._rooms = half, whole
        self._render = render
        self._waiting: tuple[Image, Place, str] | None = None
        self._under_way = False

    def add(self, image: Image, place: Place, name: str, sink: Sink) -> Iterator[str]:
        """Yield what can be shown when an image has come."""
        self.any = True
        if self._waiting is None and not self._under_way:
            self._waiting = image, place, name
            return
        if self._waiting is not None:
            yield '<div class="photos">\n'
            yield self._figure(*self._waiting, self._rooms[0], sink)
            self._waiting, self._under_way = None, True
        yield self._figure(image, place, name, self._rooms[0], sink)

    def end(self, sink: Sink) -> Iterator[str]:
        """Yield the end of the images that follow each other, before anything else comes."""
        if self._waiting is not None:
            yield '<div class="photos alone">\n'
            yield self._figure(*self._waiting, self._rooms[1], sink)
        if self._waiting is not None or self._under_way:
            yield "</div>\n"
        self._waiting, self._under_way = None, False

    def _figure(self, image: Image, place: Place, name: str, room: Room, sink: Sink) -> str:
        from icreport.rendering.pictures import LostImageError, prepare  # few reports have images

        picture: Picture | None = None
        try:
            picture = prepare(image, *room, sink.limits, place)
        except LostImageError as lost:
            sink.warnings.add("lost-image", f"the image is not shown: {lost}", place)
        return self._render(image, name, picture)
