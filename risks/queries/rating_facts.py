"""What the colour of an enterprise depends on, read for one, or as SQL for everybody.

``RatingFacts`` and ``facts_sql`` say the same twice, name by name; a property test holds them together.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from enterprises.enums import Lifecycle
from enterprises.models import Enterprise
from risks.enums import Level, RiskState
from risks.models import Risk, Standing

BLANKS = " \t\n\r\u00a0\u3000"
NOT_KEPT = (
    "four_ones_complete", "open_dynamic", "fatal_accident", "false_report", "listed_hazard_overdue", "found_by_recheck"
)  # fmt: skip


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
    """Return the facts by enterprise id; three queries whatever the number. A unit merged into another has none.

    Of the four ones the list and the person hold by the ledger's own constraints and the plan is looked at here; that
    the sign hangs on the spot is not kept yet, so ``four_ones_complete`` stays unknown.
    """
    ids = list(enterprise_ids)
    standings = {row.pk: row for row in Standing.objects.filter(pk__in=ids)}
    active = Risk.objects.filter(enterprise__in=ids, state=RiskState.ACTIVE)
    ledger: dict[int, list[tuple[str, dict]]] = {}
    for enterprise_id, level, measures in active.values_list("enterprise_id", "level", "measures"):
        ledger.setdefault(enterprise_id, []).append((level, measures))
    units = Enterprise.objects.filter(pk__in=ids).exclude(lifecycle=Lifecycle.MERGED)
    return {
        pk: _facts(pk, town_id, grade, standings.get(pk) or Standing(enterprise_id=pk), ledger.get(pk, []))
        for pk, town_id, grade in units.values_list("pk", "town_id", "standard_grade")
    }


def _facts(
    enterprise_id: int, town_id: int, grade: int | None, standing: Standing, risks: list[tuple[str, dict]]
) -> RatingFacts:
    levels = [level for level, _measures in risks]
    return RatingFacts(
        enterprise_id=enterprise_id,
        town_id=town_id,
        reported=standing.first_reported_on is not None,
        zero_risk_unchecked=not risks and standing.zero_risk_checked_on is None,
        major_risks=levels.count(Level.MAJOR),
        larger_risks=levels.count(Level.LARGER),
        overdue_since=standing.overdue_since,
        overdue_faults=standing.overdue_faults,
        missing_four_ones=sum(not has_plan(measures) for _level, measures in risks),
        standard_grade=grade,
        verified_on=standing.last_verified_on,
        open_faults=standing.open_faults,
    )


def has_plan(measures: dict[str, list[str]]) -> bool:
    """Return whether any class of measures has a text: one risk, one plan (一险一策)."""
    return any(text.strip(BLANKS) for texts in measures.values() for text in texts)


def facts_sql(vendor: str, chosen: str) -> str:
    """Return two common table expressions, ``ledger`` and ``facts``: a column for each of RatingFacts that is kept.

    Flags are 0 or 1. ``chosen`` is the condition on the enterprise's id, such as ``BETWEEN %s AND %s``; its parameters
    are given three times.
    """
    plan = _plan_on_postgresql if vendor == "postgresql" else _plan_on_sqlite
    return f"""ledger AS (
        SELECT enterprise_id, count(*) AS active,
            count(*) FILTER (WHERE level = '{Level.MAJOR}') AS major,
            count(*) FILTER (WHERE level = '{Level.LARGER}') AS larger,
            count(*) FILTER (WHERE NOT {plan("measures")}) AS planless
        FROM {Risk._meta.db_table} WHERE state = '{RiskState.ACTIVE}' AND enterprise_id {chosen}
        GROUP BY enterprise_id
    ), facts AS (
        SELECT e.id AS enterprise_id, e.town_id, e.standard_grade,
            CASE WHEN s.first_reported_on IS NULL THEN 0 ELSE 1 END AS reported,
            CASE WHEN l.active IS NULL AND s.zero_risk_checked_on IS NULL THEN 1 ELSE 0 END AS zero_risk_unchecked,
            COALESCE(l.major, 0) AS major_risks, COALESCE(l.larger, 0) AS larger_risks,
            COALESCE(l.planless, 0) AS missing_four_ones,
            s.overdue_since, COALESCE(s.overdue_faults, 0) AS overdue_faults,
            s.last_verified_on AS verified_on, COALESCE(s.open_faults, 0) AS open_faults
        FROM {Enterprise._meta.db_table} e
        LEFT JOIN {Standing._meta.db_table} s ON s.enterprise_id = e.id AND s.enterprise_id {chosen}
        LEFT JOIN ledger l ON l.enterprise_id = e.id
        WHERE e.lifecycle <> '{Lifecycle.MERGED}' AND e.id {chosen}
    )"""  # names of our own  # nosec B608


def _plan_on_postgresql(column: str) -> str:
    return rf"""jsonb_path_exists({column}, '$.*[*] ? (@ like_regex "[^ \t\n\r\u00a0\u3000]")')"""


def _plan_on_sqlite(column: str) -> str:
    blanks = ", ".join(str(ord(one)) for one in BLANKS)
    has_text = f"t.type = 'text' AND trim(t.atom, char({blanks})) <> ''"
    return f"EXISTS (SELECT 1 FROM json_tree({column}) t WHERE {has_text})"  # nosec B608
