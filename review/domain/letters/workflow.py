"""The states of a letter: one table of moves and the one executor that makes them.

Buttons, pages and tests read the table. A letter's state is written nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import User
from review import rules
from review.domain.letters import effects, guards
from review.enums import ANSWER_OWED, UNDER_WAY, UNSIGNED, LetterAction, LetterKind, LetterState
from review.models import Letter
from riskreport.ground.access import Answer, Refused, Rule
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer

A, S = LetterAction, LetterState
Guard = Callable[[Letter, dict], Answer]
_l = gettext_lazy


@dataclass(frozen=True)
class LetterMove:
    """One row of the table; ``kinds`` None means every kind, ``to_state`` None leaves the state as it is."""

    action: LetterAction
    from_states: frozenset[LetterState]
    to_state: LetterState | None
    who: Rule
    guards: tuple[Guard, ...] = ()
    reason: str | Promise = ""  # what is asked when one must be written
    kinds: frozenset[LetterKind] | None = None

    def fits(self, letter: Letter) -> bool:
        """Whether this row speaks of the letter as it stands."""
        return letter.state in self.from_states and (self.kinds is None or letter.kind in self.kinds)


INTERVIEWS = frozenset({LetterKind.INTERVIEW})
MOVES: tuple[LetterMove, ...] = (
    LetterMove(
        A.ISSUE, frozenset({S.DRAFT}), S.ISSUED, rules.is_of_issuer,
        (guards.has_mark, guards.due_to_come, guards.interview_within_a_week, guards.text_is_whole),
    ),
    LetterMove(A.WITHDRAW, frozenset({S.DRAFT}), S.WITHDRAWN, rules.is_of_issuer),
    LetterMove(A.DELIVER, frozenset({S.ISSUED}), S.DELIVERED, rules.only_the_post),
    LetterMove(A.READ, frozenset(UNSIGNED), S.READ, rules.answers_letter),
    LetterMove(
        A.REPLY, frozenset({S.READ, S.RETURNED}), S.REPLIED, rules.answers_letter, (guards.is_held, guards.has_text),
    ),
    LetterMove(
        A.HOLD, frozenset({S.ISSUED, S.DELIVERED, S.READ}), None, rules.is_of_issuer,
        (guards.is_not_held, guards.came_in_person, guards.held_by_now), kinds=INTERVIEWS,
    ),
    LetterMove(
        A.RESCHEDULE, frozenset({S.ISSUED, S.DELIVERED, S.READ}), None, rules.is_of_issuer,
        (guards.is_not_held, guards.interview_within_a_week),
        _l("Why the interview gets another time"), INTERVIEWS,
    ),
    LetterMove(
        A.RETURN, frozenset({S.REPLIED}), S.RETURNED, rules.is_of_issuer, (guards.later_day,),
        _l("What is still missing"),
    ),
    LetterMove(
        A.EXTEND, frozenset(ANSWER_OWED), None, rules.is_of_issuer,
        (guards.held_or_none, guards.later_day, guards.put_off), _l("Why more time is given"),
    ),
    LetterMove(
        A.CLOSE, frozenset({S.READ, S.REPLIED, S.RETURNED}), S.CLOSED, rules.is_of_issuer, (guards.is_held,),
        _l("What the check found"),
    ),
)  # fmt: skip


class LetterRefused(Refused):
    """An act on a letter that is not possible now or not for this person; the text says why."""


class StaleLetter(Refused):
    """The letter has moved on since the person saw it."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        text = _("This letter has changed since you opened the page: it is now “%(state)s”. Look at it again.")
        super().__init__(text % {"state": letter.get_state_display()})


@dataclass(frozen=True)
class LetterMoved:
    """The letter as it stands after a move, and whether it was a repetition."""

    letter: Letter
    repeated: bool = False


def find_letter_move(letter: Letter, action: LetterAction) -> LetterMove | None:
    """Return the row of the table for this action on the letter as it stands, or None."""
    return next((move for move in MOVES if move.action == action and move.fits(letter)), None)


