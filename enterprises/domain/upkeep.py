"""Upkeep of the roster, one unit at a time: its data, place, life and codes. Each act has a day and a reason."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from enterprises.domain.basic_information import UNIT_LABEL, differing, read_basic, store_basic
from enterprises.domain.roster_changes import RosterAct, RosterChange, announce_roster, hold_units
from enterprises.enums import ON_ROSTER, Lifecycle
from enterprises.models import Category, Enterprise, EnterpriseCategory, User
from enterprises.rules import may_hand_over, may_keep
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import Line, record_event
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer


class RosterRefused(Refused):
    """An act that the roster does not allow now; the text says why and what would be possible."""


class StaleUnit(Refused):
    """The unit's entry has changed since the person saw it. ``unit`` is what stands."""

    def __init__(self, unit: Enterprise) -> None:
        self.unit = unit
        super().__init__(
            _("The entry of this unit was changed meanwhile. Compare what stands now with what you wrote, then decide.")
        )


@dataclass(frozen=True)
class Deed:
    """Who acts on which unit, as seen in which version, from which day and why; ``key`` makes repeating harmless."""

    user: User
    enterprise_id: int
    seen_version: int
    on: dt.date
    reason: str
    key: str = ""


@dataclass
class Change:
    """What an act writes: the kind of event and of roster act, columns, and what differs as the history tells it."""

    kind: str
    act: RosterAct
    columns: dict[str, Any] = field(default_factory=dict)
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)
    write: Callable[[Enterprise], None] | None = None


@dataclass(frozen=True)
class Step:
    """A step in the life of a unit."""

    from_states: frozenset[str]
    to_state: Lifecycle
    act: RosterAct
    kind: str


LIFE = {
    "suspend": Step(frozenset({Lifecycle.ACTIVE}), Lifecycle.SUSPENDED, RosterAct.SUSPENDED, "enterprise.suspended"),
    "resume": Step(frozenset({Lifecycle.SUSPENDED}), Lifecycle.ACTIVE, RosterAct.RESUMED, "enterprise.resumed"),
    "close": Step(frozenset(ON_ROSTER), Lifecycle.CLOSED, RosterAct.LEFT, "enterprise.closed"),
    "write_off": Step(frozenset(ON_ROSTER), Lifecycle.WRITTEN_OFF, RosterAct.LEFT, "enterprise.written_off"),
    "return": Step(
        frozenset({Lifecycle.CLOSED, Lifecycle.WRITTEN_OFF}), Lifecycle.ACTIVE, RosterAct.JOINED, "enterprise.returned"
    ),
}


def change_life(*, deed: Deed, step: str) -> Enterprise:
    """Suspend, resume, close, write off or bring back a unit (a key of LIFE).

    Side effects of every act here, in order, in one transaction: what follows the unit and the unit are locked; a
    known key is answered; version, rule and day are checked; the narrow update; the event with a line of old and new
    values; the roster's followers are told. A repeated call with the same key changes nothing. Raises StaleUnit,
    RosterRefused, Refused (with the reason), KeyReused.
    """
    way = LIFE[step]

    def plan(unit: Enterprise) -> Change:
        if unit.lifecycle not in way.from_states:
            raise RosterRefused(
                _("This is not possible now: the unit reads “%(state)s”.") % {"state": unit.get_lifecycle_display()}
            )
        if unit.lifecycle_on and deed.on < unit.lifecycle_on:
            raise RosterRefused(
                _("The day lies before %(day)s, when the unit last changed its state. Give that day or a later one.")
                % {"day": unit.lifecycle_on}
            )
        leaves = way.act == RosterAct.LEFT
        columns: dict[str, Any] = {"lifecycle": way.to_state, "lifecycle_on": deed.on}
        if leaves or unit.left_on:
            columns |= {"left_on": deed.on if leaves else None, "left_reason": deed.reason[:200] if leaves else ""}
        return Change(way.kind, way.act, columns, *_told(unit, columns))

    return keep_unit(deed=deed, given=[step], plan=plan)


def move_unit(*, deed: Deed, town_id: int, category_id: str, scale: str) -> Enterprise:
    """Move a unit to another town, category or scale. Side effects and errors as change_life; who may is a rule."""

    def plan(unit: Enterprise) -> Change:
        refuse_off_roster(unit)
        category = Category.objects.get(pk=category_id)
        answer = may_hand_over(deed.user, unit, town_id=town_id, lead_id=category.lead_id)
        if not answer.allowed:
            raise RosterRefused(str(answer.reason))
        if category.retired_on and category_id != unit.category_id:
            raise RosterRefused(_("This category is no longer used. Choose another one."))
        columns = {"town_id": town_id, "category_id": category_id, "scale": scale}

        def drop_as_further(unit: Enterprise) -> None:
            EnterpriseCategory.objects.filter(enterprise=unit, category=category_id).delete()

        return Change("enterprise.moved", RosterAct.MOVED, columns, *_told(unit, columns), write=drop_as_further)

    return keep_unit(deed=deed, given=[town_id, category_id, scale], plan=plan)


