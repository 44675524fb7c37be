"""The short test of a training session: questions with one right answer, made from the items of catalogues.

Pure: the same items, seed and number give the same questions, so that nothing of a test needs to be stored before it
is answered.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from django.utils.translation import gettext as _

OPTIONS = 4


@dataclass(frozen=True)
class Item:
    """What a catalogue says of one risk: its name, level, what to look for, measures against it."""

    name: str
    level: str
    look_for: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question, its answers in the order they are shown, and the place of the right one."""

    text: str
    options: tuple[str, ...]
    right: int


def make_questions(items: Sequence[Item], *, seed: str, count: int, levels: Sequence[str]) -> list[Question]:
    """Return at most ``count`` questions, no two of them alike; fewer when the items do not give so many.

    ``levels`` are the words of all levels, highest first. Kinds of questions take turns, items are drawn.
    """
    rng = Random(seed)  # the same for a person whenever the page is opened, nothing secret  # nosec B311
    makers = [_about_look_for, _about_measures, lambda item, items, rng: _about_level(item, levels)]
    drawn = list(items)
    rng.shuffle(drawn)
    made: list[Question] = []
    seen: set[str] = set()
    for turn in range(len(makers)):
        for place, item in enumerate(drawn):
            if len(made) == count:
                return made
            question = makers[(turn + place) % len(makers)](item, items, rng)
            if question is not None and question.text not in seen:
                seen.add(question.text)
                made.append(question)
    return made


def right_of(questions: Sequence[Question], answers: Sequence[int | None]) -> int:
    """Return how many answers are right."""
    return sum(given == one.right for one, given in zip(questions, answers, strict=True))


def is_passed(right: int, asked: int, pass_mark: int) -> bool:
    """Say whether so many right answers reach the mark, a per cent of those asked."""
    return asked > 0 and right * 100 >= pass_mark * asked


def _about_level(item: Item, levels: Sequence[str]) -> Question | None:
    if item.level not in levels:
        return None
    text = _("Which level does the catalogue give to the risk “%(risk)s”?") % {"risk": item.name}
    return Question(text, tuple(levels), list(levels).index(item.level))


def _about_look_for(item: Item, items: Sequence[Item], rng: Random) -> Question | None:
    text = _("What is to be looked for on the spot to find the risk “%(risk)s”?") % {"risk": item.name}
    return _one_of(text, item.look_for, _others(item, items, lambda one: one.look_for), rng)


def _about_measures(item: Item, items: Sequence[Item], rng: Random) -> Question | None:
    text = _("Which measure does the catalogue name against the risk “%(risk)s”?") % {"risk": item.name}
    return _one_of(text, item.measures, _others(item, items, lambda one: one.measures), rng)


def _others(item: Item, items: Iterable[Item], read: Callable[[Item], tuple[str, ...]]) -> list[str]:
    """What other items say and this one does not, each once, in a fixed order."""
    own = set(read(item))
    return sorted({said for one in items for said in read(one)} - own)


def _one_of(text: str, own: Sequence[str], others: list[str], rng: Random) -> Question | None:
    if not own or len(others) < OPTIONS - 1:
        return None
    options = [rng.choice(list(own)), *rng.sample(others, OPTIONS - 1)]
    right = options[0]
    rng.shuffle(options)
    return Question(text, tuple(options), options.index(right))
