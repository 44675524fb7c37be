"""Settling what a comparison of two lists found: by an act on the roster, or by a reason."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.checks.matching import differing_fields
from enterprises.domain.joining import NewUnit, add_unit
from enterprises.domain.reconciling import LIFECYCLE
from enterprises.domain.roster_changes import hold_units
from enterprises.domain.upkeep import Deed, RosterRefused, assign_credit_code, change_life, change_unit, move_unit
from enterprises.enums import ON_ROSTER
from enterprises.models import Difference, Enterprise, Reconciliation, User
from enterprises.models.reconciliation import Bucket, Outcome
from enterprises.queries.reconciliation import differences_for_user
from enterprises.rules import keeps_rosters
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event

PLACE = ("town", "category", "scale")
OWN = ("name", "address")
BY_REASON = {Outcome.KEPT, Outcome.EXPLAINED}


class Settled(Refused):
    """Somebody else has settled it, or the roster has changed since the lists were compared."""


@dataclass(frozen=True)
class Hand:
    """Who settles which difference, as seen in which version."""

    user: User
    difference_id: int
    seen_version: int


def take_over(*, hand: Hand, on: dt.date, reason: str, fields: Sequence[str] = ()) -> Difference:
    """Bring the unit's entry in the roster to what list B says: all differing fields, or those named.

    Side effects of every settling here, in order, in one transaction: the difference is locked; right, version and
    that it is open are checked; the acts on the roster with their own events (name and address, place and kind, code,
    return to the roster); outcome, person and time; event ``difference.settled``. A second call raises Settled and
    changes nothing. Raises Refused with the reason when the roster does not allow an act; then nothing is written.
    """
    with transaction.atomic():
        row = _hold(hand)
        wanted = [key for key in row.fields if not fields or key in fields]
        unit = _unit_as_compared(row, wanted)
        for act in _acts(row, wanted):
            unit = act(_deed(hand.user, unit, on, reason), unit)
        return _settle(row, hand.user, Outcome.TAKEN_OVER, reason, {"fields": wanted})


def add_to_roster(*, hand: Hand, unit: NewUnit, reason: str, not_the_same: str = "") -> Difference:
    """Enter the unit that list B names into the roster. Side effects and errors as take_over; raises LooksLike too."""
    with transaction.atomic():
        row = _hold(hand)
        if row.bucket != Bucket.ONLY_B or row.enterprise_id is not None:
            raise Settled(_("Only a unit that stands in list B alone can be added to the roster."))
        added = add_unit(user=hand.user, unit=unit, reason=reason, not_the_same=not_the_same)
        row.enterprise = added
        return _settle(row, hand.user, Outcome.ADDED, reason, {})


def mark_left(*, hand: Hand, on: dt.date, reason: str, written_off: bool = False) -> Difference:
    """Take a unit that list B no longer names off the roster. Side effects and errors as take_over."""
    with transaction.atomic():
        row = _hold(hand)
        if row.enterprise_id is None:
            raise Settled(_("This row is no unit of the roster: settle it with a reason."))
        unit = Enterprise.objects.get(pk=row.enterprise_id)
        deed = _deed(hand.user, unit, on, reason)
        change_life(deed=deed, step="write_off" if written_off else "close")
        return _settle(row, hand.user, Outcome.LEFT, reason, {"on": on.isoformat()})


def settle_by_reason(*, hand: Hand, outcome: str, reason: str = "") -> Difference:
    """Keep ours, with or without a reason, or explain the difference with one. Side effects and errors as take_over."""
    if Outcome(outcome) not in BY_REASON:
        raise ValueError(f"not settled by a reason alone: {outcome}")
    if outcome == Outcome.EXPLAINED and not reason:
        raise Refused(_("Write the reason. For example: the unit is a branch and reports with its head office."))
    with transaction.atomic():
        return _settle(_hold(hand), hand.user, Outcome(outcome), reason, {})


def pair(*, hand: Hand) -> Difference:
    """Say that a row of list B and the proposed row of list A are the same unit; return what now differs.

    Side effects beside those of take_over: the row of A is settled as paired, the row of B becomes one that differs.
    """
    with transaction.atomic():
        row = _hold(hand)
        other = Difference.objects.select_for_update(of=("self",)).filter(pk=row.near_id, outcome="").first()
        if row.bucket != Bucket.ONLY_B or other is None:
            raise Settled(_("The proposal no longer stands: the other row was settled meanwhile."))
        _settle(other, hand.user, Outcome.PAIRED, "", {"with": row.pk})
        row.bucket, row.near, row.a, row.a_row = Bucket.DIFFERS, None, other.a, other.a_row
        row.enterprise_id = row.enterprise_id or other.enterprise_id
        row.name, row.town_id = other.name, other.town_id or row.town_id
        row.fields = differing_fields(other.a, row.b, row.reconciliation.fields)
        row.version += 1
        row.save()
    return row


def drop_proposal(*, hand: Hand) -> Difference:
    """Say that the two rows proposed as one unit are two. A second call raises Settled."""
    with transaction.atomic():
        row = _hold(hand)
        row.near, row.version = None, row.version + 1
        row.save(update_fields=["near", "version"])
    return row


def open_again(*, hand: Hand) -> Difference:
    """Take back a settling that wrote nothing to the roster.

    Side effects, in order, in one transaction: outcome, reason, person and time are emptied; event
    ``difference.opened``. Raises Settled for one that did write, or that is open already.
    """
    with transaction.atomic():
        row = _hold(hand, is_open=False)
        if row.outcome not in BY_REASON:
            raise Settled(_("What was written to the roster is changed there, not here."))
        row.outcome, row.reason, row.settled_by, row.settled_at = "", "", None, None
        row.version += 1
        row.save(update_fields=["outcome", "reason", "settled_by", "settled_at", "version"])
        record_event(kind="difference.opened", actor=hand.user, about=row, enterprise_id=row.enterprise_id)
    return row


def settle_together(
    *,
    user: User,
    reconciliation_id: int,
    hands: Sequence[Hand],
    settle: Callable[[Hand], Difference],
    how: str,
    reason: str,
) -> list[tuple[int, str]]:
    """Settle several differences of one comparison as one act; return (difference, refusal) of those left open.

    ``settle`` is the act on one, ``how`` its name for the record. Side effects, in order, in one transaction: the
    differences and then their units are locked in the order of keys; each is settled as if it stood alone, with its own
    right, version and events, or left as it is; event ``differences.settled_together`` when one was settled. A second
    call finds the versions gone and settles nothing.
    """
    left = []
    with transaction.atomic():
        known = differences_for_user(user).filter(reconciliation=reconciliation_id)
        rows = Difference.objects.filter(pk__in=[hand.difference_id for hand in hands]).order_by("pk")
        units = rows.filter(pk__in=known.values("pk")).select_for_update(of=("self",))
        hold_units(enterprise_ids=[unit for unit in units.values_list("enterprise_id", flat=True) if unit])
        for hand in hands:
            try:
                with transaction.atomic():
                    settle(hand)
            except Refused as refused:
                left.append((hand.difference_id, str(refused)))
            except Difference.DoesNotExist:
                left.append((hand.difference_id, _("The unit has left your area or line since the page was opened.")))
        if len(left) < len(hands):
            record_event(
                kind="differences.settled_together",
                actor=user,
                about=Reconciliation.objects.get(pk=reconciliation_id),
                data={"how": how, "reason": reason, "settled": len(hands) - len(left), "left": len(left)},
            )
    return left


def _hold(hand: Hand, *, is_open: bool = True) -> Difference:
    """Return the difference locked. Raises Difference.DoesNotExist outside the person's scope."""
    keeps_rosters.check(hand.user)
    known = differences_for_user(hand.user).filter(pk=hand.difference_id).values("pk")
    rows = Difference.objects.select_for_update(of=("self",)).select_related("reconciliation", "settled_by")
    row = rows.get(pk__in=known)
    if row.version != hand.seen_version or (row.outcome == "") is not is_open:
        said = {"name": row.settled_by.name if row.settled_by else "", "outcome": row.get_outcome_display()}
        if row.outcome:
            raise Settled(_("%(name)s settled this meanwhile: %(outcome)s.") % said)
        raise Settled(_("This line has changed since you opened the page. Look at it again."))
    return row


