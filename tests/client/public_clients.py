"""Runs generate → status → content with both public clients: `python public_clients.py ADDRESS API_KEY VERSION`."""

import sys

from NexusPythonWrapper.clients.reports import OutputTypes
from NexusPythonWrapper.nexus_wrapper import NexusWrapper
from pynexusic.NEXUSIC_RESTAPI import NEXUSIC_REST

address, key, version = sys.argv[1:]
parameters = [{"parameterName": "Component_ID", "value": 12}]

first = NEXUSIC_REST(address, api_key=key)
job, code = first.generateReport_v2(report_id=3, format="JSON", parameters=parameters)
assert code == 200, job
for _ in range(3):
    status, code = first.jobStatus(job["id"])
    assert code == 200, status
assert status["status"] == 4, status
raw, code = first.jobContent(job["id"])
assert b"Table of Data" in raw.read()

if version == "6.9":
    # Written for 6.9: it logs in by POST only.
    with NexusWrapper(f"{address}/", "APIKEY", api_key=key) as second:
        job = second.reports.generate_report(3, OutputTypes.JSON, parameters).first
        for _ in range(3):
            status = second.jobs.status(job["id"]).first
        assert status["status"] == 4, status
        content = second.jobs.content(job["id"])
        assert content.first["elements"][0]["caption"] == "Table of Data", content
print("satisfied")
