import json

import fsspec
import pytest
from moto.server import ThreadedMotoServer


def report(number, rows=3):
    """A small report document whose content tells its number."""
    lines = [
        {"sourceKey": row, "cells": [{"value": f"AN-{number:04}-{row}"}, {"value": row / 4}]} for row in range(rows)
    ]
    data = {"columns": [{"caption": "No."}, {"caption": "Depth"}], "rows": lines}
    return {"name": f"Report {number}", "elements": [{"type": "table", "caption": "Anomalies", "data": data}]}


@pytest.fixture(autouse=True)
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.fixture(scope="session")
def s3():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        system = fsspec.filesystem("s3")
        system.mkdir("reports")
        yield system
    server.stop()


@pytest.fixture
def reports(tmp_path):
    """A folder with a number of small reports."""

    def make(count, folder="in"):
        place = tmp_path / folder
        place.mkdir()
        for number in range(count):
            (place / f"r{number:03}.json").write_text(json.dumps(report(number)))
        return place

    return make


def contents(folder):
    """All that is in a folder but the journal, hidden files included."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".jsonl"}
