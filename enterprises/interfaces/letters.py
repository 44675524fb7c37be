"""The letters with first-use codes: one page per enterprise, by township, one PDF."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.checks.first_codes import written, written_account
from enterprises.domain.first_use import VALID
from enterprises.domain.issuing import Issued
from enterprises.models import User
from riskreport.ground.documents.parts import typeset_parts
from riskreport.ground.documents.typeset import qr_svg

SOURCE = "account_letters.typ"
PART = 500


def letters_pdf(
    *, issued: Sequence[Issued], issuer: User, address: str, at: dt.datetime, told: Callable[[int], None]
) -> bytes:
    """Return the PDF of the letters; ``told`` hears how many are set as it goes on.

    ``address`` is the whole address of the first sign-in page.
    """
    rows = _in_order(issued)
    towns = [(name, len(list(group))) for name, group in groupby(rows, key=lambda row: row["town"])]
    frame = _frame(issuer, address, at, len(rows))

    def parts() -> Iterator[dict[str, Any]]:
        for start in range(0, len(rows), PART):
            told(start)
            letters = groupby(rows[start : start + PART], key=lambda row: row["town"])
            grouped = [{"name": name, "letters": list(group)} for name, group in letters]
            yield frame | {"towns": grouped, "cover": _cover(towns) if start == 0 else []}

    return typeset_parts(SOURCE, parts(), at=at)


def _in_order(issued: Sequence[Issued]) -> list[dict[str, Any]]:
    """Return the letters by county, town and unit, or by department and name, numbered through."""
    codes = {row.user_id: row for row in issued}
    found: list[tuple[tuple, dict[str, Any]]] = []
    numbers = list(codes)
    for start in range(0, len(numbers), PART):
        people = User.objects.filter(pk__in=numbers[start : start + PART])
        for person in people.select_related("enterprise__town__parent", "department__region"):
            one = codes[person.pk]
            letter = {"account": written_account(one.account), "code": written(one.code)}
            order, where = _for_unit(person) if person.enterprise_id else _for_official(person)
            found.append(((*order, person.pk), letter | where))
    found.sort(key=lambda pair: pair[0])
    return [
        letter | {"number": _("No. %(number)s") % {"number": number}} for number, (_o, letter) in enumerate(found, 1)
    ]


def _for_unit(person: User) -> tuple[tuple, dict[str, str]]:
    unit, town = person.enterprise, person.enterprise.town
    where = f"{town.parent.name} {town.name}" if town.parent else town.name
    said = {
        "unit": unit.name,
        "address": unit.address,
        "town": where,
        "attention": _("For the person in charge of safety"),
        "kind": _("An administrator's account for reporting safety risks has been opened for your unit."),
    }
    return (town.parent.order if town.parent else 0, town.order, town.pk, unit.name), said


def _for_official(person: User) -> tuple[tuple, dict[str, str]]:
    department = person.department
    said = {
        "unit": department.name,
        "address": "",
        "town": department.name,
        "attention": _("For %(name)s") % {"name": person.name},
        "kind": _("An account has been opened for you."),
    }
    return (department.region_id, 0, department.pk, person.name), said


def _cover(towns: Sequence[tuple[str, int]]) -> list[list[str]]:
    """Return the lines of the distribution list: town, how many, which numbers."""
    lines, first = [], 1
    for name, count in towns:
        lines.append([name, str(count), f"{first}–{first + count - 1}" if count > 1 else str(first)])
        first += count
    return lines


def _frame(issuer: User, address: str, at: dt.datetime, count: int) -> dict[str, Any]:
    department = issuer.department
    day, last = (timezone.localtime(moment) for moment in (at, at + VALID))
    system = f"{settings.OFFICE_NAME} · {settings.SYSTEM_NAME}"
    words = {"department": department.name, "phone": department.phone or _("see the department's notice board")}
    until = {"year": last.year, "month": last.month, "day": last.day}
    return {
        "title": _("Letters with first-use codes"),
        "office": settings.OFFICE_NAME,
        "cover_text": _("%(count)s letters, by township. Hand them out unopened.") % {"count": count},
        "cover_head": [_("Township"), _("Letters"), _("Numbers")],
        "sender": f"{department.name} · {system}",
        "issued_on": _("%(year)s-%(month)s-%(day)s") % {"year": day.year, "month": day.month, "day": day.day},
        "heading": _("Your account for safety-risk reporting"),
        "opening": _("Please sign in for the first time before the code below lapses."),
        "labels": {
            "account": _("Account"),
            "code": _("First-use code"),
            "address": _("Page of the first sign-in"),
            "scan": _("Scan to open"),
        },
        "valid": _(
            "The code is valid until %(year)s-%(month)s-%(day)s and works once. A newer letter makes it invalid."
        )
        % until,
        **_instructions(),
        "ask": _("Questions: %(department)s, telephone %(phone)s") % words,
        "signed": department.name,
        "address": address,
        "qr": qr_svg(address),
    }


def _instructions() -> dict[str, Any]:
    return {
        "steps": [
            _("Open the page below on a computer or a telephone, or scan the code."),
            _("Enter the account and the first-use code."),
            _("Enter your own name and telephone, and choose a password that only you know."),
            _("Invite your colleagues from “People”: everybody signs in with an account of their own."),
        ],
        "notes": [
            _(
                "Keep this letter safe and destroy it after the first sign-in. Nobody will ever ask you for the code "
                "or the password by telephone."
            )
        ],
    }
