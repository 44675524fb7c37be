"""How the reports of the demo city came to where they stand: the moves, by whom, and on which working day."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from django.utils import timezone

from enterprises.enums import Scale
from review.domain.demo.vocabulary import vocabulary
from review.enums import Action, FilingState
from review.models import Filing

S, A = FilingState, Action
FIRST_HOUR, HOURS = 8.5, 9.0
UNIT, REVIEWER, OFFICE = "unit", "reviewer", "office"
BY_OFFICE = {A.VOID}
BY_UNIT = {A.START, A.SUBMIT, A.WITHDRAW, A.FILE}

TWO_STAGES = {
    S.FILED: 46, S.APPROVED: 6, S.IN_REVIEW: 5, S.SUBMITTED: 9, S.RETURNED: 6, S.DRAFTING: 10, S.NOT_STARTED: 15,
    S.SUPPLEMENT_OPEN: 1.4, S.EXEMPT: 1.4,
}  # fmt: skip
ABOVE = {S.FILED: 95, S.DRAFTING: 2.5, S.NOT_STARTED: 1.5, S.SUPPLEMENT_OPEN: 1}
BELOW = {S.FILED: 90, S.DRAFTING: 4, S.NOT_STARTED: 4.5, S.SUPPLEMENT_OPEN: 1.6, S.EXEMPT: 1.1}
COUNTY_PACE = {320582: 1.2, 320583: 1.3, 320507: 0.75, 320508: 0.7, 320505: 0.85}


@dataclass(frozen=True)
class Pace:
    """How far two-stage reporting has come: weights of the states, in which ``lines`` differ from the ``others``.

    A line's number multiplies the weight of filed reports.
    """

    weights: dict[FilingState, float]
    lines: dict[str, float]
    others: float
    other_weights: dict[FilingState, float]


PACE = Pace(TWO_STAGES, {"civil": 1.35, "religion": 1.05, "transport": 1.25}, 0.6, TWO_STAGES)
# At the end of September 2021 the three pilots were under way and the other lines had hardly begun.
PILOTS = TWO_STAGES | {S.FILED: 22, S.DRAFTING: 14, S.NOT_STARTED: 30}
HARDLY = {S.FILED: 1, S.APPROVED: 0.4, S.SUBMITTED: 1.6, S.RETURNED: 0.5, S.DRAFTING: 7, S.NOT_STARTED: 89.5}
AUTUMN_PACE = Pace(PILOTS, {"civil": 1.6, "religion": 1.2, "transport": 0.8}, 1.0, HARDLY)
# Working days before each move, counted from the move before it.
GAPS = {
    A.SUBMIT: (1, 11), A.WITHDRAW: (0.1, 1), A.CLAIM: (0.2, 4), A.PUT_BACK: (0.1, 1), A.RETURN: (0.1, 2),
    A.APPROVE: (0.1, 2), A.FILE: (0.5, 8), A.REOPEN: (5, 25), A.EXEMPT: (1, 10), A.VOID: (5, 20),
}  # fmt: skip
# How many working days ago the last move of a report that is still under way happened.
AGO = {
    S.SUBMITTED: (0.1, 7), S.IN_REVIEW: (0.1, 3), S.RETURNED: (0.3, 9), S.APPROVED: (0.3, 9), S.DRAFTING: (0.5, 25),
    S.SUPPLEMENT_OPEN: (0.3, 6), S.VOID: (3, 10), S.EXEMPT: (5, 40),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One move: what, by whom, when, and the reason given with it."""

    action: Action
    by: str
    at: dt.datetime
    reason: str = ""


class Calendar:
    """The working days from an opening to yesterday; a position in it is a number of working days since the opening."""

    def __init__(self, opens_on: dt.date, today: dt.date) -> None:
        days = [opens_on + dt.timedelta(days=n) for n in range((today - opens_on).days)]
        self.days = [day for day in days if day.weekday() < 5]
        self.midnights = [timezone.make_aware(dt.datetime.combine(day, dt.time.min)) for day in self.days]

    def position(self, day: dt.date) -> float:
        """Return the position of the morning of ``day``, or of the next working day."""
        return float(sum(1 for known in self.days if known < day))

    def moment(self, position: float) -> dt.datetime:
        """Return the moment, in working hours; positions in order give moments in order."""
        whole = min(int(position), len(self.days) - 1)
        share = min(position - whole, 0.999)
        return self.midnights[whole] + dt.timedelta(seconds=int(3600 * (FIRST_HOUR + HOURS * share)))