def change_unit(*, deed: Deed, name: str, values: dict[str, str]) -> Enterprise:
    """Change the master data of a unit: its name and its basic information, which have passed the checks.

    Keys missing in ``values`` keep what stands. Side effects and errors as change_life.
    """

    def plan(unit: Enterprise) -> Change:
        standing = {"name": unit.name, **read_basic(unit)}
        wanted = {**standing, **values, "name": name}
        old, new = differing(standing, wanted)
        basic = {key: value for key, value in wanted.items() if key != "name"}

        def write(unit: Enterprise) -> None:
            store_basic(enterprise=unit, values=basic, name=name)

        return Change("enterprise.changed", RosterAct.CHANGED, {}, old, new, write=write)

    return keep_unit(deed=deed, given=[name, values], plan=plan)


def set_further_categories(*, deed: Deed, codes: list[str]) -> Enterprise:
    """Say which categories a unit has beside its primary one: their catalogues are asked too, their leads may comment.

    Side effects and errors as change_life.
    """

    def plan(unit: Enterprise) -> Change:
        refuse_off_roster(unit)
        wanted = sorted(set(codes) - {unit.category_id})
        standing = sorted(unit.category_links.values_list("category_id", flat=True))
        old, new = differing({"further_categories": standing}, {"further_categories": wanted})

        def write(unit: Enterprise) -> None:
            unit.category_links.exclude(category__in=wanted).delete()
            fresh = [EnterpriseCategory(enterprise=unit, category_id=code) for code in wanted if code not in standing]
            EnterpriseCategory.objects.bulk_create(fresh)

        return Change("enterprise.categories", RosterAct.CHANGED, {}, old, new, write=write)

    return keep_unit(deed=deed, given=sorted(codes), plan=plan)


def assign_credit_code(*, deed: Deed, credit_code: str) -> Enterprise:
    """Give a unit with a temporary code its credit code, which has passed the check.

    The temporary code stays in the history and is not given out again. Side effects and errors as change_life; where a
    unit with that code stands already, the two are to be merged instead.
    """

    def plan(unit: Enterprise) -> Change:
        refuse_taken_code(credit_code, unit.pk)
        columns = {"credit_code": credit_code, "temporary_code": None, "no_code_reason": ""}
        return Change("enterprise.coded", RosterAct.CHANGED, columns, *_told(unit, columns))

    return keep_unit(deed=deed, given=[credit_code], plan=plan)


def keep_unit(*, deed: Deed, given: list, plan: Callable[[Enterprise], Change]) -> Enterprise:
    """Do one act on one unit as change_life says: ``plan`` looks at the locked unit and answers what to write."""
    digest = digest_of([deed.enterprise_id, deed.on, deed.reason, given])
    with transaction.atomic():
        unit = hold_units(enterprise_ids=[deed.enterprise_id])[deed.enterprise_id]
        refusal = _("This form was already used for another step. Open the page again.")
        if earlier_answer(user=deed.user, key=deed.key, digest=digest, refusal=refusal) is not None:
            return unit
        if unit.version != deed.seen_version:
            raise StaleUnit(unit)
        may_keep.check(deed.user, unit)
        check_day(unit, deed.on)
        change = plan(unit)
        if change.new:
            _write(unit, change, deed)
        keep_answer(user=deed.user, key=deed.key, digest=digest, answer={"enterprise": unit.pk})
    unit.refresh_from_db()
    return unit


def check_day(unit: Enterprise, on: dt.date) -> None:
    """Raise RosterRefused for a day in the future or before the unit joined."""
    if on > clock.today():
        raise RosterRefused(_("The day lies in the future. Give today or an earlier day."))
    if on < unit.joined_on:
        raise RosterRefused(
            _("The day lies before %(day)s, when the unit joined the roster. Give that day or a later one.")
            % {"day": unit.joined_on}
        )


def refuse_off_roster(unit: Enterprise) -> None:
    """Raise RosterRefused for a unit that has left the roster."""
    if unit.lifecycle not in ON_ROSTER:
        raise RosterRefused(
            _("The unit left the roster on %(day)s. Bring it back first if it is at work again.")
            % {"day": unit.left_on}
        )


def refuse_taken_code(credit_code: str, but: int | None = None) -> None:
    """Raise RosterRefused when another unit has the code; it does not say which one."""
    if Enterprise.objects.filter(credit_code=credit_code).exclude(pk=but).exists():
        raise RosterRefused(
            _(
                "A unit with the credit code %(code)s is on the roster already. If it is the same one, merge the two; "
                "if you do not find it in your area, ask the safety committee office."
            )
            % {"code": credit_code}
        )


def _told(unit: Enterprise, columns: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return old and new values of the columns that differ, as JSON keeps them."""
    standing = {name: getattr(unit, name) for name in columns}
    old, new = differing(standing, columns)
    return {key: as_told(value) for key, value in old.items()}, {key: as_told(value) for key, value in new.items()}


def as_told(value: Any) -> Any:
    """Return a value as an event line keeps it."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _write(unit: Enterprise, change: Change, deed: Deed) -> None:
    if change.columns or change.kind == "enterprise.categories":
        Enterprise.objects.filter(pk=unit.pk).update(**change.columns, version=F("version") + 1)
    if change.write:
        change.write(unit)
    line = Line(object_type=UNIT_LABEL, object_id=unit.pk, old=change.old, new=change.new)
    record_event(
        kind=change.kind,
        actor=deed.user,
        about=unit,
        enterprise_id=unit.pk,
        data={"on": deed.on.isoformat(), "reason": deed.reason},
        lines=[line],
    )
    told = RosterChange(unit.pk, change.act, deed.on, deed.reason, change.old, change.new)
    announce_roster(changes=[told], user=deed.user)
