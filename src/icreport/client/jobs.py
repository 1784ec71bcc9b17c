"""What the service tells of jobs and reports."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from pydantic import ConfigDict, Field, field_validator

from icreport.model.json_object import JsonObject


class JobStatus(IntEnum):
    """Where a job is (protocol, Server Job); numbers that nobody knows are UNKNOWN."""

    UNKNOWN = 0
    WAITING = 1
    STARTING = 2
    RUNNING = 3
    COMPLETED = 4
    FAILED = 5
    PAUSED = 6

    @classmethod
    def _missing_(cls, value: object) -> JobStatus:  # noqa: ARG003
        return cls.UNKNOWN


class Job(JsonObject):
    """A job on the server; fields that we do not know are kept."""

    model_config = ConfigDict(strict=False)

    id: str
    status: JobStatus = JobStatus.UNKNOWN
    percent_complete: int | None = Field(default=None, alias="percentComplete")
    summary: str | None = None

    @field_validator("percent_complete", mode="before")
    @classmethod
    def _clamp(cls, value: Any) -> Any:
        # Documented to exceed 100 at times.
        return max(0, min(100, int(value))) if isinstance(value, int | float) else None

    @field_validator("status", mode="before")
    @classmethod
    def _status(cls, value: Any) -> JobStatus:
        return JobStatus(int(value)) if isinstance(value, int | float) else JobStatus.UNKNOWN


class ReportParameter(JsonObject):
    """A parameter that a report asks for."""

    model_config = ConfigDict(strict=False)

    name: str = Field(alias="parameterName")
    display_name: str | None = Field(default=None, alias="displayName")
    required: bool = False
    multi_select: bool = Field(default=False, alias="multiSelect")


class ReportDetails(JsonObject):
    """A report that the server can run."""

    model_config = ConfigDict(strict=False)

    name: str | None = None
    parameters: list[ReportParameter] = Field(default_factory=list)


def bare(job_id: str) -> str:
    """Give a job's id without the braces."""
    return job_id.strip().strip("{}").strip()


def braced(job_id: str) -> str:
    """Give a job's id as the server writes it, in braces."""
    return f"{{{bare(job_id)}}}"
