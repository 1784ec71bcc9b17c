"""Runs commands of ours in this process: to start one takes longer than most commands do.

Where the process itself is the matter (signals, terminals, pipes that close, what comes at its exit), tests start one.
"""

import io
import logging
import os
import signal
import subprocess
import sys

import pytest

from icreport.cli import main
from icreport.host import ending_signals


class Pipe(io.BytesIO):
    """Bytes that cannot be sought in, as those of standard streams."""

    def seekable(self):
        return False


def stream(data=b"", errors="strict"):
    return io.TextIOWrapper(Pipe(data), "utf-8", errors)


def be_in(environment):
    """Change the environment to the given one, but not what is so already: threads may be reading it."""
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in environment.items() if os.environ.get(name) != value})


def run(*arguments, given=b"", cwd=None, env=None, text=True):
    """Run a command and give what `subprocess.run` gives, as text or as bytes."""
    words = [str(word) for word in arguments]
    streams = {
        "stdin": stream(given.encode() if isinstance(given, str) else given or b""),
        "stdout": stream(),
        "stderr": stream(errors="backslashreplace"),
    }
    handlers = {number: signal.getsignal(number) for number in ending_signals()}
    logger, items = logging.getLogger("icreport"), logging.getLogger("icreport.batch.items")
    before = logger.handlers[:], logger.level, items.propagate
    environment = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**streams, "argv": ["icreport", *words]}.items():
            patch.setattr(sys, name, value)
        if cwd is not None:
            patch.chdir(cwd)
        logger.handlers[:] = []
        try:
            be_in(environment if env is None else env)
            main()
        except SystemExit as left:
            status = left.code
        finally:
            be_in(environment)
            logger.handlers[:], level, items.propagate = before
            logger.setLevel(level)
            for number, handler in handlers.items():
                signal.signal(number, handler)
    said = []
    for one in (streams["stdout"], streams["stderr"]):
        one.flush()
        data = one.buffer.getvalue()
        said.append(data.decode().replace("\r\n", "\n") if text else data)
    return subprocess.CompletedProcess(words, status, *said)
