"""What the running request is called, for events and log lines; from where it comes."""

from contextvars import ContextVar
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """Return the id of the running request or task, or an empty string."""
    return _request_id.get()


def set_request_id(value: str) -> None:
    """Name the running request or task."""
    _request_id.set(value[:32])


def client_address(request: HttpRequest) -> str:
    """Return the network address a request comes from; behind a proxy the one that our own proxy saw.

    The proxy adds what it saw at the end of X-Forwarded-For; what stands before may be the sender's invention.
    """
    if settings.BEHIND_PROXY:
        try:
            return str(ip_address(request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()))
        except ValueError:
            pass
    return request.META.get("REMOTE_ADDR", "")
