"""Imports that worker processes share, done once by the fork server."""

from contextlib import suppress

import icreport.batch.worker
import icreport.rendering.registry
from icreport.errors import RenderError
from icreport.rendering.pdf.libraries import require_libraries

with suppress(RenderError):
    require_libraries()
    import icreport.rendering.pdf.weasyprint_inside.text_stream

icreport.rendering.registry.formats()
