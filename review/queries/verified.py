"""What a bulletin says beside completion: risks in the ledger, reports verified on the spot, supplements."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from enterprises.models import User
from enterprises.queries.scope import Scope, scope_for
from review.enums import LEAVES_FAULT, VisitOutcome
from review.models import Campaign, Filing, Visit
from review.queries.completion import WHOLE
from riskreport.ground import clock
from riskreport.ground.models import Event
from risks.models import Risk, Standing


@dataclass(frozen=True)
class Reported:
    """Of one campaign on a day: larger-and-above risks, reports verified, by level, zero-risk reports supplemented."""

    risks: int
    verified: int
    by_level: dict[str, int]
    supplemented: int


def visit_scope(scope: Scope) -> Q:
    """Return the condition on visits of a scope: it is that of the reports they checked."""
    return scope.q(town="filing__town_id", category="filing__category_id", enterprise="filing__enterprise_id")


def visits_for_user(user: User) -> QuerySet[Visit]:
    """Return the visits a person counts as theirs."""
    return Visit.objects.filter(visit_scope(scope_for(user)))


def reported(*, campaign: Campaign, as_of: dt.date, scope: Scope = WHOLE) -> Reported:
    """Return what was reported and checked by the end of a day; four queries.

    Risks are those the ledger held on that day in the campaign's categories. A report counts once as verified, however
    often it was visited; by level it counts at each level that visited. A zero-risk report is supplemented once it was
    filed again with risks after the visit that asked for it.
    """
    there = Q(closed_on__isnull=True) | Q(closed_on__gt=as_of)
    categories = campaign.categories.values_list("code", flat=True)
    risks = Risk.objects.filter(scope.q(), there, recorded_on__lte=as_of, category__in=list(categories))
    visits = Visit.objects.filter(visit_scope(scope), filing__campaign=campaign, visited_on__lte=as_of)
    levels = visits.order_by().values_list("level").annotate(n=Count("filing", distinct=True))
    asked = Visit.objects.filter(
        filing=OuterRef("pk"), zero_risk=True, outcome=VisitOutcome.SUPPLEMENT, visited_on__lte=as_of
    )
    again = Filing.objects.filter(scope.q(), Exists(asked), campaign=campaign, filed_at__lt=clock.end_of(as_of))
    has_risks = Q(risks_major__gt=0) | Q(risks_larger__gt=0)
    return Reported(
        risks=risks.count(),
        verified=visits.aggregate(n=Count("filing", distinct=True))["n"],
        by_level=dict(levels),
        supplemented=again.filter(has_risks, filed_at__gt=F("first_filed_at")).count(),
    )


def visits_of(enterprise_id: int) -> list[Visit]:
    """Return the visits to one enterprise, the latest first, with who came."""
    return list(Visit.objects.filter(filing__enterprise=enterprise_id).select_related("department", "filing__campaign"))


def recorders_of(visits: Iterable[Visit]) -> dict[int, User]:
    """Return who recorded each visit, by its id, as the events say."""
    filings = {row.filing_id for row in visits}
    events = Event.objects.filter(kind="visit.recorded", object_type="review.filing", object_id__in=filings)
    return {row.data["visit"]: row.actor for row in events.select_related("actor__department__region")}


def withdrawals_of(filing: Filing) -> dict[int, Event]:
    """Return the events by which visits of a report were taken back, by the number the visit had."""
    events = Event.objects.filter(kind="visit.withdrawn", object_type="review.filing", object_id=filing.pk)
    return {event.data["visit"]: event for event in events}


def open_faults() -> QuerySet[Visit]:
    """Return the visits whose faults are still to be mended: no later visit of the report has passed."""
    later = Q(visited_on__gt=OuterRef("visited_on")) | Q(visited_on=OuterRef("visited_on"), pk__gt=OuterRef("pk"))
    passed = Visit.objects.filter(later, filing=OuterRef("filing"), outcome=VisitOutcome.PASSED)
    return Visit.objects.filter(~Exists(passed), outcome=VisitOutcome.RECTIFY).order_by()


def overdue_faults(on: dt.date) -> dict[int, int]:
    """Return by enterprise how many visits found faults whose day to be mended was before ``on``. One query."""
    rows = open_faults().filter(rectify_by__lt=on)
    return dict(rows.values_list("filing__enterprise").annotate(n=Count("pk")))


def last_visited(enterprise_id: int, on: dt.date) -> tuple[dt.date | None, bool, dt.date | None, int]:
    """Return what the visits to an enterprise come to: last day, whether a fault was found on it, zero risk checked,
    and how many have faults past their day ``on`` a day.

    Zero risk is checked by a visit that let a report stand which named no larger-and-above risk.
    """
    rows = list(Visit.objects.filter(filing__enterprise=enterprise_id))
    last = max((row.visited_on for row in rows), default=None)
    found = any(row.outcome in LEAVES_FAULT for row in rows if row.visited_on == last)
    stood = (row.visited_on for row in rows if row.zero_risk and row.outcome != VisitOutcome.SUPPLEMENT)
    overdue = open_faults().filter(filing__enterprise=enterprise_id, rectify_by__lt=on).count()
    return last, found, max(stood, default=None), overdue


def visit_differences() -> Iterator[str]:
    """Yield a sentence for each enterprise whose Standing says another day of its last visit, or other faults past
    their day, than its visits do. A day that passed last night may not be noted yet: that is done every hour.
    """
    latest = dict(Visit.objects.order_by().values_list("filing__enterprise").annotate(Max("visited_on")))
    noted = dict(Standing.objects.exclude(last_verified_on=None).values_list("pk", "last_verified_on"))
    for pk in sorted(latest.keys() | noted.keys()):
        if latest.get(pk) != noted.get(pk):
            yield f"enterprise {pk} was last visited on {latest.get(pk)}, its standing says {noted.get(pk)}"
    today = clock.today()
    late, before = overdue_faults(today), overdue_faults(today - dt.timedelta(days=1))
    counted = dict(Standing.objects.exclude(overdue_faults=0).values_list("pk", "overdue_faults"))
    for pk in sorted(late.keys() | counted.keys()):
        if not before.get(pk, 0) <= counted.get(pk, 0) <= late.get(pk, 0):
            yield (
                f"enterprise {pk} has {late.get(pk, 0)} visits with faults past their day, "
                f"its standing says {counted.get(pk, 0)}"
            )
