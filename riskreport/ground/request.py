"""What the running request is called, for events and log lines."""

from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """Return the id of the running request or task, or an empty string."""
    return _request_id.get()


def set_request_id(value: str) -> None:
    """Name the running request or task."""
    _request_id.set(value[:32])
