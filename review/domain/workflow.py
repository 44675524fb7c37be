"""The workflow of a filing: one table of moves and the one executor that makes them.

Buttons, bulk actions, imports, tests and the diagram in docs/ read the table. A state is written nowhere else; the demo
loader is the one exception, and check_progress proves what it wrote.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from enterprises.models import User
from review import rules
from review.domain import effects, guards
from review.enums import EDITABLE, MADE_BY_THE_ROSTER, NOT_EXPECTED, Action, FilingState
from review.models import Filing
from review.queries.status import whose_turn
from riskreport.ground.access import YES, Answer, Refused, Rule
from riskreport.ground.domain.events import record_event, record_events
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer
from riskreport.ground.models import Event

S = FilingState
Guard = Callable[["Filing", dict], Answer]
BOTH = frozenset({1, 2})
ONE_STAGE = frozenset({1})
TWO_STAGES = frozenset({2})


@dataclass(frozen=True)
class Move:
    """One row of the table.

    ``stages`` are the campaigns it belongs to, ``when`` chooses between rows of one action and state, ``guards`` may
    refuse it with a reason. ``to_state`` None leaves the state as it is.
    """

    action: Action
    from_states: frozenset[FilingState]
    to_state: FilingState | None
    who: Rule
    staff_label: str | Promise
    enterprise_label: str | Promise
    stages: frozenset[int] = BOTH
    needs_reason: bool = False
    when: Callable[[Filing], bool] | None = None
    guards: tuple[Guard, ...] = field(default=())

    def fits(self, filing: Filing) -> bool:
        """Whether this row speaks of the filing as it stands."""
        return (
            filing.state in self.from_states
            and filing.campaign.stages in self.stages
            and (self.when is None or self.when(filing))
        )


def is_first(filing: Filing) -> bool:
    """It has never been filed."""
    return filing.first_filed_at is None


def is_supplement(filing: Filing) -> bool:
    """It has been filed before and is being supplemented."""
    return filing.first_filed_at is not None


_l = gettext_lazy
WRITTEN = frozenset({S.DRAFTING, S.RETURNED, S.SUPPLEMENT_OPEN})
COMPLETE = (guards.campaign_accepts, guards.no_blocking_problems)

MOVES: tuple[Move, ...] = (
    Move(
        Action.START, frozenset({S.NOT_STARTED}), S.DRAFTING, rules.may_write,
        _l("Enter the paper report"), _l("Start the report"), guards=(guards.campaign_accepts,),
    ),
    Move(
        Action.SAVE, frozenset(EDITABLE), None, rules.may_write,
        _l("Save the entry"), _l("Save"),
    ),
    Move(
        Action.SUBMIT, WRITTEN, S.SUBMITTED, rules.may_write,
        _l("Hand in for review"), _l("Submit the first report"), stages=TWO_STAGES, guards=COMPLETE,
    ),
    Move(
        Action.SUBMIT, frozenset({S.APPROVED}), S.SUBMITTED, rules.may_write,
        _l("Hand in for review again"), _l("Submit the changed risks for review again"), stages=TWO_STAGES,
        guards=(*COMPLETE, guards.risks_changed),
    ),
    Move(
        Action.WITHDRAW, frozenset({S.SUBMITTED}), S.DRAFTING, rules.may_write,
        _l("Take back"), _l("Take back to change it"), stages=TWO_STAGES, when=is_first,
    ),
    Move(
        Action.WITHDRAW, frozenset({S.SUBMITTED}), S.SUPPLEMENT_OPEN, rules.may_write,
        _l("Take back"), _l("Take back to change it"), stages=TWO_STAGES, when=is_supplement,
    ),
    Move(
        Action.CLAIM, frozenset({S.SUBMITTED}), S.IN_REVIEW, rules.may_claim,
        _l("Take for review"), _l("Being reviewed"), stages=TWO_STAGES,
    ),
    Move(
        Action.PUT_BACK, frozenset({S.IN_REVIEW}), S.SUBMITTED, rules.may_put_back,
        _l("Put back into the queue"), _l("Waiting for a reviewer again"), stages=TWO_STAGES,
    ),
    Move(
        Action.RETURN, frozenset({S.IN_REVIEW}), S.RETURNED, rules.may_decide,
        _l("Return for correction"), _l("Returned for correction"), stages=TWO_STAGES, needs_reason=True,
    ),
    Move(
        Action.APPROVE, frozenset({S.IN_REVIEW}), S.APPROVED, rules.may_decide,
        _l("Approve"), _l("Approved"), stages=TWO_STAGES, guards=(guards.no_open_draft_remarks,),
    ),
    Move(
        Action.FILE, frozenset({S.APPROVED}), S.FILED, rules.may_write,
        _l("File the final report"), _l("Certify and file the final report"), stages=TWO_STAGES,
        guards=(*COMPLETE, guards.is_certified, guards.risks_as_approved),
    ),
    Move(
        Action.FILE, frozenset({S.DRAFTING, S.SUPPLEMENT_OPEN}), S.FILED, rules.may_write,
        _l("File the report"), _l("Certify and file the report"), stages=ONE_STAGE,
        guards=(*COMPLETE, guards.is_certified),
    ),
    Move(
        Action.REOPEN, frozenset({S.FILED}), S.SUPPLEMENT_OPEN, rules.may_reopen,
        _l("Reopen for a supplement"), _l("Supplement the report"), needs_reason=True,
        guards=(guards.campaign_accepts,),
    ),
    Move(
        Action.EXEMPT, frozenset({S.NOT_STARTED, S.DRAFTING, S.SUBMITTED, S.IN_REVIEW, S.RETURNED, S.APPROVED}),
        S.EXEMPT, rules.may_exempt, _l("Exempt from reporting"), _l("Exempt from reporting"), needs_reason=True,
        when=is_first,
    ),
    Move(
        Action.VOID, frozenset(set(FilingState) - NOT_EXPECTED), S.VOID, rules.may_void,
        pgettext_lazy("action", "Declare void"), pgettext_lazy("action", "Declared void"), needs_reason=True,
    ),
    Move(
        Action.HAND_OVER, frozenset({S.IN_REVIEW}), S.SUBMITTED, rules.only_the_roster,
        _l("Handed over: the unit moved"), _l("Waiting for a reviewer of another department"), stages=TWO_STAGES,
        needs_reason=True,
    ),
    Move(
        Action.SUPERSEDE, frozenset(set(FilingState) - {S.VOID}), S.VOID, rules.only_the_roster,
        _l("Void: the unit was merged, its other report stands"),
        _l("Void: your unit was merged, its other report stands"), needs_reason=True,
    ),
)  # fmt: skip


class MoveRefused(Refused):
    """A move that is not possible now or not for this person; the text says why and whose turn it is."""


class StaleFiling(Refused):
    """The filing has moved on since the person saw it."""

    def __init__(self, filing: Filing) -> None:
        self.filing = filing
        super().__init__(
            _(
                "This report has changed since you opened the page. It now reads: %(status)s. "
                "Look at it again and repeat the step if it is still wanted."
            )
            % {"status": whose_turn(filing)}
        )


@dataclass(frozen=True)
class Moved:
    """What a move did: the filing as it stands, the answer kept for the key, and whether it was a repetition."""

    filing: Filing
    answer: dict
    repeated: bool = False


def find_move(filing: Filing, action: Action) -> Move | None:
    """Return the row of the table for this action on the filing as it stands, or None."""
    return next((move for move in MOVES if move.action == action and move.fits(filing)), None)


def moves_for(user: User, filing: Filing) -> list[Move]:
    """Return the moves open to the person now, guards aside: what the buttons show."""
    shown = (move for move in MOVES if move.action != Action.SAVE)
    return [move for move in shown if move.fits(filing) and move.who(user, filing).allowed]


def may_edit(user: User, filing: Filing) -> Answer:
    """Return whether the person may change the content now, with the reason."""
    move = find_move(filing, Action.SAVE)
    if move is None:
        return Answer(False, _("It cannot be changed now: %(status)s.") % {"status": whose_turn(filing)})
    return move.who(user, filing)


def lock_filing(filing_id: int) -> Filing:
    """Return the filing with its row locked until the transaction ends. Raises Filing.DoesNotExist."""
    return (
        Filing.objects.select_for_update(of=("self",))
        .select_related("campaign", "enterprise", "department", "category", "town")
        .get(pk=filing_id)
    )


def move_filing(
    *,
    filing_id: int,
    action: Action | str,
    user: User,
    seen_version: int,
    reason: str = "",
    key: str = "",
    given: dict[str, Any] | None = None,
) -> Moved:
    """Make one move of the workflow.

    Side effects, in order, in one transaction: the filing's row is locked; an earlier answer to ``key`` is returned as
    it was; version, table, rule, reason and guards are checked; the action's own effects (effects.py: snapshot,
    decision, ledger, Standing); state and version are written; the event ``filing.<action>`` with the reactions it
    owes; the answer is kept under the key. A repeated call with the same key changes nothing. Raises StaleFiling,
    MoveRefused (with the reason and whose turn it is), KeyReused, Filing.DoesNotExist.
    """
    action = Action(action)
    given = given or {}
    reason = reason.strip()
    digest = digest_of([filing_id, action.value, reason, given])
    with transaction.atomic():
        filing = lock_filing(filing_id)
        refusal = _("This form was already used for another step. Open the page again.")
        earlier = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
        if earlier is not None:
            return Moved(filing, earlier, repeated=True)
        if filing.version != seen_version:
            raise StaleFiling(filing)
        move = _allowed_move(filing, action, user, reason, given)
        effect = effects.apply(action=action, filing=filing, user=user, reason=reason, given=given)
        event = _write_move(filing, move, effect, user, reason)
        answer = {"filing": filing.pk, "event": event.pk, "state": filing.state, **effect.data}
        keep_answer(user=user, key=key, digest=digest, answer=answer)
    return Moved(filing, answer)


def move_along(*, filings: Sequence[Filing], action: Action, user: User | None, reason: str, on: dt.date) -> None:
    """Make a move that follows from an act on the roster, on reports that the caller has locked.

    ``on`` is the day of that act. Side effects, in order, in the caller's transaction: table and reason are checked;
    the action's own effects; state and version, in one update for reports of one state; an event for each with the
    reactions it owes. Raises MoveRefused, ValueError for a move that people make.
    """
    if action not in MADE_BY_THE_ROSTER:
        raise ValueError(f"{action} is a move that people make.")
    written: dict[tuple, list[int]] = {}
    told = []
    for filing in filings:
        move = find_move(filing, action)
        if move is None or (move.needs_reason and not reason):
            raise MoveRefused(_not_possible(filing, action))
        effect = effects.apply(action=action, filing=filing, user=user, reason=reason, given={"on": on})
        told.append((filing, filing.enterprise_id, _moved(filing, move, effect, reason)))
        written.setdefault((filing.state, tuple(sorted(effect.changes.items()))), []).append(filing.pk)
    for (state, changes), numbers in written.items():
        Filing.objects.filter(pk__in=numbers).update(state=state, version=F("version") + 1, **dict(changes))
    record_events(kind=f"filing.{action}", actor=user, each=told)


def _write_move(filing: Filing, move: Move, effect: effects.Effect, user: User, reason: str) -> Event:
    """Write the new state, the version and the effect's columns, narrowly, and record the event."""
    seen = filing.version
    data = _moved(filing, move, effect, reason)
    Filing.objects.filter(pk=filing.pk, version=seen).update(
        state=filing.state, version=F("version") + 1, **effect.changes
    )
    return record_event(
        kind=f"filing.{move.action}", actor=user, about=filing, enterprise_id=filing.enterprise_id, data=data
    )


