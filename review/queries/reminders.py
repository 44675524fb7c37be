"""What is due for whom: who has to do something about a report, a review, a visit, a changed catalogue.

Plain rows of a person and an object each, in one query whatever the number, for review/reminders.py.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from enterprises.enums import ON_ROSTER, Role
from review.enums import ENTERPRISE_TURN, CampaignState, FilingState, Outcome
from review.models import CatalogueTodo, Filing, Visit
from review.queries.completion import expected_q, open_q
from review.queries.verified import open_faults

CHUNK = 2000
WRITES = ENTERPRISE_TURN - {FilingState.SUPPLEMENT_OPEN}
Rows = Iterator[tuple[Any, ...]]


def unfiled(on: dt.date, objects: Collection[int] | None = None) -> QuerySet[Filing]:
    """Return the obligations that a day counts and that nobody has filed yet, whoever's turn it is."""
    rows = Filing.objects.filter(expected_q(on) & open_q(on), campaign__state=CampaignState.OPEN)
    return rows if objects is None else rows.filter(pk__among=objects)


def to_write(rows: QuerySet[Filing], **columns: Any) -> Rows:
    """Yield (person, filing, campaign, its name, columns…) of those who write these reports now.

    The people of the unit; of a paper report the reviewer who enters it.
    """
    rows = rows.filter(state__in=WRITES).annotate(**columns)
    told = ("pk", "campaign__name", *columns)
    unit = rows.filter(is_paper=False, enterprise__people__is_active=True)
    yield from unit.values_list("enterprise__people", *told).iterator(chunk_size=CHUNK)
    paper = rows.filter(is_paper=True, entered_by__is_active=True, entered_by__department=F("department"))
    yield from paper.values_list("entered_by", *told).iterator(chunk_size=CHUNK)


def returned_at() -> dict[str, Any]:
    """Return the column that says when a report was returned last."""
    last = Max("decisions__decided_at", filter=Q(decisions__outcome=Outcome.RETURNED))
    return {"since": last}


def to_review(on: dt.date, objects: Collection[int] | None = None) -> QuerySet[Filing]:
    """Return the reports that wait for a decision of their department."""
    rows = Filing.objects.filter(state__in=[FilingState.SUBMITTED, FilingState.IN_REVIEW], submitted_at__isnull=False)
    rows = rows.filter(expected_q(on)).exclude(campaign__state=CampaignState.DRAFT)
    return rows if objects is None else rows.filter(pk__among=objects)


def reviewers_of(rows: QuerySet[Filing]) -> Rows:
    """Yield (person, filing, campaign's name, handed in at): who took the report, else every reviewer who may.

    Whoever entered a paper report cannot decide it.
    """
    told = ("pk", "campaign__name", "submitted_at")
    taken = rows.filter(state=FilingState.IN_REVIEW, claimed_by__is_active=True)
    yield from taken.values_list("claimed_by", *told).iterator(chunk_size=CHUNK)
    free = rows.filter(
        state=FilingState.SUBMITTED, department__people__is_active=True, department__people__role=Role.REVIEWER
    )
    for entered_by, person, *row in free.values_list("entered_by", "department__people", *told).iterator(CHUNK):
        if person != entered_by:
            yield (person, *row)


def chiefs_of(rows: QuerySet[Filing]) -> Rows:
    """Yield (person, filing, campaign's name, handed in at) of the chiefs of the departments that decide."""
    rows = rows.filter(department__people__is_active=True, department__people__is_chief=True)
    told = ("department__people", "pk", "campaign__name", "submitted_at")
    yield from rows.values_list(*told).iterator(chunk_size=CHUNK)


def faults(objects: Collection[int] | None = None) -> QuerySet[Visit]:
    """Return the visits whose faults are still to be mended by a unit that is expected to report."""
    rows = open_faults().filter(filing__left_on=None)
    return rows if objects is None else rows.filter(pk__among=objects)


def to_mend(rows: QuerySet[Visit]) -> Rows:
    """Yield (person, visit, unit, campaign's name, day) of the people of the units that mend what was found."""
    rows = rows.filter(filing__enterprise__people__is_active=True)
    told = ("filing__enterprise__people", "pk", "filing__enterprise", "filing__campaign__name", "rectify_by")
    yield from rows.values_list(*told).iterator(chunk_size=CHUNK)


def to_visit_again(rows: QuerySet[Visit]) -> Rows:
    """Yield the same of those who go on visits for the department that found the faults."""
    going = Q(department__people__role__in=[Role.REVIEWER, Role.INSPECTOR], department__people__is_active=True)
    told = ("department__people", "pk", "filing__enterprise", "filing__campaign__name", "rectify_by")
    yield from rows.filter(going).values_list(*told).iterator(chunk_size=CHUNK)


def to_look(before: dt.datetime, objects: Collection[int] | None = None) -> Rows:
    """Yield (person, to-do, catalogue, its title, version, since) of the units that have not looked at a change."""
    rows = CatalogueTodo.objects.filter(done_at=None, created_at__lt=before)
    rows = rows.filter(enterprise__lifecycle__in=sorted(ON_ROSTER), enterprise__people__is_active=True)
    rows = rows if objects is None else rows.filter(pk__among=objects)
    told = ("enterprise__people", "pk", "catalogue", "catalogue__title", "catalogue__version", "created_at")
    yield from rows.order_by().values_list(*told).iterator(chunk_size=CHUNK)


def day_of(moment: dt.datetime) -> dt.date:
    """Return the day of a moment in the city's time zone."""
    return timezone.localdate(moment)
