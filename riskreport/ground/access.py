"""Rules: who may do what, and why not.

A rule is a small predicate over a person and an object that answers ``Answer(allowed, reason)``; rules compose with
``&`` and ``|``, and the reason of the one that refused reaches the person. A view carries the rule that opens it
(``@access(rule)``); a view that carries none is refused by the middleware.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.functional import Promise


class Answer(NamedTuple):
    """Whether something is allowed, and the sentence that says why not."""

    allowed: bool
    reason: str | Promise = ""


YES = Answer(True)


class Refused(Exception):
    """An act that a rule does not allow. Its text is a full sentence for the person."""


class Rule:
    """A predicate ``(user, obj) -> Answer`` that can be combined with others."""

    def __init__(self, ask: Callable[[Any, Any], Answer], name: str = "") -> None:
        self.ask = ask
        self.name = name or getattr(ask, "__name__", "rule")

    def __call__(self, user: Any, obj: Any = None) -> Answer:
        return self.ask(user, obj)

    def __and__(self, other: "Rule") -> "Rule":
        def both(user: Any, obj: Any) -> Answer:
            first = self(user, obj)
            return other(user, obj) if first.allowed else first

        return Rule(both, f"({self.name} & {other.name})")

    def __or__(self, other: "Rule") -> "Rule":
        def either(user: Any, obj: Any) -> Answer:
            first = self(user, obj)
            if first.allowed:
                return first
            second = other(user, obj)
            return second if second.allowed else first

        return Rule(either, f"({self.name} | {other.name})")

    def __repr__(self) -> str:
        return f"<Rule {self.name}>"

    def check(self, user: Any, obj: Any = None) -> None:
        """Raise Refused with the reason unless the rule allows it."""
        answer = self(user, obj)
        if not answer.allowed:
            raise Refused(str(answer.reason))


def rule(reason: str | Promise) -> Callable[[Callable[..., bool]], Rule]:
    """Turn a plain ``(user, obj) -> bool`` into a Rule that refuses with ``reason``."""

    def wrap(predicate: Callable[..., bool]) -> Rule:
        def ask(user: Any, obj: Any) -> Answer:
            return YES if predicate(user, obj) else Answer(False, reason)

        return Rule(ask, predicate.__name__)

    return wrap


def access(door: Rule) -> Callable[[Callable], Callable]:
    """Declare the rule that opens a view; it is asked with the signed-in person before the view runs."""

    def mark(view: Callable) -> Callable:
        view.access_rule = door
        return view

    return mark


def public(view: Callable) -> Callable:
    """Declare a view that anybody may open without signing in."""
    view.access_rule = None
    view.is_public = True
    view.login_required = False
    return view
