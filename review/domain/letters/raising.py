"""Overdue letters go up: to who stands above, level by level, until the committee office that wrote them."""

import datetime as dt

from django.db import transaction

from enterprises.models import Department
from review.domain.letters.workflow import lock_letter
from review.enums import ANSWER_OWED, LetterKind
from review.models import Letter, LetterRaise
from review.queries.letters.addressees import first_above, superior_of
from review.queries.letters.scope import overdue_letters
from review.queries.letters.standards import Standard, standards
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.workdays import add_working_days

MOST_LEVELS = 5


def raise_overdue(*, on: dt.date) -> int:
    """Let every letter whose answer was due before a day go up as far as that day asks; return how many steps.

    Side effects: raise_letter for each, in a transaction of its own. A missed night is made up by the next; a second
    call on the same day changes nothing.
    """
    known = standards()
    ids = list(overdue_letters(on).order_by("due_on", "id").values_list("pk", flat=True))
    return sum(raise_letter(letter_id=pk, on=on, standard=known) for pk in ids)


def raise_letter(*, letter_id: int, on: dt.date, standard: dict[LetterKind, Standard]) -> int:
    """Let one letter go up the steps that are due by a day.

    The first step is due the day after the answer was, each further one ``raise_days`` working days later. Side
    effects, in order, in one transaction: the letter is locked; for each step due a row, unique by letter, due day and
    step, and the event ``letter.raised`` with the notices it owes. A second call changes nothing. Raises
    Letter.DoesNotExist.
    """
    with transaction.atomic():
        letter = lock_letter(letter_id)
        if letter.state not in ANSWER_OWED or letter.due_on >= on:
            return 0
        done = set(letter.raises.filter(due_on=letter.due_on).values_list("step", flat=True))
        above = levels_above(letter)
        pause = standard[LetterKind(letter.kind)].raise_days
        owed = [step for step in range(1, len(above) + 1) if step not in done and due_step(letter, step, pause) <= on]
        for step in owed:
            _raise(letter, step, above[step - 1])
    return len(owed)


def due_step(letter: Letter, step: int, pause: int) -> dt.date:
    """Return the day on which a step is due."""
    return add_working_days(letter.due_on + dt.timedelta(days=1), (step - 1) * pause)


def levels_above(letter: Letter) -> list[Department]:
    """Return who is told of an overdue letter, in order, ending with the committee office that wrote it."""
    found: list[Department] = []
    above = first_above(letter)
    while above is not None and above.pk != letter.issuer_id and len(found) < MOST_LEVELS:
        found.append(above)
        above = superior_of(above)
    return [*found, letter.issuer]


def _raise(letter: Letter, step: int, department: Department) -> None:
    row = LetterRaise.objects.create(
        letter=letter, due_on=letter.due_on, step=step, to_department=department, raised_at=clock.now()
    )
    told = {"step": step, "department": department.pk, "due_on": row.due_on.isoformat(), "number": letter.number_text}
    record_event(
        kind="letter.raised", actor=None, about=letter, enterprise_id=letter.to_enterprise_id, data=told
    )  # fmt: skip
