"""Which letters a person may see, and which wait for them."""

import datetime as dt

from django.db.models import Q, QuerySet

from enterprises.enums import SEES_EVERY_LINE
from enterprises.models import User
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.scope import scope_for
from review.enums import ANSWER_OWED, NEVER_ISSUED, LetterState
from review.models import Letter

WITH = ("issuer", "campaign", "to_department", "to_region", "to_enterprise", "answerer", "interview")


def letters_for_user(user: User) -> QuerySet[Letter]:
    """Return the letters a person may open.

    A unit: those issued to it. A department: its own, drafts included; those it answers or that went up to it; those to
    units within its scope. Who sees every line within an area: also those to departments and areas there.
    """
    scope = scope_for(user)
    if scope.enterprise_id is None and not scope.ranges:
        return Letter.objects.none()
    if scope.enterprise_id is not None:
        return Letter.objects.filter(to_enterprise=scope.enterprise_id).exclude(state__in=NEVER_ISSUED)
    seen = Q(answerer=user.department_id) | Q(pk__in=_raised_to(user))
    seen |= Q(to_enterprise__isnull=False) & scope.q(
        town="to_enterprise__town_id", category="to_enterprise__category_id", enterprise="to_enterprise_id"
    )
    if user.department.kind in SEES_EVERY_LINE:
        seen |= _answered_within(user, scope.ranges)
    return Letter.objects.filter(Q(issuer=user.department_id) | (seen & ~Q(state__in=NEVER_ISSUED)))


def _raised_to(user: User) -> QuerySet:
    return Letter.objects.filter(raises__to_department=user.department_id).values("pk")


def _answered_within(user: User, ranges: tuple[tuple[int, int], ...]) -> Q:
    """Letters to departments whose own region lies whole in the areas: towns, counties, the city."""
    within = Q(pk__in=[])
    for low, high in ranges:
        first, last = -(-low // COUNTY_DIVISOR), (high - COUNTY_DIVISOR + 1) // COUNTY_DIVISOR
        within |= Q(answerer__region__gte=low, answerer__region__lte=high)
        within |= Q(answerer__region__gte=first, answerer__region__lte=last)
    return Q(to_enterprise__isnull=True) & within


def letters_to_answer(user: User) -> QuerySet[Letter]:
    """Return the letters that wait for the person's enterprise or department, the earliest due first."""
    owed = Letter.objects.filter(state__in=ANSWER_OWED).order_by("due_on", "id")
    if user.enterprise_id is not None:
        return owed.filter(to_enterprise=user.enterprise_id)
    return owed.filter(answerer=user.department_id)


def letters_to_check(user: User) -> QuerySet[Letter]:
    """Return the answered letters of the person's department that wait to be checked."""
    return Letter.objects.filter(state=LetterState.REPLIED, issuer=user.department_id).order_by("replied_at", "id")


def overdue_letters(on: dt.date) -> QuerySet[Letter]:
    """Return the letters whose answer, or whose interview, was due before a day."""
    return Letter.objects.filter(state__in=ANSWER_OWED, due_on__lt=on)


def with_all(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Join what a page about letters names."""
    return letters.select_related(*WITH)
