"""Jobs and reports as the service describes them."""

from __future__ import annotations

import math
from enum import IntEnum

from pydantic import ConfigDict, Field, field_validator

from icreport.model.json_object import JsonObject


class JobStatus(IntEnum):
    """Where a job is (protocol, Server Job); unknown numbers are UNKNOWN."""

    UNKNOWN = 0
    WAITING = 1
    STARTING = 2
    RUNNING = 3
    COMPLETED = 4
    FAILED = 5
    PAUSED = 6

    @classmethod
    def _missing_(cls, _value: object) -> JobStatus:
        return cls.UNKNOWN


class Job(JsonObject):
    """A job on the server; fields that we do not know are kept."""

    model_config = ConfigDict(strict=False)

    id: str
    status: JobStatus = JobStatus.UNKNOWN
    percent_complete: int | None = Field(default=None, alias="percentComplete")
    summary: str | None = None
    dismissed: bool = False

    @field_validator("percent_complete", mode="before")
    @classmethod
    def _clamp(cls, value: object) -> object:
        # Documented to exceed 100 at times.
        number = _number(value)
        return None if number is None else max(0, min(100, int(number)))

    @field_validator("status", mode="before")
    @classmethod
    def _status(cls, value: object) -> JobStatus:
        number = _number(value)
        return JobStatus.UNKNOWN if number is None else JobStatus(int(number))

    @field_validator("dismissed", mode="before")
    @classmethod
    def _is_dismissed(cls, value: object) -> bool:
        return value is True or (isinstance(value, str) and value.lower() == "true")


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


def _number(value: object) -> float | None:
    """Return a number that may have come as text, None for anything else."""
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def bare(job_id: str) -> str:
    """Return a job's id without the braces."""
    return job_id.strip().strip("{}").strip()


def braced(job_id: str) -> str:
    """Return a job's id as the server writes it, in braces."""
    return f"{{{bare(job_id)}}}"
