"""People who leave: their account is disabled and their open work goes on in other hands, in one transaction.

This floor knows accounts and background work; what a higher floor keeps by person (a report taken for review, a paper
report being entered) it registers here: what is open, and how it goes on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.checks.first_codes import ENTERPRISE_PREFIX
from enterprises.domain.first_use import issue_codes, new_accounts
from enterprises.domain.people import Told, keep_an_administrator, lock_person
from enterprises.domain.sessions import end_all_sessions
from enterprises.enums import Role
from enterprises.models import FirstUse, LetterBatch, User
from enterprises.queries.accounts import colleagues_of
from enterprises.rules import issues_to, keeps_person
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.models import ImportBatch, Job, Notice
from riskreport.ground.models.imports import IMPORT_WAITS, IMPORT_WORKS
from riskreport.ground.models.job import JOB_ENDED

HandOn = Callable[[User, User | None, User], int]


@dataclass(frozen=True)
class OpenWork:
    """A kind of work that is open in a person's name.

    ``rows(person)`` gives it; ``hand_on(person, heir, actor)`` passes it on, in the transaction of the act, and returns
    how many. Without an heir it goes back to where everybody may take it, or, when ``needs_heir``, somebody must be
    named.
    """

    name: str
    label: str | Promise
    rows: Callable[[User], QuerySet]
    hand_on: HandOn
    needs_heir: bool = False


_kinds: dict[str, OpenWork] = {}


def register_open_work(kind: OpenWork) -> None:
    """Make a kind of open work known; once per name."""
    _kinds[kind.name] = kind


def open_work_of(person: User) -> list[tuple[OpenWork, int]]:
    """Return what is open in a person's name, kind by kind, without those that hold nothing. One query a kind."""
    counted = ((kind, kind.rows(person).count()) for kind in _kinds.values())
    return [(kind, count) for kind, count in counted if count]


def owned(rows: Callable[[User], QuerySet], column: str) -> HandOn:
    """Return how rows with an owner pass on: the column is set to the heir; without one they stay as they are."""

    def hand_on(person: User, heir: User | None, actor: User) -> int:
        return rows(person).update(**{column: heir}) if heir is not None else 0

    return hand_on


def disable_person(*, user: User, person_id: int, heir_id: int | None = None, reason: str = "") -> dict[str, int]:
    """Disable the account of somebody who leaves, and pass their open work on; return how much, by kind.

    Side effects, in order, in one transaction: the rows are locked; each kind of open work goes to the heir, or back to
    where everybody may take it; the account is closed, an unused first-use code and the single sign-on with
    it; every session of the person ends at its next request; the event ``person.disabled`` with what went to whom. A
    second call does nothing. Raises Refused, also when work is open that somebody must take over and nobody is named.
    """
    with transaction.atomic():
        person, actor = lock_person(person_id, user)
        keeps_person.check(actor, person)
        if not person.is_active:
            return {}
        keep_an_administrator(person)
        heir = _heir(person, heir_id)
        handed: dict[str, int] = {}
        for kind, count in open_work_of(person):
            if kind.needs_heir and heir is None:
                raise Refused(
                    _("%(name)s still has work that somebody must take over: %(kind)s (%(count)s). Name a colleague.")
                    % {"name": person.name or person.account, "kind": kind.label, "count": count}
                )
            handed[kind.name] = kind.hand_on(person, heir, actor)
        _close(person, actor, "disabled")
        record_event(
            kind="person.disabled",
            actor=actor,
            about=person,
            enterprise_id=person.enterprise_id,
            data={"heir": heir.pk if heir else None, "handed": handed, "reason": reason[:200]},
        )
    return handed


def _close(person: User, actor: User, why: str) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False, is_chief=False, sso_id=None, left_at=clock.now())
    FirstUse.objects.filter(user=person, used_at=None).update(used_at=clock.now())
    end_all_sessions(person=person, actor=actor, why=why)


def _heir(person: User, heir_id: int | None) -> User | None:
    if heir_id is None:
        return None
    heir = colleagues_of(person).select_related("department").filter(pk=heir_id).first()
    if heir is None:
        raise Refused(_("Open work goes to a colleague of the same enterprise or department whose account is in use."))
    return heir


