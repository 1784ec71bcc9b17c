"""The libraries that lay out text are opened without a search for them, which would start a compiler."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a search starts nothing")

OPENED = """
from weasyprint.text import ffi
print([name for name in ("gobject", "pango", "harfbuzz", "harfbuzz_subset", "harfbuzz_vector", "fontconfig", "pangoft2")
       if getattr(ffi, name) is not None])
"""
REQUIRED = "from icreport.rendering.pdf.libraries import require_libraries\nrequire_libraries()\n"
STARTS_NOTHING = """
import sys
sys.addaudithook(lambda event, given: sys.exit(f"{given[0]} was started") if event == "subprocess.Popen" else None)
"""
ONLY_WHERE_SEARCHED_FOR = """
import cffi, ctypes.util
search, dlopen = ctypes.util.find_library, cffi.FFI.dlopen
def searched(self, name, flags=0):
    if ctypes.util.find_library is not search:
        raise OSError(f"cannot load library {name!r}")
    return dlopen(self, name, flags)
cffi.FFI.dlopen = searched
"""
IN_ANOTHER_THREAD = """
import ctypes.util, sys, threading
found = []
def asked():
    thread = threading.Thread(target=lambda: found.append(ctypes.util.find_library("c")))
    thread.start()
    thread.join()
sys.addaudithook(lambda event, given: asked() if event == "import" and given[0] == "weasyprint.text.ffi" else None)
"""
IN_TWO_THREADS_AT_ONCE = """
import ctypes.util, sys, threading, warnings
from icreport.rendering.pdf.libraries import require_libraries
def shared():
    return [sys.stdout, ctypes.util.find_library, warnings.filters]
before = shared()
second = threading.Thread(target=require_libraries)
IS_OPENING = "import", "weasyprint.text.ffi"
sys.addaudithook(lambda event, given: second.start() if (event, *given[:1]) == IS_OPENING else None)
require_libraries()
second.join()
print([one is other for one, other in zip(before, shared(), strict=True)], file=sys.__stdout__)
"""


def printed(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_the_same_libraries_are_opened_as_by_a_search_and_no_process_is_started():
    assert printed(STARTS_NOTHING + REQUIRED + OPENED) == printed("import weasyprint" + OPENED)


def test_libraries_that_have_other_names_here_are_searched_for():
    assert printed(ONLY_WHERE_SEARCHED_FOR + REQUIRED + OPENED) == printed("import weasyprint" + OPENED)


def test_another_thread_may_search_meanwhile_and_everybody_afterwards():
    after = "import ctypes.util\nprint(found[0] == ctypes.util.find_library('c') is not None)"
    assert printed(IN_ANOTHER_THREAD + REQUIRED + after) == "True\n"


def test_two_threads_that_need_them_at_once_leave_output_and_searches_as_they_were():
    assert printed(IN_TWO_THREADS_AT_ONCE) == "[True, True, True]\n"
