"""What the colour of an enterprise depends on, read for many enterprises at once."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from enterprises.models import Enterprise
from risks.enums import Level, RiskState
from risks.models import Risk, Standing


@dataclass(frozen=True)
class RatingFacts:
    """The facts of one enterprise as plain values. None means: this fact is not kept yet, so it counts nothing."""

    enterprise_id: int = 0
    town_id: int = 0
    reported: bool = False
    zero_risk_unchecked: bool = False
    major_risks: int = 0
    larger_risks: int = 0
    overdue_since: dt.date | None = None
    overdue_faults: int = 0
    missing_four_ones: int = 0
    four_ones_complete: bool | None = None
    standard_grade: int | None = None
    verified_on: dt.date | None = None
    open_faults: int = 0
    open_dynamic: int | None = None
    fatal_accident: bool | None = None
    false_report: bool | None = None
    listed_hazard_overdue: bool | None = None
    found_by_recheck: bool | None = None


def facts_of(enterprise_ids: Iterable[int]) -> dict[int, RatingFacts]:
    """Return the facts by enterprise id; three queries whatever the number.

    Of the four ones the list and the person hold by the ledger's own constraints and the plan is looked at here; that
    the sign hangs on the spot is not kept yet, so ``four_ones_complete`` stays unknown.
    """
    ids = list(enterprise_ids)
    standings = {row.pk: row for row in Standing.objects.filter(pk__in=ids)}
    active = Risk.objects.filter(enterprise__in=ids, state=RiskState.ACTIVE)
    ledger: dict[int, list[tuple[str, dict, str]]] = {}
    for enterprise_id, *risk in active.values_list("enterprise_id", "level", "measures", "responsible_name"):
        ledger.setdefault(enterprise_id, []).append(tuple(risk))
    units = Enterprise.objects.filter(pk__in=ids).values_list("pk", "town_id", "standard_grade")
    return {
        pk: _facts(pk, town_id, grade, standings.get(pk) or Standing(enterprise_id=pk), ledger.get(pk, []))
        for pk, town_id, grade in units
    }


def _facts(
    enterprise_id: int, town_id: int, grade: int | None, standing: Standing, risks: list[tuple[str, dict, str]]
) -> RatingFacts:
    levels = [level for level, _measures, _person in risks]
    return RatingFacts(
        enterprise_id=enterprise_id,
        town_id=town_id,
        reported=standing.first_reported_on is not None,
        zero_risk_unchecked=not risks and standing.zero_risk_checked_on is None,
        major_risks=levels.count(Level.MAJOR),
        larger_risks=levels.count(Level.LARGER),
        overdue_since=standing.overdue_since,
        overdue_faults=standing.overdue_faults,
        missing_four_ones=sum(not (has_plan(measures) and person) for _level, measures, person in risks),
        standard_grade=grade,
        verified_on=standing.last_verified_on,
        open_faults=standing.open_faults,
    )


def has_plan(measures: dict[str, list[str]]) -> bool:
    """Return whether any class of measures has a text: one risk, one plan (一险一策)."""
    return any(str(text).strip() for texts in measures.values() for text in texts)
