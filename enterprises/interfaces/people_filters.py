"""Filters of people and of the accounts of units."""

import datetime as dt
from typing import Any

import django_filters as filters
from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enterprises.enums import Role
from enterprises.interfaces.filters import AreaFilterMixin, EnterpriseFilter
from enterprises.models import User
from enterprises.queries.accounts import batches_for_user, departments_for_user, never_or_since
from riskreport.ground import clock

SEARCH = forms.TextInput(attrs={"type": "search"})


class AccountState(models.TextChoices):
    """Where an account stands. Each condition of ``STATES`` leaves out the others."""

    IN_USE = "in_use", _("In use")
    WAITING = "waiting", _("Code not used yet")
    LAPSED = "lapsed", _("Code lapsed")
    NO_CODE = "no_code", _("No code yet")
    DISABLED = "disabled", _("Disabled")


class LastSignIn(models.TextChoices):
    NEVER = "never", _("Never")
    DAYS_90 = "90", _("Not for 90 days")
    DAYS_180 = "180", _("Not for 180 days")


def state_of(person: User) -> AccountState:
    """Return where an account stands; the person comes with its first-use code."""
    code = getattr(person, "first_use", None)
    expires, used = (code.expires_at, code.used_at) if code is not None else (None, None)
    return state_from(person.is_active, expires, used, person.last_login, person.has_usable_password())


def state_from(
    is_active: bool,
    code_expires: dt.datetime | None,
    code_used: dt.datetime | None,
    last_login: dt.datetime | None,
    has_password: bool,
) -> AccountState:
    """Return where an account stands; ``code_expires`` is None when it never had a first-use code."""
    if not is_active:
        return AccountState.DISABLED
    if code_expires is not None and code_used is None:
        return AccountState.WAITING if code_expires > clock.now() else AccountState.LAPSED
    if code_expires is None and last_login is None and not has_password:
        return AccountState.NO_CODE
    return AccountState.IN_USE


def in_state(rows: QuerySet[User], state: str) -> QuerySet[User]:
    """Leave the people whose account stands so: the same as ``state_of``, asked of the database."""
    if state == AccountState.DISABLED:
        return rows.filter(is_active=False)
    rows, moment = rows.filter(is_active=True), clock.now()
    unused = Q(first_use__isnull=False, first_use__used_at=None)
    no_code = Q(first_use=None, last_login=None, password__startswith="!")  # none that is usable  # nosec B106
    conditions = {
        AccountState.WAITING: unused & Q(first_use__expires_at__gt=moment),
        AccountState.LAPSED: unused & Q(first_use__expires_at__lte=moment),
        AccountState.NO_CODE: no_code,
        AccountState.IN_USE: ~unused & ~no_code,
    }
    return rows.filter(conditions[AccountState(state)])


def signed_in_last(rows: QuerySet[User], value: str) -> QuerySet[User]:
    """Leave the active people who never signed in, or not for so many days."""
    if value == LastSignIn.NEVER:
        return rows.filter(last_login=None, is_active=True)
    return never_or_since(rows, clock.now() - dt.timedelta(days=int(value)))


class StateFilterMixin(filters.FilterSet):
    """State and last sign-in, the same for all lists of people."""

    state = filters.ChoiceFilter(
        label=_("Account state"), choices=AccountState.choices, method="in_state", empty_label=_("All")
    )
    last = filters.ChoiceFilter(
        label=_("Last sign-in"), choices=LastSignIn.choices, method="signed_in_last", empty_label=_("All")
    )

    def in_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows whose account stands so."""
        return in_state(rows, value)

    def signed_in_last(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows of people who have not signed in for so long."""
        return signed_in_last(rows, value)


class PeopleFilter(StateFilterMixin):
    """Filters of the people a person keeps. An enterprise has no departments, so it is not asked for one."""

    q = filters.CharFilter(label=_("Name or account"), method="matching", widget=SEARCH, max_length=40)
    department = filters.ChoiceFilter(label=_("Department"), field_name="department_id", empty_label=_("All"))
    role = filters.ChoiceFilter(label=_("Role"), empty_label=_("All"))

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user, offered = self.request.user, self.form.fields
        is_unit = user.enterprise_id is not None
        offered["role"].choices = [
            (role, role.label) for role in Role if role.value.startswith("enterprise_") == is_unit
        ]
        departments = [] if is_unit else list(departments_for_user(user).order_by("region_id", "code"))
        if len(departments) > 1:
            offered["department"].choices = [(row.pk, row.label) for row in departments]
        else:
            del offered["department"]

    def matching(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows whose name or account contains the text."""
        text = value.strip()
        return rows.filter(Q(name__icontains=text) | Q(account__contains="".join(text.lower().split())))


class UnitAccountFilter(AreaFilterMixin, StateFilterMixin):
    """Filters of the administrators' accounts of enterprises."""

    q = filters.CharFilter(label=_("Unit or account"), method="matching", widget=SEARCH, max_length=60)
    county = filters.ChoiceFilter(label=_("District or county-level city"), method="in_county", empty_label=_("All"))
    town = filters.ChoiceFilter(label=_("Town or street"), method="in_town", empty_label=_("All"))
    sector = filters.ChoiceFilter(label=_("Sector"), method="in_sector", empty_label=_("All"))
    category = filters.ChoiceFilter(label=_("Category"), method="in_category", empty_label=_("All"))
    batch = filters.ModelChoiceFilter(
        label=_("Batch of letters"),
        field_name="first_use__batch",
        queryset=lambda request: batches_for_user(request.user),
        widget=forms.HiddenInput,
    )

    class Meta:
        model = User
        fields: list[str] = []

    town_path = "enterprise__town_id"
    category_path = "enterprise__category_id"

    def matching(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows whose unit, code or account contains the text."""
        text = value.strip()
        account = "".join(text.lower().split())
        return rows.filter(
            Q(enterprise__name__icontains=text)
            | Q(account__contains=account)
            | Q(enterprise__credit_code__contains=text.upper())
        )


class UnitToIssueFilter(EnterpriseFilter):
    """Filters of the units without an account: all of them are on the roster."""

    lifecycle = None
