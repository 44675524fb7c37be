"""Addresses of the rows of a table: the pattern is asked once, not once a row."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, reverse

PLACEHOLDER = 1_000_000_007


@cache
def _around(name: str) -> tuple[str, str] | None:
    try:
        before, _key, after = reverse(name, args=[PLACEHOLDER]).partition(str(PLACEHOLDER))
    except NoReverseMatch:
        return None
    return before, after


def row_address(name: str) -> Callable[[Any], str]:
    """Return a function of a row that gives the address called ``name`` with its key, or nothing where there is none.

    A page of a higher floor is known by the name of its address alone.
    """

    def address(row: Any) -> str:
        found = _around(name)
        return f"{found[0]}{row.pk}{found[1]}" if found else ""

    return address
