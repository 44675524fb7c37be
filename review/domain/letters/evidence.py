"""What a letter stands on, as one plain dictionary: frozen when the letter is drafted."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from enterprises.models import Department, User
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.scope import scope_for
from review.domain.letters.behind import Behind, find_behind, open_reports
from review.domain.letters.wording import long_day
from review.models import Campaign, Filing
from review.queries.board import named_cells
from review.queries.completion import completion, percent
from review.queries.letters.standards import Standard

SCHEMA = 1
PAPER_LANGUAGE = "zh-hans"
MOST_LISTED = 200


def evidence_for(
    user: User, campaign: Campaign, as_of: dt.date, subject: str, standard: Standard
) -> dict[str, Any] | None:
    """Return figures, parts and open reports of one who is written to; None where there is nobody or nothing open."""
    behind = find_behind(user, campaign, as_of, subject)
    if behind is None or not behind.figures.open:
        return None
    with translation.override(PAPER_LANGUAGE):
        return _content(user, campaign, as_of, behind, standard)


def _content(user: User, campaign: Campaign, as_of: dt.date, behind: Behind, standard: Standard) -> dict[str, Any]:
    within = _within(behind)
    reports = open_reports(user, campaign, as_of).filter(within)
    figures = behind.figures
    low = behind.low_for(standard.bottom_places, standard.bottom_runs) and behind.days < standard.days_behind
    return {
        "subject": behind.subject,
        "name": behind.name,
        "campaign": {"code": campaign.code, "name": campaign.name, "due_on": campaign.due_on.isoformat()},
        "as_of": as_of.isoformat(),
        "figures": {"expected": figures.expected, "actual": figures.actual, "on_time": figures.on_time},
        "rate": percent(figures.rate),
        "days_behind": behind.days,
        "place": behind.place,
        "places": behind.places,
        "situation": _situation(behind, reports),
        "reason": _reason(behind, standard, low=low),
        "standard": {"days_behind": standard.days_behind, "bottom_places": standard.bottom_places,
                     "bottom_runs": standard.bottom_runs, "version": standard.version},
        "parts": [] if behind.subject.startswith("enterprise") else _parts(user, campaign, as_of, within, behind),
        "reports": _listed(reports, as_of),
        "reports_total": reports.count(),
    }  # fmt: skip


def _within(behind: Behind) -> Q:
    """Return the condition on reports of one who is written to: its figures count just these."""
    kind, _dash, key = behind.subject.partition("-")
    if kind == "enterprise":
        return Q(enterprise=int(key))
    if kind == "region":
        code = int(key)
        if code >= COUNTY_DIVISOR**2:
            return Q(town_id=code)
        return Q(town_id__gte=code * COUNTY_DIVISOR, town_id__lt=(code + 1) * COUNTY_DIVISOR)
    office = Department.objects.select_related("region").get(pk=int(key))
    low, high = office.region.bounds
    return Q(town_id__gte=low, town_id__lte=high, category__sector=behind.sector)


def _situation(behind: Behind, reports: QuerySet[Filing]) -> str:
    if behind.subject.startswith("enterprise"):
        filing = reports.first()
        due = filing.due_on if filing else None
        return _("has not filed its report, which was due on %(day)s") % {"day": long_day(due) if due else ""}
    figures = behind.figures
    return _("has filed %(actual)s of %(expected)s reports (%(rate)s%%); %(open)s are not filed") % {
        "actual": figures.actual, "expected": figures.expected, "rate": percent(figures.rate), "open": figures.open,
    }  # fmt: skip


def _reason(behind: Behind, standard: Standard, *, low: bool) -> str:
    if behind.subject.startswith("enterprise"):
        return _("it is %(days)s days overdue") % {"days": behind.days} if behind.days else _("it is not overdue yet")
    if low:
        return _("it was among the last %(places)s of the ranking %(runs)s times running") % {
            "places": standard.bottom_places, "runs": standard.bottom_runs,
        }  # fmt: skip
    return _("it is %(days)s days behind the backward schedule") % {"days": behind.days}


def _parts(user: User, campaign: Campaign, as_of: dt.date, within: Q, behind: Behind) -> list[dict[str, Any]]:
    """Return the figures of the towns, or of the categories of one town."""
    key = behind.subject.partition("-")[2]
    by = "category" if behind.subject.startswith("region") and int(key) >= COUNTY_DIVISOR**2 else "town"
    cells = named_cells(completion(campaign=campaign, as_of=as_of, by=by, scope=scope_for(user), within=within), by=by)
    return [
        {
            "name": cell.labels[0],
            **asdict(cell.figures),
            "open": cell.figures.open,
            "rate": percent(cell.figures.rate),
        }
        for cell in sorted(cells, key=lambda cell: -cell.figures.open)
        if cell.figures.open
    ][:MOST_LISTED]


def _listed(reports: QuerySet[Filing], as_of: dt.date) -> list[dict[str, Any]]:
    rows = reports.select_related("enterprise", "town", "category").order_by("due_on", "town_id", "id")[:MOST_LISTED]
    return [
        {
            "unit": row.enterprise.name,
            "code": row.enterprise.code,
            "town": row.town.label,
            "category": row.category.label,
            "state": str(row.get_state_display()),
            "due_on": row.due_on.isoformat(),
            "days_overdue": max((as_of - row.due_on).days, 0),
        }
        for row in rows
    ]
