"""Whether the document under way is ours: WeasyPrint may be at work for others in the same process."""

from contextvars import ContextVar

IS_OURS: ContextVar[bool] = ContextVar("is_ours", default=False)
