"""Who comes to a session: signing up and off, noting who came by the list, checking in by the trainer's QR code.

Events say which row was written and never a name: they are kept for good, and a person may ask to be taken off.
"""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Enterprise, User
from review.checks.check_in_token import BadToken, LateToken, read_token
from review.domain.training.sessions import TrainingRefused, lock_session
from review.enums import AttendanceWay
from review.models import TrainingAttendance, TrainingSession
from review.queries.training import attendances_for_user, is_offered_to
from review.rules import may_check_in, may_note_attendance, may_sign_up
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer

MOST_OF_A_UNIT = 20


def sign_up(*, session_id: int, user: User, name: str, phone: str = "", key: str = "") -> TrainingAttendance:
    """Sign a person of the user's unit up for a session.

    Side effects, in order, in one transaction: the session is locked, so that its seats are given one after the other;
    a known key is answered; right, offer and seats are checked; the person; event ``training.signed_up``; the answer
    under the key. A person of that name who is signed up already is returned as they are. Raises TrainingRefused,
    Refused, KeyReused, TrainingSession.DoesNotExist.
    """
    digest = digest_of(["sign-up", session_id, name, phone])
    with transaction.atomic():
        session = lock_session(session_id)
        refusal = _("This form was already used for another person. Open the page again.")
        earlier = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
        known = TrainingAttendance.objects.filter(session=session, enterprise=user.enterprise_id)
        if earlier is not None and (row := known.filter(pk=earlier["person"]).first()):
            return row
        may_sign_up.check(user, session)
        row = _give_seat(session, user, name, phone)
        if earlier is None:
            keep_answer(user=user, key=key, digest=digest, answer={"person": row.pk})
    return row


def _give_seat(session: TrainingSession, user: User, name: str, phone: str) -> TrainingAttendance:
    """Return the person of the user's unit, signed up where they were not. The session is locked."""
    own = TrainingAttendance.objects.filter(session=session, enterprise=user.enterprise_id)
    if (row := own.filter(name=name).first()) is not None:
        return row
    unit = Enterprise.objects.get(pk=user.enterprise_id)
    if not is_offered_to(unit, session):
        raise TrainingRefused(_("This session is not for units of your place and categories."))
    if own.count() >= MOST_OF_A_UNIT:
        text = _("At most %(most)s people of a unit come to one session. Ask for a session of your own.")
        raise TrainingRefused(text % {"most": MOST_OF_A_UNIT})
    taken = TrainingAttendance.objects.filter(session=session).count()
    if session.capacity is not None and taken >= session.capacity:
        raise TrainingRefused(_("All %(seats)s seats are taken. Choose another session.") % {"seats": session.capacity})
    row = TrainingAttendance.objects.create(session=session, enterprise=unit, name=name, phone=phone)
    _record("training.signed_up", user, session, {"people": [row.pk]})
    return row


def sign_off(*, session_id: int, attendance_id: int, user: User) -> None:
    """Take a person of the user's unit off a session that has not begun.

    Side effects, in order, in one transaction: the session is locked; the right is asked; the row goes; event
    ``training.signed_off``. One who is not there, or came already, is left alone. Raises Refused.
    """
    with transaction.atomic():
        session = lock_session(session_id)
        may_sign_up.check(user, session)
        rows = TrainingAttendance.objects.filter(
            pk=attendance_id, session=session, enterprise=user.enterprise_id, came=False
        )
        if rows.delete()[0]:
            _record("training.signed_off", user, session, {"people": [attendance_id]})


def note_attendance(*, session_id: int, user: User, came: Collection[int], did_not: Collection[int]) -> tuple[int, int]:
    """Note by the list who came and who did not after all; return how many rows changed either way.

    Only rows that the person changed are named, so that nobody who checked in meanwhile is overwritten. Side effects,
    in order, in one transaction: the session is locked; the right is asked; the rows; event ``training.noted``. What
    stands already changes nothing. Raises Refused.
    """
    with transaction.atomic():
        session = lock_session(session_id)
        may_note_attendance.check(user, session)
        own = attendances_for_user(user).filter(session=session)
        came_ids = list(own.filter(pk__in=list(came), came=False).values_list("pk", flat=True))
        gone_ids = list(own.filter(pk__in=list(did_not), came=True).values_list("pk", flat=True))
        rows = TrainingAttendance.objects
        rows.filter(pk__in=came_ids).update(came=True, way=AttendanceWay.LIST)
        rows.filter(pk__in=gone_ids).update(came=False, way="")
        if came_ids or gone_ids:
            data = {"came": came_ids, "did_not": gone_ids}
            record_event(kind="training.noted", actor=user, about=session, data=data)
    return len(came_ids), len(gone_ids)


