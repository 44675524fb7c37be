"""Taking in the officials of a department from a file: its cells, and what may change by it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enterprises.domain.issuing import UNUSABLE
from enterprises.enums import OFFICIAL_ROLES, ROLES_OF
from enterprises.models import Department, User
from enterprises.queries.accounts import departments_for_user, people_for_user
from riskreport.ground.sheets.cleaners import Cleaner, Wrong, folded
from riskreport.ground.sheets.importer import Said, Values

ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._-]{3,39}")
OFFICIALS = {role.value: role.label for role in sorted(OFFICIAL_ROLES)}


def standing_people(user: Any) -> QuerySet[User]:
    """Return the officials a file may name: those the person sees in the list."""
    return people_for_user(user).filter(department__isnull=False)


def clean_account(value: str) -> str:
    """An account name: small letters, digits, dot and dashes."""
    account = "".join(value.lower().split())
    if not ACCOUNT.fullmatch(account):
        raise Wrong(_("4 to 40 small letters or digits, also . _ and -; for a new person their name in pinyin"))
    return account


def department_cleaner(user: Any) -> Cleaner:
    """One of the departments the person sees, by its name in either language or its code."""
    rows = list(departments_for_user(user))
    known = {folded(word): row.pk for row in rows for word in (row.code, row.name, row.name_en) if word}
    wanted = _("the full name of your department, for example %(name)s") % {"name": rows[0].name if rows else ""}

    def clean(value: str) -> int:
        found = known.get(folded(value))
        if found is None:
            raise Wrong(wanted)
        return found

    return clean


def department_words(user: Any) -> Sequence[str]:
    """The words of the template's drop-down."""
    return [row.label for row in departments_for_user(user)]


def without_password(rows: Sequence[Values]) -> Sequence[Values]:
    """New people can't sign in before they get a first-use code."""
    return [{"password": UNUSABLE} for _row in rows]


def is_person(row: Values) -> bool:
    """Every new row is a new person."""
    return True


def remarks(user: Any) -> Callable[[Values, Values | None], Iterable[Said]]:
    """Return the rules across a row: a chief changes the people of the own department, and not the own account.

    A row of another department in the chief's sight may stand in the file as it is: an exported list comes back.
    """
    kinds = dict(Department.objects.values_list("pk", "kind"))

    def judge(values: Values, standing: Values | None) -> Iterator[Said]:
        row = {**(standing or {}), **values}
        is_same = standing is not None and all(standing.get(key) == value for key, value in values.items())
        if is_same:
            return
        if {row["owner"], (standing or row)["owner"]} != {user.department_id}:
            yield "owner", _("your own department; people of other departments are kept by their own chief")
        elif row["account"] == user.account and standing is not None and standing["role"] != row["role"]:
            yield "role", _("the role as it is: nobody changes their own")
        elif row["role"] not in ROLES_OF[kinds[row["owner"]]]:
            offered = "、".join(str(role.label) for role in ROLES_OF[kinds[row["owner"]]])
            yield "role", _("one of the roles of the department: %(offered)s") % {"offered": offered}

    return judge
