"""The one standard of training (四统一): its four names and the test's rule, kept by the city's office."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from enterprises.models import User
from review.models import TrainingStandard
from review.rules import keeps_standard
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.shipped_rows import Tally

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "training_standard.json"


def shipped_standard() -> dict[str, Any]:
    """Return what the system ships until the office writes its own (示例口径)."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def standing_standard() -> TrainingStandard:
    """Return the standard as it stands; where nobody loaded or wrote one, the one that ships, not saved."""
    return TrainingStandard.objects.filter(pk=1).first() or TrainingStandard(pk=1, **shipped_standard())


def ship_standard() -> Tally:
    """Load the standard that ships, once: what the office made of it stays."""
    _row, created = TrainingStandard.objects.get_or_create(pk=1, defaults=shipped_standard())
    return Tally(1, int(created))


def save_standard(
    *, user: User, respects: Sequence[str], questions: int, pass_mark: int, seen_version: int
) -> TrainingStandard:
    """Write the names of the four respects and the test's rule; sessions made from now on take the rule over.

    Side effects, in order, in one transaction: the row is locked; right and version are asked; the row; event
    ``training.standard`` with old and new. What stands already changes nothing. Raises Refused, ContentConflict.
    """
    new = {"respects": list(respects), "questions": questions, "pass_mark": pass_mark}
    keeps_standard.check(user)
    ship_standard()
    with transaction.atomic():
        row = TrainingStandard.objects.select_for_update().get(pk=1)
        old = {name: getattr(row, name) for name in new}
        if old == new:
            return row
        if row.version != seen_version:
            raise ContentConflict(theirs=old, yours=new, version=row.version)
        for name, value in new.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        record_event(kind="training.standard", actor=user, about=row, data={"old": old, "new": new})
    return row
