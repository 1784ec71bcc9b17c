"""Runs commands of ours against the double."""

import os

import commands
from icweb.server import CREDENTIALS


def run(*arguments, cwd, address=None, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ICREPORT_")}
    environment |= {"ICREPORT_SERVER": address, "ICREPORT_API_KEY": CREDENTIALS["APIKEY"]} if address else {}
    environment |= {"ICREPORT_BACKOFF": "0.01", "ICREPORT_CONFIG": "/nonexistent", **variables}
    done = commands.run(*arguments, cwd=cwd, env=environment)
    assert not [secret for secret in CREDENTIALS.values() if secret in done.stdout + done.stderr]
    assert "Traceback" not in done.stderr
    return done
