"""The registry of reactions: which functions run after which events, and in which queue."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Reaction:
    """A function of one event, run once per event in its own transaction by a worker of ``queue``.

    One ``in_steps`` is given how far the step before has reached, 0 at first, and returns how far it has come itself,
    or None when nothing is left: each step is one short transaction.
    """

    name: str
    kinds: frozenset[str]
    run: Callable
    queue: str
    in_steps: bool = False


_reactions: dict[str, Reaction] = {}


def reaction(*kinds: str, queue: str = "quick", in_steps: bool = False) -> Callable[[Callable], Callable]:
    """Register a function to run after every event of ``kinds``.

    The function takes the event and works in one transaction with the mark that it was done, so it must do nothing that
    cannot be rolled back; mail goes through a delivery row with a key.
    """

    def register(function: Callable) -> Callable:
        name = f"{function.__module__}.{function.__name__}"
        _reactions[name] = Reaction(name, frozenset(kinds), function, queue, in_steps)
        return function

    return register


def reactions_to(kind: str) -> list[Reaction]:
    """Return the reactions registered for events of ``kind``."""
    return [known for known in _reactions.values() if kind in known.kinds]


def get_reaction(name: str) -> Reaction:
    """Return the reaction of that name. Raises KeyError when the code no longer has it."""
    return _reactions[name]