def add_who_came(*, session_id: int, user: User, enterprise_id: int, name: str, phone: str = "") -> TrainingAttendance:
    """Add a person who came without being signed up, by the organiser; seats do not count, the person was there.

    Side effects, in order, in one transaction: the session is locked; the right is asked; the person, come; event
    ``training.noted``. A person of that name and unit who stands on the list is noted as come; a second call changes
    nothing. The caller has found the unit among the person's own. Raises Refused.
    """
    with transaction.atomic():
        session = lock_session(session_id)
        may_note_attendance.check(user, session)
        row, created = TrainingAttendance.objects.get_or_create(
            session=session,
            enterprise_id=enterprise_id,
            name=name,
            defaults={"phone": phone, "came": True, "way": AttendanceWay.LIST},
        )
        if not row.came:
            TrainingAttendance.objects.filter(pk=row.pk).update(came=True, way=AttendanceWay.LIST)
        if created or not row.came:
            _record("training.noted", user, session, {"came": [row.pk], "did_not": []}, enterprise_id)
    row.refresh_from_db()
    return row


def check_in(*, token: str, user: User, people: Collection[int], name: str = "") -> TrainingSession:
    """Check people of the user's unit in by the code on the trainer's screen; ``name`` adds one who was not signed up.

    Side effects, in order, in one transaction: the code is read; the session is locked; the right is asked; the new
    person gets a seat; the rows; event ``training.checked_in``. Who is in already stays so; a second call changes
    nothing. Raises TrainingRefused, Refused.
    """
    session_id = read_code(token)
    with transaction.atomic():
        session = lock_session(session_id)
        may_check_in.check(user, session)
        chosen = set(people)
        if name:
            chosen.add(_give_seat(session, user, name, "").pk)
        if not chosen:
            raise TrainingRefused(_("Tick who is here, or write the name of a person."))
        own = TrainingAttendance.objects.filter(session=session, enterprise=user.enterprise_id, came=False)
        ids = list(own.filter(pk__in=sorted(chosen)).values_list("pk", flat=True))
        TrainingAttendance.objects.filter(pk__in=ids).update(came=True, way=AttendanceWay.CODE)
        if ids:
            _record("training.checked_in", user, session, {"people": ids})
    return session


def bring_trained_together(*, survivor_id: int, absorbed_id: int) -> None:
    """Give the survivor of a merge the people of the merged unit, in the caller's transaction.

    A person of the same name at the same session is one: they came if either row says so, and the merged unit's row
    goes. A second call changes nothing.
    """
    own = {
        (row.session_id, row.name): row for row in TrainingAttendance.objects.filter(enterprise=survivor_id)
    }  # fmt: skip
    for row in TrainingAttendance.objects.filter(enterprise=absorbed_id):
        twin = own.get((row.session_id, row.name))
        if twin is None:
            TrainingAttendance.objects.filter(pk=row.pk).update(enterprise=survivor_id)
            continue
        if row.came and not twin.came:
            TrainingAttendance.objects.filter(pk=twin.pk).update(came=True, way=row.way)
        TrainingAttendance.objects.filter(pk=row.pk).delete()


def read_code(token: str) -> int:
    """Return the session that a code on a trainer's screen is for. Raises TrainingRefused with what to do."""
    try:
        return read_token(token, clock.now())
    except LateToken as error:
        raise TrainingRefused(_("This code is no longer valid. Scan the one that the screen shows now.")) from error
    except BadToken as error:
        raise TrainingRefused(_("This is not a check-in code. Scan the one on the trainer's screen.")) from error


def _record(kind: str, user: User, session: TrainingSession, data: dict, enterprise_id: int | None = None) -> None:
    unit = enterprise_id or user.enterprise_id
    record_event(kind=kind, actor=user, about=session, enterprise_id=unit, data=data)
