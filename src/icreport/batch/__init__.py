"""Many conversions, on all cores or a cluster: journalled, resumable, and none lost for the failure of another."""

from icreport.batch.records import ErrorRecord, ItemRecord, TargetRecord
from icreport.batch.result import BatchProgress, BatchResult
from icreport.batch.running import convert_many

__all__ = ["BatchProgress", "BatchResult", "ErrorRecord", "ItemRecord", "TargetRecord", "convert_many"]
