"""All that stands in the place of parts of WeasyPrint and pydyf; it does as they do for documents that are not ours."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pydyf
import weasyprint.css
import weasyprint.layout.inline
from weasyprint.svg import Node

from icreport.rendering.pdf.weasyprint_inside.drawn_texts import text
from icreport.rendering.pdf.weasyprint_inside.leaders import handle_leader
from icreport.rendering.pdf.weasyprint_inside.ours import IS_OURS
from icreport.rendering.pdf.weasyprint_inside.page_references import page_references
from icreport.rendering.pdf.weasyprint_inside.shared_styles import SharedStyles

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def our_documents() -> Iterator[None]:
    """Have the documents that are laid out or drawn within be ours."""
    token = IS_OURS.set(True)
    try:
        yield
    finally:
        IS_OURS.reset(token)


Node.text = property(text)
weasyprint.css.StyleFor = SharedStyles
weasyprint.layout.inline.handle_leader = handle_leader
pydyf.PDF.page_references = property(page_references)
