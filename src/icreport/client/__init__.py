"""The service: from a report's key or a job's id to its content.

`Client` holds a session with one IC-Web server; `Job`, `JobContent` and `ReportDetails` are what it gives.
"""

from icreport.client.client import Client, connect
from icreport.client.content import JobContent
from icreport.client.jobs import Job, JobStatus, ReportDetails, ReportParameter

__all__ = ["Client", "Job", "JobContent", "JobStatus", "ReportDetails", "ReportParameter", "connect"]