def _settle(row: Difference, user: User, outcome: Outcome, reason: str, data: dict[str, Any]) -> Difference:
    row.outcome, row.reason, row.settled_by, row.settled_at = outcome, reason[:500], user, clock.now()
    row.version += 1
    row.save(update_fields=["outcome", "reason", "settled_by", "settled_at", "version", "enterprise"])
    record_event(
        kind="difference.settled",
        actor=user,
        about=row,
        enterprise_id=row.enterprise_id,
        data={"outcome": outcome.value, "reason": row.reason, **data},
    )
    return row


def _deed(user: User, unit: Enterprise, on: dt.date, reason: str) -> Deed:
    return Deed(user, unit.pk, unit.version, on, reason)


def _unit_as_compared(row: Difference, fields: Sequence[str]) -> Enterprise:
    """Return the unit, which must still stand as it was compared in the fields to be written."""
    if row.bucket != Bucket.DIFFERS or row.enterprise_id is None:
        raise Settled(_("This row is no unit of the roster: settle it with a reason."))
    unit = Enterprise.objects.select_related("category").get(pk=row.enterprise_id)
    if not row.reconciliation.a_file:
        standing = standing_values(unit)
        if any(standing[key] != row.a.get(key) for key in fields):
            raise Settled(_("The roster's entry was changed after the lists were compared. Compare them again."))
    return unit


