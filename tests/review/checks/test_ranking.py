"""The ranking: who stands where, and how it moved."""

from decimal import Decimal

from review.checks.ranking import rank
from review.queries.completion import Figures

NOW = {"a": Figures(10, 5, 5), "b": Figures(10, 8, 8), "c": Figures(4, 2, 2), "d": Figures(0, 0, 0), "e": Figures(9, 0)}
BEFORE = {"a": Figures(10, 4, 4), "b": Figures(10, 2, 2), "c": Figures(4, 1, 1), "d": Figures(3, 3, 3)}


def test_the_highest_rate_stands_first_and_equal_rates_share_a_place():
    assert [(one.code, one.place) for one in rank(NOW, {})] == [("b", 1), ("a", 2), ("c", 2), ("e", 4)]
    turned = dict(reversed(NOW.items()))
    assert [(one.code, one.place) for one in rank(turned, {})] == [("b", 1), ("c", 2), ("a", 2), ("e", 4)]


def test_movement_is_told_in_places_and_in_points():
    found = {one.code: one for one in rank(NOW, BEFORE)}
    assert (found["b"].before, found["b"].moved, found["b"].gained) == (4, 3, Decimal("0.6"))
    assert (found["a"].before, found["a"].moved, found["a"].gained) == (2, 0, Decimal("0.1"))
    assert (found["c"].before, found["c"].moved) == (3, 1)


def test_who_was_not_there_before_has_not_moved():
    new = rank(NOW, BEFORE)[-1]
    assert (new.code, new.before, new.moved, new.gained) == ("e", None, 0, None)


def test_nothing_expected_has_no_place():
    assert rank({"d": Figures()}, BEFORE) == []
