"""Merging two units that are one: what hangs on the one goes to the other, which alone stays on the roster."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from enterprises.domain.basic_information import UNIT_LABEL, differing, read_basic, store_basic
from enterprises.domain.roster_changes import RosterAct, RosterChange, announce_roster, hold_units
from enterprises.domain.upkeep import RosterRefused, StaleUnit, check_day, refuse_off_roster
from enterprises.enums import Lifecycle
from enterprises.models import Enterprise, EnterpriseCategory, Likeness, User
from enterprises.models.enterprise import NoCodeReason
from enterprises.rules import may_keep
from review.domain.catalogue_todos import bring_todos_together
from review.domain.letters.behind import subject_of
from review.domain.training.attendance import bring_trained_together
from review.domain.workflow import move_along
from review.enums import Action
from review.models import Filing, Letter, TrainingTest, Visit
from review.queries.content import ledger_risks
from review.queries.merging import last_final, rivals_of
from review.queries.verified import last_visited
from riskreport.ground import clock
from riskreport.ground.domain.events import Line, record_event
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer
from risks.domain.ledger import post_to_ledger
from risks.domain.rating import rate_enterprises
from risks.domain.roster import merge_risks
from risks.domain.standing import Visited, note_visits
from risks.models import Dispatch, DynamicReport

# Every table that points to a unit, and what becomes of it; a test holds this against the models.
HANDED_ON = {
    "enterprises.user.enterprise",
    "review.filing.enterprise",
    "review.letter.to_enterprise",
    "review.trainingtest.enterprise",
    "enterprises.enterprise.merged_into",
    "risks.dynamicreport.enterprise",
    "risks.dispatch.enterprise",
}
BROUGHT_TOGETHER = {
    "enterprises.contact.enterprise",
    "enterprises.enterprisecategory.enterprise",
    "risks.risk.enterprise",
    "risks.rating.enterprise",
    "risks.standing.enterprise",
    "review.cataloguetodo.enterprise",
    "review.trainingattendance.enterprise",
}
LEFT_BEHIND = {
    "enterprises.likeness.enterprise",  # a unit off the roster is compared with nobody: its keys are deleted
    "enterprises.notthesame.first",  # what was found of the two rows stays true of the rows
    "enterprises.notthesame.second",
    "enterprises.searchentry.enterprise",  # its name still leads to its archive, which points to the survivor
    "enterprises.difference.enterprise",  # what two lists said of it on their day
    "review.remindedunit.enterprise",  # what it was told on its day
}
CODE = "code"
COLUMNS = ("name", "town_id", "category_id", "scale")


@dataclass(frozen=True)
class Merge:
    """Which unit goes into which, as seen in which versions, from which day and why.

    ``taken`` names the values that stand as the absorbed unit has them; all others stand as the survivor has them.
    """

    survivor_id: int
    absorbed_id: int
    seen_versions: tuple[int, int]
    on: dt.date
    reason: str
    taken: frozenset[str] = field(default_factory=frozenset)
    key: str = ""


def merge_units(*, user: User, merge: Merge) -> Enterprise:
    """Merge a unit into another; it cannot be undone. Returns the survivor.

    Side effects, in order, in one transaction: what follows both units and the units are locked; a known key is
    answered; versions, rule and day are checked; where both have a report in one campaign the less far one is void
    (``filing.supersede``); reports, people, earlier merges, further categories, risks, ratings, Standing, open to-dos
    and who was trained become the survivor's; the values that were taken, and the earlier day of joining; the merged
    unit leaves the roster and points to the survivor; the ledger says what the last final report says; event
    ``enterprise.merged`` with a line for each unit; the followers are told; the survivor is rated. A repeated call
    with the same key changes nothing. Raises StaleUnit, RosterRefused, Refused, KeyReused.
    """
    digest = digest_of([merge.survivor_id, merge.absorbed_id, merge.on, merge.reason, sorted(merge.taken)])
    with transaction.atomic():
        held = hold_units(enterprise_ids=[merge.survivor_id, merge.absorbed_id])
        survivor, absorbed = held[merge.survivor_id], held[merge.absorbed_id]
        refusal = _("This form was already used for another step. Open the page again.")
        if earlier_answer(user=user, key=merge.key, digest=digest, refusal=refusal) is not None:
            return survivor
        _check(user, survivor, absorbed, merge)
        voided = _end_rivals(survivor, absorbed, user, merge)
        has, stands = _values_to_stand(survivor, absorbed, merge)
        _hand_on(survivor, absorbed)
        _take_off_roster(survivor, absorbed, merge)
        _write_values(survivor, absorbed, stands)
        survivor.refresh_from_db()
        _bring_risks_together(survivor, absorbed, merge.on)
        bring_todos_together(survivor_id=survivor.pk, absorbed_id=absorbed.pk)
        bring_trained_together(survivor_id=survivor.pk, absorbed_id=absorbed.pk)
        _record(survivor, absorbed, user, merge, differing(has, stands), voided)
        rate_enterprises([survivor.pk], user=user)
        keep_answer(user=user, key=merge.key, digest=digest, answer={"enterprise": survivor.pk})
    survivor.refresh_from_db()
    return survivor


def values_of(unit: Enterprise) -> dict[str, Any]:
    """Return what of a unit may be chosen in a merge."""
    return {CODE: unit.code, **{name: getattr(unit, name) for name in COLUMNS}, **read_basic(unit)}


def _check(user: User, survivor: Enterprise, absorbed: Enterprise, merge: Merge) -> None:
    if survivor.pk == absorbed.pk:
        raise RosterRefused(_("A unit cannot be merged into itself. Choose the other unit."))
    for unit, seen in zip((survivor, absorbed), merge.seen_versions, strict=True):
        if unit.version != seen:
            raise StaleUnit(unit)
        may_keep.check(user, unit)
        check_day(unit, merge.on)
    refuse_off_roster(survivor)


def _end_rivals(survivor: Enterprise, absorbed: Enterprise, user: User, merge: Merge) -> list[int]:
    ended = [pair.ended for pair in rivals_of(survivor, absorbed)]
    reason = _("“%(absorbed)s” was merged into “%(survivor)s”: %(reason)s") % {
        "absorbed": absorbed.name,
        "survivor": survivor.name,
        "reason": merge.reason,
    }
    for filing in ended:  # one after the other: each looks at what stands of the unit's other reports
        move_along(filings=[filing], action=Action.SUPERSEDE, user=user, reason=reason, on=merge.on)
    return [filing.pk for filing in ended]


def _values_to_stand(survivor: Enterprise, absorbed: Enterprise, merge: Merge) -> tuple[dict, dict]:
    """Return what the survivor has and what it will have."""
    own, other = values_of(survivor), values_of(absorbed)
    taken = merge.taken | ({"latitude"} if "longitude" in merge.taken else set())
    return own, {key: other[key] if key in taken else value for key, value in own.items()}


def _hand_on(survivor: Enterprise, absorbed: Enterprise) -> None:
    User.objects.filter(enterprise=absorbed).update(enterprise=survivor)
    Filing.objects.filter(enterprise=absorbed).update(enterprise=survivor)
    Letter.objects.filter(to_enterprise=absorbed).update(
        to_enterprise=survivor, subject=subject_of("enterprise", survivor.pk)
    )
    for model in (TrainingTest, DynamicReport, Dispatch):
        model.objects.filter(enterprise=absorbed).update(enterprise=survivor)
    Enterprise.objects.filter(merged_into=absorbed).update(merged_into=survivor)
    Likeness.objects.filter(enterprise=absorbed).delete()


def _take_off_roster(survivor: Enterprise, absorbed: Enterprise, merge: Merge) -> None:
    Enterprise.objects.filter(pk=absorbed.pk).update(
        lifecycle=Lifecycle.MERGED,
        lifecycle_on=merge.on,
        left_on=absorbed.left_on or merge.on,
        left_reason=merge.reason[:200],
        merged_into=survivor,
        version=F("version") + 1,
    )


def _write_values(survivor: Enterprise, absorbed: Enterprise, stands: dict[str, Any]) -> None:
    if stands[CODE] != survivor.code:
        _swap_codes(survivor, absorbed)
    columns = {name: stands[name] for name in COLUMNS}
    joined_on = min(survivor.joined_on, absorbed.joined_on)
    store_basic(enterprise=survivor, values=stands, joined_on=joined_on, **columns)
    links = EnterpriseCategory.objects.filter(enterprise__in=[survivor, absorbed])
    further = set(links.values_list("category_id", flat=True)) - {columns["category_id"]}
    links.delete()
    EnterpriseCategory.objects.bulk_create(
        EnterpriseCategory(enterprise=survivor, category_id=code) for code in sorted(further)
    )


def _swap_codes(survivor: Enterprise, absorbed: Enterprise) -> None:
    """Exchange the codes of both rows; in between the one holds a temporary code that nobody is given."""
    names = ("credit_code", "temporary_code", "no_code_reason")
    own, other = ({name: getattr(unit, name) for name in names} for unit in (survivor, absorbed))
    between = {"credit_code": None, "temporary_code": f"->{absorbed.pk}", "no_code_reason": NoCodeReason.AWAITING}
    for unit, codes in ((absorbed, between), (survivor, other), (absorbed, own)):
        Enterprise.objects.filter(pk=unit.pk).update(**codes)


def _bring_risks_together(survivor: Enterprise, absorbed: Enterprise, on: dt.date) -> None:
    """Let ledger and Standing say what the last final report and the visits of both rows together say."""
    last = last_final([survivor])
    rows = ledger_risks(json.loads(last.content)) if last else []
    reported = last is not None
    merge_risks(survivor=survivor, absorbed=absorbed, reported=reported, zero_risk=reported and not rows)
    if Visit.objects.filter(filing__enterprise=survivor).exists():
        note_visits(enterprise_id=survivor.pk, read=lambda: Visited(*last_visited(survivor.pk, clock.today())))
    post_to_ledger(
        enterprise=survivor,
        rows=rows,
        filing_id=last.filing_id if last else 0,
        snapshot_id=last.pk if last else 0,
        on=on,
    )


def _record(
    survivor: Enterprise, absorbed: Enterprise, user: User, merge: Merge, told: tuple[dict, dict], voided: list[int]
) -> None:
    old, new = told
    went = {"lifecycle": Lifecycle.MERGED.value, "left_on": merge.on.isoformat(), "merged_into": survivor.pk}
    lines = [
        Line(object_type=UNIT_LABEL, object_id=survivor.pk, old=old, new=new),
        Line(object_type=UNIT_LABEL, object_id=absorbed.pk, old={"lifecycle": absorbed.lifecycle}, new=went),
    ]
    data = {
        "on": merge.on.isoformat(),
        "reason": merge.reason,
        "absorbed": absorbed.pk,
        "name": absorbed.name,
        "code": absorbed.code,
        "voided": voided,
    }
    record_event(
        kind="enterprise.merged", actor=user, about=survivor, enterprise_id=survivor.pk, data=data, lines=lines
    )
    changes = [
        RosterChange(absorbed.pk, RosterAct.LEFT, merge.on, merge.reason),
        RosterChange(survivor.pk, RosterAct.MOVED, merge.on, merge.reason, old, new),
    ]
    announce_roster(changes=changes, user=user)