def disable_stale(*, user: User, person_ids: Iterable[int]) -> tuple[int, int]:
    """Disable these accounts one by one, each as if it stood alone; return how many were, and how many had to be left.

    Whoever holds open work is left, because somebody must say where it goes, and so is an enterprise's last
    administrator. A second call finds nothing left to do.
    """
    disabled = left = 0
    for pk in person_ids:
        person = User.objects.get(pk=pk)
        try:
            if not open_work_of(person):
                disable_person(user=user, person_id=pk, reason=_("Not used for long"))
                disabled += 1
                continue
        except Refused:
            pass
        left += 1
    return disabled, left


def replace_administrator(*, user: User, person_id: int) -> Told:
    """Make a new administrator's account for an enterprise whose administrator is gone; the old account is disabled.

    A person's account never goes to somebody else, so that what was signed stays signed by who signed it. Side effects,
    in order, in one transaction: the rows are locked; the new account and its code; what was open in the old one's name
    goes to it; the old account is closed and its sessions end; the event ``person.administrator_replaced``. A second
    call is refused: the account is closed by then. Raises Refused.
    """
    with transaction.atomic():
        person, actor = lock_person(person_id, user)
        issues_to.check(actor, person)
        if not person.is_active:
            raise Refused(_("This account is disabled already; look for the one that took its place."))
        heir = User.objects.create_user(
            account=new_accounts(ENTERPRISE_PREFIX, 1)[0],
            password=None,
            name="",
            role=Role.ENTERPRISE_ADMIN,
            enterprise=person.enterprise,
        )
        (code,) = issue_codes(people=[heir], actor=actor)
        handed = {kind.name: kind.hand_on(person, heir, actor) for kind, _count in open_work_of(person)}
        _close(person, actor, "replaced")
        record_event(
            kind="person.administrator_replaced",
            actor=actor,
            about=heir,
            enterprise_id=heir.enterprise_id,
            data={"old": person.pk, "handed": handed},
        )
    return Told(heir, code)


def reopen_account(*, user: User, person_id: int) -> Told:
    """Open the account of somebody who has come back; they choose a new password with a first-use code.

    Side effects, in order, in one transaction: the rows are locked; the account is open, its password unusable; the
    code; the event ``person.reopened``. Raises Refused, also when the account is open or masked.
    """
    with transaction.atomic():
        person, actor = lock_person(person_id, user)
        keeps_person.check(actor, person)
        if person.is_active:
            raise Refused(_("This account is in use."))
        if person.masked_at is not None:
            raise Refused(_("What was personal of this account has been removed. Add the person anew."))
        person.is_active, person.left_at = True, None
        person.set_unusable_password()
        person.save(update_fields=["is_active", "left_at", "password"])
        (code,) = issue_codes(people=[person], actor=actor)
        record_event(kind="person.reopened", actor=actor, about=person, enterprise_id=person.enterprise_id)
    return Told(person, code)


# --- what this floor knows of ---------------------------------------------------------------------------------------
def _open_jobs(person: User) -> QuerySet[Job]:
    return Job.objects.filter(owner=person).exclude(state__in=JOB_ENDED)


def _open_imports(person: User) -> QuerySet[ImportBatch]:
    return ImportBatch.objects.filter(owner=person, state__in=sorted(IMPORT_WORKS | IMPORT_WAITS))


def _unfetched_letters(person: User) -> QuerySet[LetterBatch]:
    return LetterBatch.objects.filter(issued_by=person, fetched_at=None, file_until__gt=clock.now())


def _unread(person: User) -> QuerySet[Notice]:
    return Notice.objects.filter(user=person, read_at=None)


def _pass_notices(person: User, heir: User | None, actor: User) -> int:
    """Put copies of what was not read into the heir's inbox; without one it is only closed."""
    waiting = list(_unread(person))
    if heir is not None:
        fields = ("event_id", "kind", "data", "url", "created_at")
        copies: list[Any] = [Notice(user=heir, **{name: getattr(row, name) for name in fields}) for row in waiting]
        Notice.objects.bulk_create(copies, ignore_conflicts=True, batch_size=500)
    _unread(person).update(read_at=clock.now())
    return len(waiting)


register_open_work(
    OpenWork("imports", _l("Imports that are not decided"), _open_imports, owned(_open_imports, "owner"))
)
register_open_work(OpenWork("jobs", _l("Background work that runs or waits"), _open_jobs, owned(_open_jobs, "owner")))
register_open_work(
    OpenWork(
        "letters", _l("Letters that were not fetched yet"), _unfetched_letters, owned(_unfetched_letters, "issued_by")
    )
)
register_open_work(OpenWork("notices", _l("Notices that were not read"), _unread, _pass_notices))
