"""Sheets of people and accounts: who there is, which units have an account, which have none."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from enterprises.checks.first_codes import written_account
from enterprises.enums import Role, Scale
from enterprises.interfaces import people_import
from enterprises.interfaces.columns import UNIT_CODES, first_of, name_of
from enterprises.interfaces.people_filters import (
    AccountState,
    PeopleFilter,
    UnitAccountFilter,
    UnitToIssueFilter,
    state_from,
    state_of,
)
from enterprises.models import Enterprise, User
from enterprises.queries.accounts import people_for_user, unit_accounts_for_user, units_without_account
from enterprises.rules import is_chief, issues_accounts, keeps_people
from riskreport.ground.sheets import Column, Importer, Sheet, cleaners, register_sheet
from riskreport.ground.sheets.values import mask_phone
from riskreport.ground.ui.badges import status_badge

PEOPLE, ACCOUNTS, UNITS = "people", "unit_accounts", "units_to_issue"
TONES = {
    AccountState.IN_USE: "ok",
    AccountState.WAITING: "accent",
    AccountState.LAPSED: "warn",
    AccountState.NO_CODE: "warn",
    AccountState.DISABLED: "neutral",
}
PICK_FORM = "pick"


def draw_state(row: User, value: str) -> str:
    """The state as a badge."""
    return status_badge(value, TONES[state_of(row)])


def _state_word(*facts: Any) -> str:
    return str(state_from(*facts).label)


def _with_password_or_not(rows: QuerySet[User]) -> QuerySet[User]:
    return rows.annotate(has_password=~Q(password__startswith="!"))  # none that is usable  # nosec B106


def _pick(pk: int, name: str, shown: str) -> str:
    """Return a tick box before what is shown, for acts on several rows."""
    return format_html(
        '<span class="rr-pick"><input class="form-check-input" type="checkbox" form="{}" name="pick" value="{}" '
        'aria-label="{}">{}</span>',
        PICK_FORM,
        pk,
        _("Choose %(name)s") % {"name": name},
        shown,
    )


def _draw_unit(row: Enterprise, value: str) -> str:
    return _pick(row.pk, value, value)


def _draw_unit_account(row: User, value: str) -> str:
    name = format_html('<a href="{}">{}</a>', reverse("unit_account", args=[row.pk]), value)
    return _pick(row.pk, value, name) if row.is_active and row.last_login is None else name


def _person_name(name: str) -> str:
    return name or _("(not signed in yet)")


def _person_url(row: User) -> str:
    return reverse("person", args=[row.pk])


def _with_code(rows: QuerySet[User]) -> QuerySet[User]:
    return rows.select_related("first_use")


def _code_until(expires: dt.datetime | None, used: dt.datetime | None) -> dt.datetime | None:
    return expires if used is None else None


CODE = ("first_use__expires_at", "first_use__used_at")
STATE = Column(
    "state", _l("Account state"), ("is_active", *CODE, "last_login", "has_password"), _state_word,
    adds=_with_password_or_not, width=14, css="rr-fit", draw=draw_state,
)  # fmt: skip
LAST = Column("last", _l("Last sign-in"), "last_login", kind="datetime", width=18, sort="last_login")
UNTIL = Column("until", _l("Code valid until"), CODE, _code_until, kind="datetime", width=18, hidden=True)
PHONE = Column(
    "phone", _l("Telephone"), "phone", width=16, css="rr-fit", personal=True, mask=mask_phone
)  # fmt: skip

register_sheet(
    Sheet(
        name=PEOPLE,
        title=_l("People"),
        rows=people_for_user,
        rule=keeps_people,
        filterset=PeopleFilter,
        optimise=_with_code,
        order="name",
        importer=Importer(
            rule=is_chief,
            model=User,
            keys=(("account",),),
            standing=people_import.standing_people,
            fields={"owner": "department_id"},
            remarks=people_import.remarks,
            fresh=people_import.without_password,
            wants_fresh=people_import.is_person,
            version="",
            event="people.imported",
        ),
        empty_title=_l("Nobody yet"),
        empty_text=_l("Add the first person: they get a first-use code and choose their own password."),
        columns=(
            Column(
                "name",
                pgettext_lazy("person", "Name"),
                "name",
                _person_name,
                width=14,
                css="rr-fit",
                sort="name",
                link=_person_url,
                clean=cleaners.text(40),
                required=True,
                example="王芳",
            ),
            Column(
                "account",
                _l("Account"),
                "account",
                width=18,
                sort="account",
                css="rr-fit",
                clean=people_import.clean_account,
                required=True,
                example="wangfang-mz",
                note=_l("It names the person. A new account makes a new person, who gets a first-use code afterwards."),
                aliases=("用户名", "登录名", "登录账号", "账户"),
            ),
            Column(
                "owner",
                _l("Enterprise or department"),
                ("department_label", "enterprise__name"),
                first_of,
                adds=name_of("department", "department__name"),
                width=30,
                css="rr-wide",
                clean_for=people_import.department_cleaner,
                offers=people_import.department_words,
                required=True,
                example="昆山市民政局",
                aliases=("部门", "单位", "所在部门", "所属部门"),
            ),
            Column(
                "role",
                _l("Role"),
                "role",
                kind="choice",
                choices=Role,
                width=16,
                sort="role",
                clean_for=cleaners.choice(people_import.OFFICIALS),
                required=True,
                example=Role.REVIEWER.label,
                aliases=("人员角色", "用户角色"),
            ),
            Column(
                "post",
                _l("Post"),
                "post",
                width=16,
                clean=cleaners.text(40),
                example="科员",
                aliases=("岗位", "职位", "岗位职务"),
            ),
            Column(
                "phone",
                _l("Telephone"),
                "phone",
                width=16,
                css="rr-fit",
                personal=True,
                mask=mask_phone,
                clean=cleaners.phone,
                example="0512-57300000",
                aliases=("电话", "手机", "手机号", "手机号码", "联系方式"),
            ),
            Column("chief", _l("Chief"), "is_chief", kind="bool", width=8, css="rr-fit"),
            STATE,
            LAST,
            Column("created", _l("Account made"), "created_at", kind="datetime", width=18, hidden=True),
            UNTIL,
        ),
    )
)

register_sheet(
    Sheet(
        name=ACCOUNTS,
        title=_l("Accounts of units"),
        rows=unit_accounts_for_user,
        rule=issues_accounts,
        filterset=UnitAccountFilter,
        optimise=_with_code,
        empty_title=_l("No unit has an account yet"),
        empty_text=_l("Issue accounts first: each unit gets a letter with its account and a first-use code."),
        columns=(
            Column("unit", _l("Enterprise"), "enterprise__name", width=36, css="rr-wide", sort="enterprise__name",
                   draw=_draw_unit_account),
            Column("code", _l("Credit or temporary code"), UNIT_CODES, first_of, width=22, hidden=True),
            Column("county", _l("District or county-level city"), "county_label", width=14,
                   adds=name_of("county", "enterprise__town__parent__display_name"),
                   sort="enterprise__town_id"),
            Column("town", _l("Town or street"), "town_label", width=16,
                   adds=name_of("town", "enterprise__town__display_name")),
            Column("address", _l("Address"), "enterprise__address", width=40, hidden=True),
            Column("account", _l("Account"), "account", written_account, width=18, css="rr-fit"),
            Column("name", _l("Administrator"), "name", width=14),
            PHONE,
            STATE,
            LAST,
            UNTIL,
        ),
    )
)  # fmt: skip

register_sheet(
    Sheet(
        name=UNITS,
        title=_l("Units without an account"),
        rows=units_without_account,
        rule=issues_accounts,
        filterset=UnitToIssueFilter,
        optimise=lambda rows: rows.defer("profile"),
        order="county",
        empty_title=_l("Every unit of your roster has an account"),
        empty_text=_l(
            "Units that join the roster later appear here until they have one. "
            "Codes that got lost: see the accounts of units."
        ),
        columns=(
            Column("name", _l("Name"), "name", width=36, css="rr-wide", sort="name", draw=_draw_unit),
            Column("code", _l("Credit or temporary code"), ("credit_code", "temporary_code"), first_of, width=22,
                   css="rr-fit"),
            Column("category", _l("Category"), "category_label", adds=name_of("category"), width=20,
                   sort="category_id"),
            Column("county", _l("District or county-level city"), "county_label", adds=name_of("county"), width=14,
                   sort="town_id"),
            Column("town", _l("Town or street"), "town_label", adds=name_of("town"), width=16),
            Column("address", _l("Address"), "address", width=40, css="rr-wide"),
            Column("scale", _l("Scale"), "scale", kind="choice", choices=Scale, width=10, hidden=True),
            Column("joined", _l("Joined on"), "joined_on", kind="date", width=12, sort="joined_on", hidden=True),
        ),
    )
)  # fmt: skip
