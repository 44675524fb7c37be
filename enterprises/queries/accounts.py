"""People and their accounts: whose a person may see, which units have none, what is open at a sign-in."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet

from enterprises.enums import ON_ROSTER, DepartmentKind, Role
from enterprises.models import Department, Enterprise, LetterBatch, SignIn, User
from enterprises.queries.scope import enterprises_for_user, scope_for


def people_for_user(user: User) -> QuerySet[User]:
    """Return the people whose accounts a person looks after.

    An enterprise's administrator: its people. A chief: the department's; the committee's chief those of all departments
    in its area too. The system operator: every official. Everybody else: nobody.
    """
    if not user.is_authenticated or not user.is_active:
        return User.objects.none()
    if user.role == Role.ENTERPRISE_ADMIN:
        return User.objects.filter(enterprise=user.enterprise_id)
    if user.role == Role.OPERATOR:
        return User.objects.filter(department__isnull=False)
    return User.objects.filter(department__in=_departments_of_chief(user))


def departments_for_user(user: User) -> QuerySet[Department]:
    """Return the departments whose people a person looks after."""
    if user.is_authenticated and user.is_active and user.role == Role.OPERATOR:
        return Department.objects.all()
    return _departments_of_chief(user)


def _departments_of_chief(user: User) -> QuerySet[Department]:
    if not user.is_authenticated or not user.is_active or not user.is_chief:
        return Department.objects.none()
    condition = Q(pk=user.department_id)
    if user.department.kind == DepartmentKind.COMMITTEE:
        for area in user.department.areas.all():
            condition |= Q(region__low__gte=area.low, region__high__lte=area.high) & ~Q(kind=DepartmentKind.OPERATOR)
    return Department.objects.filter(condition)


def unit_accounts_for_user(user: User) -> QuerySet[User]:
    """Return the administrators of the enterprises that a person counts as theirs."""
    scope = scope_for(user)
    within = scope.q(town="enterprise__town_id", category="enterprise__category_id", enterprise="enterprise_id")
    return User.objects.filter(within, role=Role.ENTERPRISE_ADMIN, enterprise__isnull=False)


def units_without_account(user: User) -> QuerySet[Enterprise]:
    """Return the enterprises on the person's roster that have no active administrator."""
    admins = User.objects.filter(enterprise=OuterRef("pk"), role=Role.ENTERPRISE_ADMIN, is_active=True)
    return enterprises_for_user(user).filter(~Exists(admins), lifecycle__in=ON_ROSTER)


def batches_for_user(user: User) -> QuerySet[LetterBatch]:
    """Return the batches of letters a person answers for, the newest first."""
    return LetterBatch.objects.filter(issued_by=user).select_related("job").order_by("-id")


def colleagues_of(person: User) -> QuerySet[User]:
    """Return the active colleagues of a person, who have signed in or may."""
    if person.enterprise_id is not None:
        rows = User.objects.filter(enterprise=person.enterprise_id)
    else:
        rows = User.objects.filter(department=person.department_id)
    return rows.filter(is_active=True).exclude(pk=person.pk).order_by("name", "id")


def other_administrators(person: User) -> QuerySet[User]:
    """Return the other active administrators of a person's enterprise."""
    return colleagues_of(person).filter(role=Role.ENTERPRISE_ADMIN)


def never_or_since(rows: QuerySet[User], moment: dt.datetime) -> QuerySet[User]:
    """Leave the active people who have not signed in since ``moment``; who never did counts from when they came."""
    last = Q(last_login__lt=moment) | Q(last_login__isnull=True, created_at__lt=moment)
    return rows.filter(last, is_active=True)


@dataclass(frozen=True)
class OpenSession:
    """A session of a person that is still open: when it began, when it was last used, with what browser."""

    pk: int
    at: dt.datetime
    last_used: dt.datetime | None
    browser: str
    is_this: bool


def open_sessions(user: User, *, this_key: str, now: dt.datetime) -> list[OpenSession]:
    """Return the sessions of a person that are open, this one first. Two queries."""
    rows = list(SignIn.objects.filter(user=user).order_by("-id")[:50])
    keys = [row.session_key for row in rows]
    stored = {one.session_key: one for one in Session.objects.filter(session_key__in=keys, expire_date__gt=now)}
    hash_now = user.get_session_auth_hash()
    found = []
    for row in rows:
        session = stored.get(row.session_key)
        data = session.get_decoded() if session is not None else {}
        if data.get("_auth_user_hash") != hash_now:
            continue
        seen = data.get("seen_at")
        used = dt.datetime.fromtimestamp(seen, tz=dt.UTC) if seen else None
        found.append(OpenSession(row.pk, row.at, used, row.browser, row.session_key == this_key))
    return sorted(found, key=lambda one: not one.is_this)
