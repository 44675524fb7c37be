"""What the running request is called, for events and log lines; from where it comes."""

from collections.abc import Iterable
from contextvars import ContextVar
from ipaddress import ip_address
from typing import Any

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


MOST_DIGITS = 18  # what a column of a number can hold


def whole_number(text: Any) -> int | None:
    """Return the whole number that a form or an address says, None when it says none or one no column could hold."""
    said = str(text)
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS else None


def whole_numbers(texts: Iterable[Any]) -> list[int]:
    """Return those that are whole numbers."""
    return [number for number in map(whole_number, texts) if number is not None]


def picked_versions(values: Iterable[str]) -> dict[int, int]:
    """Return the version seen of each ticked row: a box says ``row:version``, others are left out."""
    pairs = (value.split(":", 1) for value in values if value.count(":") == 1)
    numbers = ((whole_number(pk), whole_number(version)) for pk, version in pairs)
    return {pk: version for pk, version in numbers if pk is not None and version is not None}