def _moved(filing: Filing, move: Move, effect: effects.Effect, reason: str) -> dict:
    """Bring the filing at hand to where the move leads and return what its event says."""
    before = filing.state
    filing.state, filing.version = move.to_state or before, filing.version + 1
    for name, value in effect.changes.items():
        setattr(filing, name, value)
    return {"from": before, "to": filing.state, "version": filing.version, "reason": reason, **effect.data}


def _not_possible(filing: Filing, action: Action) -> str:
    text = _("“%(action)s” is not possible now. %(status)s.")
    return text % {"action": action.label, "status": whose_turn(filing)}


def _allowed_move(filing: Filing, action: Action, user: User, reason: str, given: dict) -> Move:
    """Return the row that allows the move, or raise MoveRefused."""
    move = find_move(filing, action)
    if move is None or action == Action.SAVE:
        raise MoveRefused(_not_possible(filing, action))
    answer = move.who(user, filing)
    if answer.allowed and move.needs_reason and not reason:
        answer = Answer(False, _("Write the reason: the other side reads it. For example: the fire exit is missing."))
    for guard in move.guards:
        if answer.allowed:
            answer = guard(filing, given)
    if not answer.allowed:
        raise MoveRefused(str(answer.reason))
    return move


__all__ = [
    "MOVES",
    "YES",
    "Move",
    "MoveRefused",
    "Moved",
    "StaleFiling",
    "may_edit",
    "move_along",
    "move_filing",
    "moves_for",
]