class Teller:
    """Chooses where each report stands and tells how it came there."""

    def __init__(self, rng: Random, calendar: Calendar, due_on: dt.date, pace: Pace = PACE) -> None:
        self.rng, self.calendar, self.pace = rng, calendar, pace
        self.end = float(len(calendar.days)) - 0.01
        self.due = min(calendar.position(due_on), self.end)

    def state_of(self, filing: Filing) -> FilingState:
        """Choose where a report stands: pilots and quick districts are further on."""
        if filing.campaign.stages == 1:
            weights = dict(ABOVE if filing.scale == Scale.ABOVE else BELOW)
        else:
            line, pace = filing.category.lead_id, self.pace
            weights = dict(pace.weights if line in pace.lines else pace.other_weights)
            weights[S.FILED] *= pace.lines.get(line, pace.others)
        weights[S.FILED] *= COUNTY_PACE.get(filing.town_id // 1000, 1) if filing.campaign.stages == 2 else 1
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def tell(self, filing: Filing, state: FilingState) -> list[Step]:
        """Return the moves that lead to the state, oldest first, all before today."""
        actions = self._actions(filing.campaign.stages, state)
        if not actions:
            return []
        begin = self.calendar.position(max(filing.joined_on, filing.campaign.opens_on))
        return self._dated(actions, begin, self._last(filing, state, begin))

    def _actions(self, stages: int, state: FilingState) -> list[Action]:
        if state == S.NOT_STARTED:
            return []
        if state == S.EXEMPT:
            return [A.EXEMPT] if self.rng.random() < 0.7 else [A.START, A.EXEMPT]
        if state == S.DRAFTING:
            return [A.START]
        if stages == 1:
            ends = {S.FILED: [], S.SUPPLEMENT_OPEN: [A.REOPEN], S.VOID: [A.VOID]}
            again = [A.REOPEN, A.FILE] if state == S.FILED and self.rng.random() < 0.04 else []
            return [A.START, A.FILE, *again, *ends[state]]
        return [A.START, *self._first_hand_ins(state), *self._review(state)]

    def _first_hand_ins(self, state: FilingState) -> list[Action]:
        """What went before the last hand-in: for some a return, for a few a withdrawal."""
        if state != S.RETURNED and self.rng.random() < 0.24:
            return [A.SUBMIT, A.CLAIM, A.RETURN]
        return [A.SUBMIT, A.WITHDRAW] if self.rng.random() < 0.04 else []

    def _review(self, state: FilingState) -> list[Action]:
        claimed = [A.SUBMIT, A.CLAIM]
        if self.rng.random() < 0.03 and state != S.SUBMITTED:
            claimed = [A.SUBMIT, A.CLAIM, A.PUT_BACK, A.CLAIM]
        filed = [*claimed, A.APPROVE, A.FILE]
        again = [A.REOPEN, A.SUBMIT, A.CLAIM, A.APPROVE, A.FILE] if self.rng.random() < 0.02 else []
        return {
            S.SUBMITTED: [A.SUBMIT],
            S.IN_REVIEW: claimed,
            S.RETURNED: [*claimed, A.RETURN],
            S.APPROVED: [*claimed, A.APPROVE],
            S.FILED: filed + again,
            S.SUPPLEMENT_OPEN: [*filed, A.REOPEN],
            S.VOID: [*filed, A.VOID],
        }[state]

    def _last(self, filing: Filing, state: FilingState, begin: float) -> float:
        """Return the position of the last move; filed reports follow an S-curve, so that a burn-up looks like one."""
        if state in AGO:
            return max(begin + 0.5, self.end - self.rng.uniform(*AGO[state]))
        room = self.end - begin
        if filing.campaign.stages == 2:
            return begin + max(0.15 * room, self.rng.betavariate(2.4, 1.7) * room)
        share = self.rng.betavariate(2.2, 4.6) if filing.scale == Scale.ABOVE else self.rng.betavariate(3.2, 1.9)
        late = self.rng.random() < 0.015
        return self.rng.uniform(self.due + 1, self.end) if late else min(begin + share * room, self.due)

    def _dated(self, actions: list[Action], begin: float, last: float) -> list[Step]:
        gaps = [self.rng.uniform(*GAPS[action]) for action in actions[1:]]
        room = max(last - begin, 0.2)
        squeeze = min(1.0, 0.9 * room / sum(gaps)) if gaps else 1.0
        positions = [last]
        for gap in reversed(gaps):
            positions.append(positions[-1] - gap * squeeze)
        return [
            Step(action, self._by(action), self.calendar.moment(position), self._reason(action))
            for action, position in zip(actions, reversed(positions), strict=True)
        ]

    def _by(self, action: Action) -> str:
        if action in BY_UNIT:
            return UNIT
        return OFFICE if action in BY_OFFICE else REVIEWER

    def _reason(self, action: Action) -> str:
        texts = vocabulary()["messages"].get(action.value)
        return self.rng.choice(texts) if texts else ""
