"""Has each Python with this folder in PYTHONPATH start its processes anew (`spawn`), the only way that Windows has."""

import multiprocessing

multiprocessing.set_start_method("spawn")
