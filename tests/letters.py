"""A small world for letters: the city's office, a task half over, units that have and have not filed."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from enterprises.enums import Role
from enterprises.models import User
from review.domain.letters.drafting import draft_letter
from review.domain.letters.setting import set_mark
from review.domain.letters.workflow import LetterMoved, deliver_letter, move_letter
from review.enums import FilingState, LetterAction, LetterKind
from review.models import Filing, Interview, Letter
from riskreport.ground import clock
from tests import factories

A = LetterAction
GIVEN_INTERVIEW = {"attended_name": "周敏", "attended_post": "局长", "in_person": True, "minutes": "谈了进度。"}


def world(*, units: int = 2, filed: int = 0) -> SimpleNamespace:
    """Units of civil affairs in Huaqiao that owe a report; offices and bureaus with somebody who answers."""
    today = clock.today()
    campaign = factories.campaign(opens_on=today - dt.timedelta(days=60), due_on=today + dt.timedelta(days=40))
    filings = [
        Filing.objects.create(
            campaign=campaign, enterprise=unit, department=factories.bureau(), town_id=unit.town_id,
            category_id=unit.category_id, scale=unit.scale, joined_on=campaign.opens_on, due_on=campaign.due_on,
        )
        for unit in (factories.enterprise() for _ in range(units))
    ]  # fmt: skip
    for filing in filings[:filed]:
        moment = clock.now()
        Filing.objects.filter(pk=filing.pk).update(
            state=FilingState.FILED, filed_at=moment, first_filed_at=moment, first_filed_on=today
        )
    office = factories.user(Role.OFFICE)
    factories.bureau("civil", factories.CITY)
    county = factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN))
    bureau = factories.user(Role.KEEPER, of=factories.bureau())
    set_mark(user=office, mark="苏安办")
    return SimpleNamespace(campaign=campaign, filings=filings, office=office, county=county, bureau=bureau)


def letter(made: SimpleNamespace, kind: str = LetterKind.WARNING, *, to: str = "") -> Letter:
    """Return a draft; to the bureau of civil affairs in Kunshan unless another subject is given."""
    subject = to or f"department-{factories.bureau().pk}"
    return draft_letter(user=made.office, kind=kind, campaign=made.campaign, subject=subject)


def move(row: Letter, action: str, user: User, *, reason: str = "核查后决定。", **given: Any) -> LetterMoved:
    """Make a move with the version that stands."""
    version = Letter.objects.values_list("version", flat=True).get(pk=row.pk)
    return move_letter(
        letter_id=row.pk, action=action, user=user, seen_version=version, reason=reason, given=given
    )  # fmt: skip


def issued(made: SimpleNamespace, kind: str = LetterKind.WARNING, *, to: str = "") -> Letter:
    """Return a letter that was issued and delivered."""
    row = letter(made, kind, to=to)
    move(row, A.ISSUE, made.office)
    deliver_letter(letter_id=row.pk)
    return Letter.objects.get(pk=row.pk)


def answered(made: SimpleNamespace, by: User, **options: Any) -> Letter:
    """Return a letter that was read and answered by somebody."""
    row = issued(made, **options)
    move(row, A.READ, by)
    move(row, A.REPLY, by, text="已部署整改。")
    return Letter.objects.get(pk=row.pk)


def hold(row: Letter, office: User) -> None:
    """Let an interview have been held just now."""
    moment = clock.now()
    Interview.objects.filter(letter=row).update(at=moment)
    move(row, A.HOLD, office, held_at=moment, **GIVEN_INTERVIEW)


def overdue(row: Letter, days: int = 1) -> None:
    """Put a letter's day back."""
    Letter.objects.filter(pk=row.pk).update(due_on=clock.today() - dt.timedelta(days=days))
