"""Planning training sessions: making, changing, opening, holding and cancelling them, ticking the one standard."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.enums import SEES_EVERY_LINE
from enterprises.models import Category, Region, User
from enterprises.queries.scope import scope_for
from review.domain.training.standard import standing_standard
from review.enums import TRAINING_MOVES, TrainingState
from review.models import TrainingAttendance, TrainingSession
from review.queries.materials import materials_for_user
from review.rules import keeps_training, may_change_session, organises_training
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer

RESPECTS = 4


class TrainingRefused(Refused):
    """An act on a session that is not possible; the text says why."""


class StaleSession(TrainingRefused):
    """Somebody else changed the session since the page was opened."""

    def __init__(self) -> None:
        super().__init__(_("A colleague has changed this session meanwhile. Look at it as it stands now."))


@dataclass(frozen=True)
class SessionGiven:
    """What the organiser says of a session; ``categories`` empty means all of them."""

    title: str
    kind: str
    region_id: int
    categories: tuple[str, ...]
    trainer: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    capacity: int | None
    material_id: int | None = None
    note: str = ""


def lock_session(session_id: int) -> TrainingSession:
    """Return the session with its row locked for the rest of the transaction. Raises TrainingSession.DoesNotExist."""
    rows = TrainingSession.objects.select_for_update(of=("self",)).select_related("department", "region")
    return rows.get(pk=session_id)


def plan_session(*, user: User, given: SessionGiven, key: str = "") -> TrainingSession:
    """Make a session of the person's department, planned.

    Side effects, in order, in one transaction: right, place, categories and times are checked; a known key is answered;
    the session with the standard's test rule and its categories; event ``training.planned``; the answer under the
    key. A repeated call with the same key changes nothing. Raises TrainingRefused, Refused, KeyReused.
    """
    digest = digest_of(["training", asdict(given)])
    refusal = _("This form was already used for another session. Open the page again.")
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # two clicks come one after the other
        earlier = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
        if earlier is not None:
            return TrainingSession.objects.get(pk=earlier["session"])
        organises_training.check(user)
        _check(user, given)
        standard = standing_standard()
        session = TrainingSession.objects.create(
            **_fields(given),
            department_id=user.department_id,
            level=Region.objects.get(pk=given.region_id).level,
            questions=standard.questions,
            pass_mark=standard.pass_mark,
            created_at=clock.now(),
        )
        session.categories.set(Category.objects.filter(pk__in=given.categories))
        record_event(kind="training.planned", actor=user, about=session, data=_said(given))
        keep_answer(user=user, key=key, digest=digest, answer={"session": session.pk})
    return session


def change_session(*, session_id: int, user: User, given: SessionGiven, seen_version: int) -> TrainingSession:
    """Change a session that is still ahead.

    Side effects, in order, in one transaction: the session is locked; right, version, place, categories, times and
    that nobody who signed up loses a seat are checked; the row and its categories; event ``training.changed`` with what
    was and what is, which tells those who signed up when time or place is another. What stands already changes
    nothing. Raises StaleSession, TrainingRefused, Refused.
    """
    with transaction.atomic():
        session = lock_session(session_id)
        may_change_session.check(user, session)
        standing = given_of(session)
        if standing == given:
            return session
        if session.version != seen_version:
            raise StaleSession
        _check(user, given, session)
        for name, value in _fields(given).items():
            setattr(session, name, value)
        session.level = Region.objects.get(pk=given.region_id).level
        session.version += 1
        session.save()
        session.categories.set(Category.objects.filter(pk__in=given.categories))
        moved = (standing.starts_at, standing.ends_at, standing.place) != (given.starts_at, given.ends_at, given.place)
        data = {"old": _said(standing), "new": _said(given), "moved": moved}
        record_event(kind="training.changed", actor=user, about=session, data=data)
    return session


def move_session(*, session_id: int, user: User, to: str, reason: str = "") -> TrainingSession:
    """Open a session for sign-up, note that it was held, or cancel it with a reason.

    Side effects, in order, in one transaction: the session is locked; right, way and reason are checked; state, day it
    counts from, reason; event ``training.open``, ``training.held`` or ``training.cancelled``, which owes notices. A
    session that stands there already is returned as it is. Raises TrainingRefused, Refused.
    """
    to = TrainingState(to)
    with transaction.atomic():
        session = lock_session(session_id)
        keeps_training.check(user, session)
        if session.state == to:
            return session
        if to not in TRAINING_MOVES[session.state]:
            text = _("A session that is “%(state)s” cannot become “%(to)s”.")
            raise TrainingRefused(text % {"state": session.get_state_display(), "to": to.label})
        if to == TrainingState.HELD and session.starts_at > clock.now():
            raise TrainingRefused(_("The session has not begun yet. Note that it was held when it is over."))
        if to == TrainingState.CANCELLED and not reason.strip():
            raise TrainingRefused(_("Write the reason: those who signed up read it. For example: the trainer is ill."))
        session.state = to
        session.held_on = timezone.localdate(session.starts_at) if to == TrainingState.HELD else None
        session.cancel_reason = reason.strip()[:300] if to == TrainingState.CANCELLED else ""
        session.version += 1
        session.save(update_fields=["state", "held_on", "cancel_reason", "version"])
        record_event(kind=f"training.{to.value}", actor=user, about=session, data={"reason": session.cancel_reason})
    return session


def tick_respects(*, session_id: int, user: User, respects: Sequence[int]) -> TrainingSession:
    """Note which of the four respects of the one standard a session met.

    Side effects, in order, in one transaction: the session is locked; the right is asked; the numbers; event
    ``training.respects`` with old and new. What stands already changes nothing. Raises Refused.
    """
    numbers = sorted({number for number in respects if 1 <= number <= RESPECTS})
    with transaction.atomic():
        session = lock_session(session_id)
        keeps_training.check(user, session)
        if session.state == TrainingState.CANCELLED:
            raise TrainingRefused(_("The session was cancelled: there is nothing to tick."))
        if session.respects != numbers:
            data = {"old": session.respects, "new": numbers}
            session.respects = numbers
            session.save(update_fields=["respects"])
            record_event(kind="training.respects", actor=user, about=session, data=data)
    return session


def given_of(session: TrainingSession) -> SessionGiven:
    """Return a session as its organiser gave it."""
    codes = tuple(session.categories.order_by("code").values_list("code", flat=True))
    names = set(SessionGiven.__dataclass_fields__) - {"categories"}
    return SessionGiven(categories=codes, **{name: getattr(session, name) for name in names})


def _fields(given: SessionGiven) -> dict[str, Any]:
    return {name: value for name, value in asdict(given).items() if name != "categories"}


def _said(given: SessionGiven) -> dict[str, Any]:
    return {
        **asdict(given),
        "starts_at": given.starts_at.isoformat(),
        "ends_at": given.ends_at.isoformat(),
        "categories": list(given.categories),
    }


def _check(user: User, given: SessionGiven, session: TrainingSession | None = None) -> None:
    scope = scope_for(user)
    place = Region.objects.filter(pk=given.region_id).first()
    if place is None or not any(low <= place.low and place.high <= high for low, high in scope.ranges):
        raise TrainingRefused(_("Choose a place within your own area."))
    if user.department.kind not in SEES_EVERY_LINE and not given.categories:
        raise TrainingRefused(_("Choose the categories of your line that the session is for."))
    known = set(Category.objects.filter(pk__in=given.categories).values_list("pk", flat=True))
    if known != set(given.categories) or (scope.categories is not None and not known <= scope.categories):
        raise TrainingRefused(_("Choose categories of your own line."))
    if given.ends_at <= given.starts_at:
        raise TrainingRefused(_("The session must end after it begins."))
    if given.material_id and not materials_for_user(user).filter(pk=given.material_id).exists():
        raise TrainingRefused(_("Choose a material of the library."))
    if session is not None and given.capacity is not None:
        taken = TrainingAttendance.objects.filter(session=session).count()
        if taken > given.capacity:
            text = _("%(taken)s people have signed up already; the capacity cannot be less.")
            raise TrainingRefused(text % {"taken": taken})