def standing_values(unit: Enterprise) -> dict[str, Any]:
    """Return what the roster says of a unit now, by the columns of a comparison."""
    return {
        "name": unit.name,
        "code": unit.code,
        "category": unit.category_id,
        "town": unit.town_id,
        "address": unit.address,
        "scale": unit.scale,
        LIFECYCLE: unit.lifecycle,
    }


def _acts(row: Difference, fields: Sequence[str]) -> list:
    """Return the acts on the roster that bring the fields to what B says: the return first, for the others need it."""
    acts = []
    if LIFECYCLE in fields and row.a.get(LIFECYCLE) not in ON_ROSTER:
        acts.append(lambda deed, unit: change_life(deed=deed, step="return"))
    if any(key in fields for key in OWN):
        acts.append(lambda deed, unit: _change(deed, unit, row.b, fields))
    if any(key in fields for key in PLACE):
        acts.append(lambda deed, unit: _move(deed, unit, row.b, fields))
    if "code" in fields:
        acts.append(lambda deed, unit: _code(deed, unit, row.b["code"]))
    return acts


def _change(deed: Deed, unit: Enterprise, b: dict[str, Any], fields: Sequence[str]) -> Enterprise:
    name = b["name"] if "name" in fields else unit.name
    values = {"address": b["address"]} if "address" in fields else {}
    return change_unit(deed=deed, name=name, values=values)


def _move(deed: Deed, unit: Enterprise, b: dict[str, Any], fields: Sequence[str]) -> Enterprise:
    wanted: dict[str, Any] = {"town": unit.town_id, "category": unit.category_id, "scale": unit.scale}
    wanted |= {key: b[key] for key in PLACE if key in fields}
    return move_unit(deed=deed, town_id=wanted["town"], category_id=wanted["category"], scale=wanted["scale"])


def _code(deed: Deed, unit: Enterprise, code: str) -> Enterprise:
    if unit.credit_code:
        raise RosterRefused(
            _(
                "The unit has the credit code %(code)s. A credit code is not replaced here: find out which of the two "
                "is right, and settle this with a reason."
            )
            % {"code": unit.credit_code}
        )
    return assign_credit_code(deed=deed, credit_code=code)
