"""How values are written: on screen as text, in a workbook as what they are."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

NONE_TEXT = "—"


def text_of_date(value: dt.date | None) -> str:
    """Write a date the same way in every language: 2022-03-01."""
    return value.isoformat()[:10] if value else ""


def text_of_moment(value: dt.datetime | None) -> str:
    """Write a moment in the city's time: 2022-03-01 14:05."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


def text_of(value: Any, kind: str) -> str:
    """Return a value of ``kind`` as text; nothing known gives an empty text, zero and False do not."""
    if value is None or value == "":
        return ""
    if kind == "bool":
        return _("Yes") if value else _("No")
    if kind == "date":
        return text_of_date(value)
    if kind == "datetime":
        return text_of_moment(value)
    return str(value)


def mask_phone(value: str | None) -> str:
    """Hide the middle of a telephone number: 13812345678 becomes 138****5678; a short one keeps its last two digits."""
    text = (value or "").strip()
    if len(text) >= 11:
        return f"{text[:3]}****{text[-4:]}"
    return f"****{text[-2:]}" if len(text) > 2 else "****" if text else ""


def mask_name(value: str | None) -> str:
    """Keep the first character of a person's name: 张**."""
    text = (value or "").strip()
    return text[:1] + "*" * (len(text) - 1) if text else ""
