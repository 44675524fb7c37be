"""Notices: what a person should know, in their own language when they read it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from riskreport.ground import clock
from riskreport.ground.models import Event, Notice

_texts: dict[str, Any] = {}


def register_notice(kind: str, text: Any) -> None:
    """Declare the words of a kind of notice: a lazy translation with %(name)s places for its data."""
    _texts[kind] = text


def notice_text(notice: Notice) -> str:
    """Return the notice in the active language; a kind or data this release cannot word shows the kind's name.

    One line that cannot be worded must not close the whole inbox.
    """
    try:
        return str(_texts[notice.kind]) % notice.data
    except (KeyError, TypeError, ValueError):
        return notice.kind


def send_notice(*, user_ids: Iterable[int], kind: str, event: Event | None, data: dict, url: str = "") -> int:
    """Put a notice into each inbox, once per person, event and kind. Returns how many people were addressed."""
    if kind not in _texts:
        raise KeyError(kind)
    moment = clock.now()
    rows = [
        Notice(user_id=user_id, event=event, kind=kind, data=data, url=url, created_at=moment)
        for user_id in sorted(set(user_ids))
    ]
    with transaction.atomic():
        Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def read_notices(*, user: Any, notice_ids: Iterable[int] | None = None) -> int:
    """Mark the person's own notices as read, all of them when none are named. Returns how many changed."""
    rows = Notice.objects.filter(user=user, read_at=None)
    if notice_ids is not None:
        rows = rows.filter(pk__in=list(notice_ids))
    return rows.update(read_at=clock.now())