def letter_moves_for(user: User, letter: Letter) -> list[LetterMove]:
    """Return the moves open to the person now, guards aside; an interview that was held is neither held nor moved."""
    found = [move for move in MOVES if move.fits(letter) and move.who(user, letter).allowed]
    if letter.kind != LetterKind.INTERVIEW or letter.state not in UNDER_WAY:
        return found
    hidden = {A.HOLD, A.RESCHEDULE} if letter.interview.held_at else {A.EXTEND, A.REPLY, A.CLOSE}
    return [move for move in found if move.action not in hidden]


def lock_letter(letter_id: int) -> Letter:
    """Return the letter with its row locked until the transaction ends. Raises Letter.DoesNotExist."""
    joined = ("issuer", "campaign", "to_enterprise__category", "to_region", "answerer", "interview", "evidence")
    return Letter.objects.select_for_update(of=("self",)).select_related(*joined).get(pk=letter_id)


def move_letter(
    *,
    letter_id: int,
    action: LetterAction | str,
    user: User,
    seen_version: int,
    reason: str = "",
    key: str = "",
    given: dict[str, Any] | None = None,
) -> LetterMoved:
    """Make one move of a letter.

    Side effects, in order, in one transaction: the letter's row is locked; an earlier answer to ``key`` is returned;
    version, table, rule, reason and guards are checked; the action's own effects (effects.py: number, answer, minutes,
    day); state and version are written; the event ``letter.<action>`` with the reactions it owes; the answer is kept
    under the key. A repeated call with the same key changes nothing. Raises StaleLetter, LetterRefused, KeyReused,
    Letter.DoesNotExist.
    """
    action, given, reason = LetterAction(action), given or {}, reason.strip()
    digest = digest_of(["letter", letter_id, action.value, reason, _told(given)])
    with transaction.atomic():
        letter = lock_letter(letter_id)
        refusal = _("This form was already used for another step. Open the page again.")
        if earlier_answer(user=user, key=key, digest=digest, refusal=refusal) is not None:
            return LetterMoved(letter, repeated=True)
        if letter.version != seen_version:
            raise StaleLetter(letter)
        move = _allowed(letter, action, user, reason, given)
        _write(letter, move, user, reason, given)
        keep_answer(user=user, key=key, digest=digest, answer={"letter": letter.pk})
    return LetterMoved(letter)


def deliver_letter(*, letter_id: int) -> bool:
    """Note that an issued letter has reached somebody's inbox; return whether it was still to be noted.

    Side effects as move_letter, without a person. A second call changes nothing.
    """
    with transaction.atomic():
        letter = lock_letter(letter_id)
        move = find_letter_move(letter, A.DELIVER)
        if move is None:
            return False
        _write(letter, move, None, "", {})
    return True


def _told(given: dict[str, Any]) -> dict[str, Any]:
    """Return what was given as the person gave it: a file by its content, wherever its bytes were put."""
    return given | {"files": [file["sha256"] for file in given.get("files", ())]}


def _allowed(letter: Letter, action: LetterAction, user: User, reason: str, given: dict) -> LetterMove:
    move = find_letter_move(letter, action)
    if move is None:
        text = _("“%(action)s” is not possible now: the letter is “%(state)s”.")
        raise LetterRefused(text % {"action": action.label, "state": letter.get_state_display()})
    answer = move.who(user, letter)
    if answer.allowed and move.reason and not reason:
        answer = Answer(False, _("Write the reason: the other side reads it."))
    for guard in move.guards:
        if answer.allowed:
            answer = guard(letter, given)
    if not answer.allowed:
        raise LetterRefused(str(answer.reason))
    return move


def _write(letter: Letter, move: LetterMove, user: User | None, reason: str, given: dict) -> None:
    before = letter.state
    effect = effects.apply(action=move.action, letter=letter, user=user, given=given)
    letter.state = move.to_state or before
    Letter.objects.filter(pk=letter.pk).update(state=letter.state, version=F("version") + 1, **effect.changes)
    letter.version += 1
    for name, value in effect.changes.items():
        setattr(letter, name, value)
    record_event(
        kind=f"letter.{move.action}",
        actor=user,
        about=letter,
        enterprise_id=letter.to_enterprise_id,
        data={
            "kind": letter.kind, "number": letter.number_text, "from": before, "to": letter.state, "reason": reason,
        }
        | effect.data,
    )  # fmt: skip
