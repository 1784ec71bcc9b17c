"""Runs commands of ours against the double."""

import os
import subprocess
import sys

from icweb.server import CREDENTIALS


def run(*arguments, cwd, address=None, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ICREPORT_")}
    environment |= {"ICREPORT_SERVER": address, "ICREPORT_API_KEY": CREDENTIALS["APIKEY"]} if address else {}
    environment |= {"ICREPORT_BACKOFF": "0.01", "ICREPORT_CONFIG": "/nonexistent", **variables}
    command = [sys.executable, "-m", "icreport", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)
    assert not [secret for secret in CREDENTIALS.values() if secret in done.stdout + done.stderr]
    assert "Traceback" not in done.stderr
    return done
