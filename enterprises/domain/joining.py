"""Entering a unit into the roster."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enterprises.checks.likeness import keys_of
from enterprises.domain.basic_information import UNIT_LABEL, read_basic, store_basic
from enterprises.domain.likeness import settle_not_the_same
from enterprises.domain.roster_changes import RosterAct, RosterChange, announce_roster, hold_units
from enterprises.domain.temporary_codes import next_temporary_code
from enterprises.domain.upkeep import RosterRefused, refuse_taken_code
from enterprises.models import Category, Enterprise, EnterpriseCategory, User
from enterprises.queries.likeness import look_alikes
from enterprises.rules import may_add
from riskreport.ground import clock
from riskreport.ground.domain.events import Line, record_event
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer


@dataclass(frozen=True)
class NewUnit:
    """What is known of a unit that joins: a credit code, or the reason why it has none. Texts are checked."""

    name: str
    town_id: int
    category_id: str
    scale: str
    joined_on: dt.date
    credit_code: str = ""
    no_code_reason: str = ""
    further: tuple[str, ...] = ()
    basic: dict[str, str] = field(default_factory=dict)


class LooksLike(RosterRefused):
    """Units on the roster look like the new one: somebody must say, with a reason, that it is another."""


def add_unit(*, user: User, unit: NewUnit, reason: str, not_the_same: str = "", key: str = "") -> Enterprise:
    """Enter a unit into the roster.

    Side effects, in order, in one transaction: what follows the roster is locked; a known key is answered with the unit
    it made; right, day, code and look-alikes are checked; a temporary code is numbered where there is no credit code;
    the unit with its further categories and basic information; event ``enterprise.added`` with a line; each look-alike
    is settled with the reason ``not_the_same``; the followers are told (open reporting tasks ask it from that day).
    Raises RosterRefused, LooksLike when look-alikes stand and no such reason is given, KeyReused.
    """
    digest = digest_of([unit, reason, not_the_same])
    with transaction.atomic():
        hold_units(enterprise_ids=[])
        refusal = _("This form was already used for another step. Open the page again.")
        known = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
        if known is not None:
            return Enterprise.objects.get(pk=known["enterprise"])
        alike = check_new_unit(user=user, unit=unit, not_the_same=not_the_same)
        row = _create(unit)
        _record(row, unit, user, reason)
        for other in alike:
            settle_not_the_same(user=user, units=(other.pk, row.pk), reason=not_the_same)
        keep_answer(user=user, key=key, digest=digest, answer={"enterprise": row.pk})
    return row


def check_new_unit(*, user: User, unit: NewUnit, not_the_same: str = "") -> list[Enterprise]:
    """Return the units that look like the new one and, by the reason ``not_the_same``, are others. Nothing is written.

    Raises what add_unit raises where the unit could not be entered now.
    """
    _check(user, unit)
    alike = list(look_alikes(keys_of(unit.name, unit.basic.get("address", ""))))
    if alike and not not_the_same:
        raise LooksLike(_("A unit of the same name at the same address is on the roster already."))
    return alike


def unit_as_entered(unit: NewUnit) -> Enterprise:
    """Return the unsaved row that the unit would be, to be asked what would follow."""
    return Enterprise(
        name=unit.name, town_id=unit.town_id, category_id=unit.category_id, scale=unit.scale, joined_on=unit.joined_on
    )


def _check(user: User, unit: NewUnit) -> None:
    category = Category.objects.get(pk=unit.category_id)
    answer = may_add(user, town_id=unit.town_id, lead_id=category.lead_id)
    if not answer.allowed:
        raise RosterRefused(str(answer.reason))
    if category.retired_on:
        raise RosterRefused(_("This category is no longer used. Choose another one."))
    if unit.joined_on > clock.today():
        raise RosterRefused(_("The day lies in the future. Give today or an earlier day."))
    if bool(unit.credit_code) == bool(unit.no_code_reason):
        raise RosterRefused(_("Give the credit code, or the reason why the unit has none."))
    if unit.credit_code:
        refuse_taken_code(unit.credit_code)


def _create(unit: NewUnit) -> Enterprise:
    codes = (
        {"credit_code": unit.credit_code}
        if unit.credit_code
        else {
            "temporary_code": next_temporary_code(town_id=unit.town_id),
            "no_code_reason": unit.no_code_reason,
        }
    )
    try:
        with transaction.atomic():
            row = unit_as_entered(unit)
            for name, value in codes.items():
                setattr(row, name, value)
            row.save()
    except IntegrityError:  # somebody entered the same code between the look and the write
        refuse_taken_code(unit.credit_code)
        raise
    further = sorted(set(unit.further) - {unit.category_id})
    EnterpriseCategory.objects.bulk_create(EnterpriseCategory(enterprise=row, category_id=code) for code in further)
    store_basic(enterprise=row, values={**read_basic(row), **unit.basic})
    row.refresh_from_db()
    return row


def _record(row: Enterprise, unit: NewUnit, user: User, reason: str) -> None:
    told = {
        "name": row.name,
        "credit_code": row.credit_code,
        "temporary_code": row.temporary_code,
        "town_id": row.town_id,
        "category_id": row.category_id,
        "scale": row.scale,
        **unit.basic,
    }
    new = {name: value for name, value in told.items() if value}
    line = Line(object_type=UNIT_LABEL, object_id=row.pk, old={}, new=new)
    data = {"on": unit.joined_on.isoformat(), "reason": reason}
    record_event(kind="enterprise.added", actor=user, about=row, enterprise_id=row.pk, data=data, lines=[line])
    change = RosterChange(row.pk, RosterAct.JOINED, unit.joined_on, reason, new=new)
    announce_roster(changes=[change], user=user)
