"""What people of reporting are reminded of. How a source is written: riskreport/ground/reminders.py."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from review.enums import FilingState
from review.models import Filing
from review.queries import reminders as due
from riskreport.ground import clock
from riskreport.ground.reminders import Ask, Due, after, before, every, reminder
from riskreport.ground.workdays import working_days

BEFORE_DUE = _("days before the day it is due")
EVERY = _("days from one reminder to the next")


@reminder(
    "report.due",
    title=_("Reports that come due"),
    counts=BEFORE_DUE,
    days=(30, 15, 7, 3, 1),
    one=_("Your report for “%(campaign)s” is due on %(day)s and not filed yet."),
    many=_("%(count)s reports that you write come due and are not filed yet."),
    many_url="filings",
)
def report_due(ask: Ask) -> Iterator[Due]:
    """Who writes a report that comes due and is not filed."""
    last = ask.on + dt.timedelta(days=max(ask.days))
    rows = due.unfiled(ask.on, ask.objects).filter(due_on__gte=ask.on, due_on__lte=last)
    for person, pk, campaign, day, joined in due.to_write(rows, day=F("due_on"), joined=F("joined_on")):
        if step := before(day, ask, since=joined):
            yield Due(person, pk, step, {"campaign": campaign, "day": str(day)}, reverse("filing", args=[pk]))


@reminder(
    "report.overdue",
    title=_("Reports past their day"),
    counts=EVERY,
    days=(7,),
    one=_("Your report for “%(campaign)s” was due on %(day)s and is not filed. Please file it now."),
    many=_("%(count)s reports that you write are past their day. Please file them now."),
    many_url="filings",
)
def report_overdue(ask: Ask) -> Iterator[Due]:
    """Who writes a report whose day has passed."""
    rows = due.unfiled(ask.on, ask.objects).filter(due_on__lt=ask.on)
    for person, pk, campaign, day in due.to_write(rows, day=F("due_on")):
        data = {"campaign": campaign, "day": str(day)}
        yield Due(person, pk, every(day, ask), data, reverse("filing", args=[pk]))


@reminder(
    "report.returned",
    title=_("Returned reports"),
    counts=_("days since the report was returned"),
    days=(3, 7, 14),
    one=_("Your report for “%(campaign)s” was returned on %(day)s. It is your turn to correct it."),
    many=_("%(count)s reports that you write were returned. It is your turn to correct them."),
    many_url="filings",
)
def report_returned(ask: Ask) -> Iterator[Due]:
    """Who has a returned report to correct."""
    rows = due.unfiled(ask.on, ask.objects).filter(state=FilingState.RETURNED)
    yield from _since(ask, rows, **due.returned_at())


@reminder(
    "report.approved",
    title=_("Approved reports that are not filed"),
    counts=_("days since the report was approved"),
    days=(7, 14, 21),
    one=_("Your first report for “%(campaign)s” was approved on %(day)s. It is your turn to file the final report."),
    many=_("%(count)s of your first reports were approved. It is your turn to file the final reports."),
    many_url="filings",
)
def report_approved(ask: Ask) -> Iterator[Due]:
    """Who has an approved report to file."""
    rows = due.unfiled(ask.on, ask.objects).filter(state=FilingState.APPROVED)
    yield from _since(ask, rows, since=F("approved_at"))


def _since(ask: Ask, rows, **columns) -> Iterator[Due]:
    for person, pk, campaign, moment in due.to_write(rows, **columns):
        if moment is not None and (step := after(due.day_of(moment), ask)):
            data = {"campaign": campaign, "day": str(due.day_of(moment))}
            yield Due(person, pk, step, data, reverse("filing", args=[pk]))


WORKING = _("working days since the report was handed in")


@reminder(
    "review.waiting",
    title=_("Reports that wait for review: the reviewers"),
    counts=WORKING,
    days=(3, 5, 8),
    one=_("A report for “%(campaign)s” has waited for your review since %(day)s."),
    many=_("%(count)s reports have waited several working days for your review."),
    many_url="review_queue",
)
def review_waiting(ask: Ask) -> Iterator[Due]:
    """Who decides a report that has waited for days: its reviewers, or the one who took it."""
    yield from _waiting(ask, due.reviewers_of)


@reminder(
    "review.chief",
    title=_("Reports that wait for review: the chief"),
    counts=WORKING,
    days=(5, 10),
    one=_("A report for “%(campaign)s” has waited for the review of your department since %(day)s."),
    many=_("%(count)s reports have waited several working days for the review of your department."),
    many_url="filings",
)
def review_chief(ask: Ask) -> Iterator[Due]:
    """Whose department lets a report wait."""
    yield from _waiting(ask, due.chiefs_of)


def _waiting(ask: Ask, people: Callable[[QuerySet[Filing]], Iterable[tuple]]) -> Iterator[Due]:
    passed = cache(lambda day: working_days(day + dt.timedelta(days=1), ask.on))  # few days, many reports
    least = clock.end_of(ask.on - dt.timedelta(days=min(ask.days)))
    for person, pk, campaign, moment in people(due.to_review(ask.on, ask.objects).filter(submitted_at__lt=least)):
        day = due.day_of(moment)
        if step := after(day, ask, passed=passed(day)):
            yield Due(person, pk, step, {"campaign": campaign, "day": str(day)}, reverse("review", args=[pk]))


@reminder(
    "visit.near",
    title=_("Faults found on the spot, to be mended by a day"),
    counts=_("days before the day to mend them by"),
    days=(7, 3, 1),
    one=_("What was found on the spot for “%(campaign)s” is to be mended by %(day)s."),
    many=_("What was found on %(count)s visits is to be mended soon."),
    many_url="visits",
)
def visit_near(ask: Ask) -> Iterator[Due]:
    """Who has faults to mend by a day to come."""
    last = ask.on + dt.timedelta(days=max(ask.days))
    rows = due.faults(ask.objects).filter(rectify_by__gte=ask.on, rectify_by__lte=last)
    for person, pk, unit, campaign, day in due.to_mend(rows):
        if step := before(day, ask):
            yield Due(person, pk, step, {"campaign": campaign, "day": str(day)}, _visits_of(unit))


@reminder(
    "visit.past",
    title=_("Faults found on the spot, past their day"),
    counts=EVERY,
    days=(7,),
    one=_("What was found on the spot for “%(campaign)s” was to be mended by %(day)s. Please mend it now."),
    many=_("What was found on %(count)s visits was to be mended and is past its day. Please mend it now."),
    many_url="visits",
)
def visit_past(ask: Ask) -> Iterator[Due]:
    """Who has faults to mend whose day has passed."""
    for person, pk, unit, campaign, day in due.to_mend(due.faults(ask.objects).filter(rectify_by__lt=ask.on)):
        yield Due(person, pk, every(day, ask), {"campaign": campaign, "day": str(day)}, _visits_of(unit))


@reminder(
    "visit.again",
    title=_("Visits to be made again"),
    counts=_("days since the day to mend faults by has passed"),
    days=(1, 7),
    one=_("Faults that your department found on the spot were to be mended by %(day)s. Look whether they are."),
    many=_("Faults that your department found on %(count)s visits were to be mended by now. Look whether they are."),
    many_url="visits",
)
def visit_again(ask: Ask) -> Iterator[Due]:
    """Who looks again whether faults are mended."""
    rows = due.faults(ask.objects).filter(rectify_by__lt=ask.on)
    for person, pk, unit, _campaign, day in due.to_visit_again(rows):
        if step := after(day, ask):
            yield Due(person, pk, step, {"day": str(day)}, _visits_of(unit))


def _visits_of(unit: int) -> str:
    return f"{reverse('archive_history', args=[unit])}#visits"


@reminder(
    "catalogue.todo",
    title=_("Changed catalogues nobody has looked at"),
    counts=_("days since the new version holds"),
    days=(7, 14, 30),
    one=_("“%(catalogue)s” holds in version %(version)s since %(day)s. It is your turn to look at what has changed."),
    many=_("%(count)s catalogues have changed. It is your turn to look at what has changed."),
)
def catalogue_todo(ask: Ask) -> Iterator[Due]:
    """Who has not looked at a new version of a catalogue."""
    least = clock.end_of(ask.on - dt.timedelta(days=min(ask.days)))
    for person, pk, catalogue, title, version, moment in due.to_look(least, ask.objects):
        day = due.day_of(moment)
        if step := after(day, ask):
            data = {"catalogue": title, "version": str(version), "day": str(day)}
            yield Due(person, pk, step, data, reverse("catalogue_change", args=[catalogue]))
