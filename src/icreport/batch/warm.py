"""Imports that worker processes share, done once by the fork server."""

from contextlib import suppress

import icreport.batch.worker
import icreport.rendering.registry

with suppress(OSError):  # without Pango
    import icreport.rendering.pdf.weasyprint_inside.text_stream

icreport.rendering.registry.formats()
