"""What worker processes have in common, imported once by the server that they are forked from."""

from contextlib import suppress

import icreport.batch.worker
import icreport.rendering.registry

with suppress(OSError, ImportError):
    import icreport.rendering.pdf.boxes

icreport.rendering.registry.formats()
