"""Many conversions, on all cores or a cluster: journalled, resumable, and none lost for the failure of another."""

from icreport.batch.records import ErrorRecord, ItemRecord, TargetRecord
from icreport.batch.running import BatchProgress, BatchResult, convert_many

__all__ = ["BatchProgress", "BatchResult", "ErrorRecord", "ItemRecord", "TargetRecord", "convert_many"]
