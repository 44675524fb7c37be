"""Where a person is signed in: noting it, ending one session, ending all."""

import datetime as dt

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from enterprises.models import SignIn, User
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event

KEEP = dt.timedelta(days=180)


def note_sign_in(*, user: User, session_key: str, browser: str) -> None:
    """Note a session that was opened, so that its owner can see and end it. It is no act of business, so no event."""
    SignIn.objects.create(user=user, at=clock.now(), session_key=session_key, browser=browser[:60])


def note_sso_sign_in(*, user: User) -> None:
    """Record that the single sign-on vouched for a person who came in: the event ``account.signed_in_by_sso``.

    A password is checked here and noted without an event; what another system says is kept where nobody can change it.
    """
    with transaction.atomic():
        record_event(kind="account.signed_in_by_sso", actor=user, about=user)


def end_session(*, user: User, sign_in_id: int) -> bool:
    """End one of the person's own sessions; return whether there was one.

    Side effects, in order: the session; the event ``account.session_ended``. A second call does nothing.
    """
    row = SignIn.objects.filter(pk=sign_in_id, user=user).first()
    if row is None:
        return False
    with transaction.atomic():
        ended = bool(Session.objects.filter(session_key=row.session_key).delete()[0])
        if ended:
            record_event(kind="account.session_ended", actor=user, about=user, enterprise_id=user.enterprise_id)
    return ended


def end_all_sessions(*, person: User, actor: User | None, why: str) -> None:
    """End every session of a person at its next request.

    Side effects, in order, in one transaction: the stamp that sessions carry is counted up; the event
    ``account.signed_out_everywhere`` with ``why``.
    """
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(session_stamp=F("session_stamp") + 1)
        record_event(
            kind="account.signed_out_everywhere",
            actor=actor,
            about=person,
            enterprise_id=person.enterprise_id,
            data={"why": why},
        )
    person.refresh_from_db(fields=["session_stamp"])


def remove_old_sign_ins() -> int:
    """Delete notes of sign-ins older than half a year; return how many."""
    return SignIn.objects.filter(at__lt=clock.now() - KEEP).delete()[0]
