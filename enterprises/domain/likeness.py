"""Keeping the keys by which units are compared, and what was found of two that look alike."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from enterprises.checks.likeness import keys_of
from enterprises.domain.roster_changes import RosterAct, RosterChange
from enterprises.models import Enterprise, Likeness, NotTheSame, User
from enterprises.rules import may_keep
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.many_rows import write_rows

CHUNK = 5000


def refresh_likeness(*, enterprise_ids: Iterable[int]) -> None:
    """Write the keys of these units anew from their names and addresses; a second call changes nothing."""
    ids = sorted(set(enterprise_ids))
    for start in range(0, len(ids), CHUNK):
        units = Enterprise.objects.filter(pk__among=set(ids[start : start + CHUNK])).values_list(
            "pk", "name", "address"
        )
        write_rows(
            Likeness,
            ("enterprise_id", "name_key", "address_key"),
            ((pk, *keys_of(name, address)) for pk, name, address in units),
            key="enterprise_id",
        )


def follow_names(changes: Sequence[RosterChange], user: User | None) -> None:
    """Follow the roster: a unit that is new, or whose name or address changed, is compared by its new keys."""
    told = (change for change in changes if change.act != RosterAct.LEFT)
    touched = [change.enterprise_id for change in told if not change.old or {"name", "address"} & set(change.new)]
    refresh_likeness(enterprise_ids=touched)


def settle_not_the_same(*, user: User, units: tuple[int, int], reason: str) -> NotTheSame:
    """Keep that two units which look alike are two, with the reason; they are not asked about again.

    Side effects, in order: the row; event ``enterprise.not_the_same`` about the newer one. A second call changes
    nothing. Raises Refused unless the person keeps one of the two, Enterprise.DoesNotExist.
    """
    first, second = sorted(units)
    with transaction.atomic():
        known = NotTheSame.objects.filter(first=first, second=second).first()
        if known is not None:
            return known
        rows = [Enterprise.objects.select_related("category").get(pk=pk) for pk in (first, second)]
        answers = [may_keep(user, row) for row in rows]
        if not any(answer.allowed for answer in answers):
            may_keep.check(user, rows[1])
        row = NotTheSame.objects.create(
            first=rows[0], second=rows[1], reason=reason, decided_by=user, decided_at=clock.now()
        )
        record_event(
            kind="enterprise.not_the_same",
            actor=user,
            about=rows[1],
            enterprise_id=second,
            data={"reason": reason, "other": first},
        )
    return row
