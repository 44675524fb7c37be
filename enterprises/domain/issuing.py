"""Issuing accounts to the enterprises of a roster: one administrator each, with a first-use code for the letter."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from enterprises.checks.first_codes import ENTERPRISE_PREFIX
from enterprises.domain.first_use import issue_codes, new_accounts
from enterprises.enums import ON_ROSTER, Role
from enterprises.models import Enterprise, FirstUse, LetterBatch, User
from enterprises.queries.accounts import people_for_user, unit_accounts_for_user, units_without_account
from enterprises.rules import may_send_code
from riskreport.ground import clock
from riskreport.ground.domain.events import Line, record_event
from riskreport.ground.domain.jobs import start_job

KIND = "issue_accounts"
LETTERS_KEPT = dt.timedelta(hours=24)
FOLDER = "letters"
UNUSABLE = "!first-use"


@dataclass(frozen=True)
class Issued:
    """An account and its code, for the letter. The code is nowhere else."""

    user_id: int
    account: str
    code: str


def start_issuing(*, user: User, params: dict[str, Any], title: str, total: int) -> LetterBatch:
    """Start the job that issues accounts; ``params`` say for which units and at which address people sign in first.

    Side effects, in one transaction: the job, its batch of letters; a worker is nudged after commit.
    """
    with transaction.atomic():
        job = start_job(kind=KIND, owner=user, params=params, title=title, total=total)
        return LetterBatch.objects.create(
            job=job, issued_by=user, again=bool(params.get("again")), created_at=clock.now()
        )


def make_accounts(*, batch: LetterBatch, enterprise_ids: Sequence[int], actor: User) -> list[Issued]:
    """Make one administrator's account for each of these units that has none, and give each a code.

    Side effects, in order, in one transaction: the units' rows are locked, so that two offices issuing at once do not
    make two; the accounts; their codes; the event ``accounts.issued`` with one line per account. The units are taken
    from the actor's scope again. A unit that got its account from this same batch, in a try that was cut short, gets a
    new code, since nobody has seen the other; any other unit that has an account by now is left alone.
    """
    with transaction.atomic():
        locked = Enterprise.objects.select_for_update(of=("self",)).filter(pk__in=enterprise_ids).order_by("pk")
        list(locked.values_list("pk", flat=True))
        wanted = units_without_account(actor).filter(pk__in=enterprise_ids).order_by("pk")
        fresh = list(wanted.values_list("pk", flat=True))
        people = User.objects.bulk_create(
            [
                User(account=account, name="", role=Role.ENTERPRISE_ADMIN, enterprise_id=pk, password=UNUSABLE)
                for pk, account in zip(fresh, new_accounts(ENTERPRISE_PREFIX, len(fresh)), strict=True)
            ],
            batch_size=500,
        )
        begun = FirstUse.objects.filter(batch=batch, used_at=None, user__enterprise__in=enterprise_ids)
        people += [row.user for row in begun.select_related("user").order_by("user_id")]
        return _issue(batch, people, actor)


def renew_codes(*, batch: LetterBatch, user_ids: Sequence[int], actor: User) -> list[Issued]:
    """Give these people, who have never signed in, new codes; the old ones are invalid from then on.

    Side effects, in order, in one transaction: their rows are locked; the codes; the event ``accounts.issued``. The
    rule is asked again for each; whoever has signed in meanwhile is left alone.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).filter(pk__in=user_ids).order_by("pk")
        list(locked.values_list("pk", flat=True))
        rows = never_used(unit_accounts_for_user(actor)) | never_used(people_for_user(actor))
        rows = rows.filter(pk__in=user_ids).select_related("department__region").order_by("pk")
        return _issue(batch, [person for person in rows if may_send_code(actor, person).allowed], actor)


def never_used(rows: QuerySet[User]) -> QuerySet[User]:
    """Leave the active accounts nobody has signed in with; of enterprises, those on the roster."""
    home = Q(department__isnull=False) | Q(enterprise__lifecycle__in=ON_ROSTER)
    return rows.filter(home, is_active=True, last_login=None)


def _issue(batch: LetterBatch, people: list[User], actor: User) -> list[Issued]:
    if not people:
        return []
    codes = issue_codes(people=people, actor=actor, batch=batch)
    lines = [Line("enterprises.user", row.pk, {}, {"enterprise": row.enterprise_id}) for row in people]
    data = {"accounts": len(people), "again": batch.again}
    record_event(kind="accounts.issued", actor=actor, about=batch, data=data, lines=lines)
    return [Issued(person.pk, person.account, code) for person, code in zip(people, codes, strict=True)]


def keep_letters(*, batch: LetterBatch, made: int, file: str) -> None:
    """Note how many letters there are and where their file lies until it lapses. A second call moves it on."""
    LetterBatch.objects.filter(pk=batch.pk).update(made=made, file=file, file_until=clock.now() + LETTERS_KEPT)


def note_fetching(*, batch: LetterBatch, actor: User) -> None:
    """Note that the letters were fetched: ``fetched_at`` and the event ``accounts.letters_fetched``, each time."""
    with transaction.atomic():
        LetterBatch.objects.filter(pk=batch.pk).update(fetched_at=clock.now())
        record_event(kind="accounts.letters_fetched", actor=actor, about=batch, data={"letters": batch.made})
