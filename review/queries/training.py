"""Training: which sessions and attendances a person may see, and how far the units of an area are trained.

A unit is trained on a day when somebody of it had come to a session held by then. A person who came to two sessions
counts twice among the people trained, as the organisers' lists count. Lists filter by the very conditions below.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, ExpressionWrapper, F, IntegerField, OuterRef, Q, QuerySet

from enterprises.models import Enterprise, User
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.scope import NOTHING, Scope, scope_for
from review.enums import OFFERED, TrainingState
from review.models import TrainingAttendance, TrainingSession, TrainingTest
from review.queries.completion import WHOLE
from risks.queries.catalogues import category_codes_of

UNIT = "enterprise__"


# --- what a person may see --------------------------------------------------------------------------------------------
def unit_scope(scope: Scope) -> Q:
    """Return the condition on attendances of a scope: it is that of the units."""
    return scope.q(town="enterprise__town_id", category="enterprise__category_id", enterprise="enterprise_id")


def attendances_for_user(user: User) -> QuerySet[TrainingAttendance]:
    """Return who signed up or came, of the units a person counts as theirs."""
    return TrainingAttendance.objects.filter(unit_scope(scope_for(user)))


def tests_for_user(user: User) -> QuerySet[TrainingTest]:
    """Return the results of the people of units a person counts as theirs."""
    return TrainingTest.objects.filter(unit_scope(scope_for(user)))


def sessions_for_user(user: User) -> QuerySet[TrainingSession]:
    """Return the sessions a person may see.

    A unit sees what is offered to it, and what its people signed up for or came to. A department sees the sessions for
    its area and categories, its own, and those its units came to.
    """
    scope = scope_for(user)
    if scope == NOTHING:
        return TrainingSession.objects.none()
    went = Q(Exists(attendances_for_user(user).filter(session=OuterRef("pk"))))
    if user.enterprise is not None:
        return TrainingSession.objects.filter(_offered_to(user.enterprise) | went)
    meant = _meets(scope.ranges)
    if scope.categories is not None:
        meant &= for_categories_q(sorted(scope.categories))
    return TrainingSession.objects.filter(meant | Q(department=user.department_id) | went)


def _offered_to(unit: Enterprise) -> Q:
    place = Q(region__low__lte=unit.town_id, region__high__gte=unit.town_id)
    return Q(state__in=sorted(OFFERED)) & place & for_categories_q(category_codes_of(unit))


def is_offered_to(unit: Enterprise, session: TrainingSession) -> bool:
    """Whether a session that is open is for a unit, by its place and its categories."""
    return TrainingSession.objects.filter(_offered_to(unit), pk=session.pk).exists()


def _meets(ranges: tuple[tuple[int, int], ...]) -> Q:
    found = Q(pk__in=[])
    for low, high in ranges:
        found |= Q(region__low__lte=high, region__high__gte=low)
    return found


def for_categories_q(codes: list[str]) -> Q:
    """Return the condition of sessions for any of these categories; one that names none is for all."""
    links = TrainingSession.categories.through.objects.filter(trainingsession=OuterRef("pk"))
    return ~Q(Exists(links)) | Q(Exists(links.filter(category__in=codes)))


# --- how far units are trained ----------------------------------------------------------------------------------------
def held_q(as_of: dt.date, path: str = "session__") -> Q:
    """Return the condition of a session that had been held by the end of a day."""
    return Q(**{f"{path}state": TrainingState.HELD, f"{path}held_on__lte": as_of})


def came_q(as_of: dt.date) -> Q:
    """Return the condition of an attendance that counts on a day."""
    return Q(came=True) & held_q(as_of)


def on_roster_q(as_of: dt.date, path: str = "") -> Q:
    """Return the condition of a unit that stood on the roster on a day."""
    gone = Q(**{f"{path}left_on__isnull": True}) | Q(**{f"{path}left_on__gt": as_of})
    return Q(**{f"{path}joined_on__lte": as_of}) & gone


def is_trained(as_of: dt.date) -> Exists:
    """Return whether somebody of the unit had come to a session by a day, for rows of units."""
    return Exists(TrainingAttendance.objects.filter(came_q(as_of), enterprise=OuterRef("pk")))


@dataclass(frozen=True)
class Trained:
    """Units on the roster, those of them that are trained, people trained, sessions their units came to."""

    roster: int = 0
    trained: int = 0
    people: int = 0
    sessions: int = 0

    @property
    def rate(self) -> Decimal | None:
        """The share of the roster that is trained, None where there is nobody to train."""
        return Decimal(self.trained) / self.roster if self.roster else None

    @property
    def untrained(self) -> int:
        """How many units of the roster have not been trained."""
        return self.roster - self.trained


@dataclass(frozen=True)
class Group:
    """The figures of one district, town, sector or category; its code is None for the total."""

    code: int | str | None
    figures: Trained


@dataclass(frozen=True)
class Part:
    """What figures are narrowed to: a district, some categories; None is not narrowed."""

    county: int | None = None
    categories: tuple[str, ...] | None = None

    def q(self, path: str = "") -> Q:
        """Return the condition on units, or on what points to them by ``path``."""
        found = Q()
        if self.county is not None:
            low = self.county * COUNTY_DIVISOR
            found &= Q(**{f"{path}town_id__gte": low, f"{path}town_id__lt": low + COUNTY_DIVISOR})
        if self.categories is not None:
            found &= Q(**{f"{path}category_id__in": sorted(self.categories)})
        return found


WHOLE_PART = Part()


def coverage(*, as_of: dt.date, by: str = "total", scope: Scope = WHOLE, part: Part = WHOLE_PART) -> list[Group]:
    """Return how far units are trained on a day, by total, district, town, sector or category; two queries.

    Sessions are counted in each group that a unit of it came from, so they do not add up. Raises KeyError for an
    unknown grouping.
    """
    units = Enterprise.objects.filter(scope.q(enterprise="pk"), on_roster_q(as_of), part.q())
    came = TrainingAttendance.objects.filter(unit_scope(scope), came_q(as_of), part.q(UNIT))
    counts = {
        "n_trained": Count("enterprise", distinct=True, filter=on_roster_q(as_of, UNIT)),
        "n_people": Count("*"),
        "n_sessions": Count("session", distinct=True),
    }
    if by == "total":
        found = came.aggregate(**counts)
        figures = Trained(units.count(), found["n_trained"], found["n_people"], found["n_sessions"])
        return [Group(None, figures)]
    roster = dict(units.order_by().values_list(_dimension(by, "")).annotate(n=Count("*")))
    rows = came.order_by().annotate(code=_dimension(by, UNIT)).values("code").annotate(**counts)
    known = {row["code"]: (row["n_trained"], row["n_people"], row["n_sessions"]) for row in rows}
    codes = sorted(roster.keys() | known.keys())
    return [Group(code, Trained(roster.get(code, 0), *known.get(code, (0, 0, 0)))) for code in codes]


def _dimension(by: str, path: str) -> Any:
    return {
        "district": ExpressionWrapper(F(f"{path}town_id") / COUNTY_DIVISOR, output_field=IntegerField()),
        "town": F(f"{path}town_id"),
        "sector": F(f"{path}category__sector_id"),
        "category": F(f"{path}category_id"),
    }[by]


def training_of(*, categories: list[str], as_of: dt.date, scope: Scope = WHOLE) -> Trained:
    """Return how far the units of some categories are trained on a day: what a bulletin says of a reporting task."""
    return coverage(as_of=as_of, scope=scope, part=Part(categories=tuple(categories)))[0].figures
