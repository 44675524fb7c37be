"""The rule of colours: its thresholds, caps, floors and its fairness, on the definition that ships."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import settings as properties
from hypothesis import strategies as st

from risks.checks.rating_terms import DIRECT, FLOORS, SEVERITY, TERMS, colour_of, rate
from risks.domain.reference import read_data
from risks.enums import Colour
from risks.queries.rating_facts import RatingFacts

RULE = read_data("rating_rule.json")["definition"]
DAY = dt.date(2022, 3, 1)


def rated(**facts):
    return rate(RatingFacts(reported=True, **facts), RULE)


def points(result, key):
    return next(line["points"] for line in result.trace if line["key"] == key)


def test_every_term_of_the_shipped_rule_is_known():
    assert {term["key"] for term in RULE["terms"]} == set(TERMS)
    assert {term["key"] for term in RULE["direct"]} == set(DIRECT)
    assert {term["key"] for term in RULE["floors"]} == set(FLOORS)


@pytest.mark.parametrize(
    ("score", "colour"),
    [(-15, "blue"), (4, "blue"), (5, "yellow"), (29, "yellow"), (30, "orange"), (59, "orange"), (60, "red")],
)
def test_thresholds(score, colour):
    assert colour_of(score, RULE["thresholds"]) == colour


@pytest.mark.parametrize(
    ("facts", "score", "colour"),
    [
        ({"larger_risks": 1}, 5, "yellow"),
        ({"major_risks": 1}, 20, "yellow"),
        ({"major_risks": 1, "larger_risks": 2}, 30, "orange"),
        ({"major_risks": 2, "larger_risks": 4}, 60, "red"),
        ({"major_risks": 3}, 60, "red"),
        ({"larger_risks": 1, "standard_grade": 2}, 0, "blue"),
        ({"larger_risks": 1, "standard_grade": 3}, 5, "yellow"),
        ({"overdue_since": DAY}, 15, "yellow"),
        ({"verified_on": DAY}, -5, "blue"),
        ({"verified_on": DAY, "open_faults": 1}, 0, "blue"),
    ],
)
def test_examples_worked_by_hand(facts, score, colour):
    result = rated(**facts)
    assert (result.score, result.colour) == (score, colour)


def test_one_that_has_not_reported_is_grey_whatever_else_is_known():
    result = rate(RatingFacts(major_risks=4, overdue_since=DAY), RULE)
    assert (result.colour, result.score) == (Colour.GREY, 0)
    assert [line["key"] for line in result.trace] == ["not_reported"]


@pytest.mark.parametrize(
    ("facts", "key", "most"),
    [
        ({"overdue_faults": 9}, "overdue_faults", 30),
        ({"missing_four_ones": 9}, "missing_four_ones", 20),
        ({"open_dynamic": 9}, "open_dynamic", 15),
    ],
)
def test_penalties_stay_within_their_caps(facts, key, most):
    assert points(rated(**facts), key) == most


def test_credits_together_stay_within_their_cap():
    best = {"standard_grade": 1, "verified_on": DAY, "four_ones_complete": True}
    assert rated(larger_risks=4, **best).score == 20 - 15
    tight = RULE | {"credits_cap": -7}
    result = rate(RatingFacts(reported=True, larger_risks=4, **best), tight)
    assert result.score == 20 - 7
    assert sorted(line["points"] for line in result.trace if line["kind"] == "credit") == [-5, -2, 0]


@pytest.mark.parametrize("key", ["fatal_accident", "false_report", "listed_hazard_overdue"])
def test_what_makes_red_at_once(key):
    assert rated(**{key: True}).colour == Colour.RED
    assert rated(**{key: False}).colour == Colour.BLUE


def test_a_fact_that_is_not_kept_counts_nothing_and_is_named():
    result = rated(larger_risks=1)
    unknown = {line["key"] for line in result.trace if line["count"] is None}
    assert unknown == {*RULE["facts_not_kept"], "four_ones_complete"}
    assert all(line["points"] == 0 for line in result.trace if line["count"] is None)


def test_a_zero_risk_claim_is_at_best_yellow_until_it_is_rechecked():
    assert rated(zero_risk_unchecked=True, standard_grade=1).colour == Colour.YELLOW
    assert rated(zero_risk_unchecked=False, standard_grade=1).colour == Colour.BLUE


def test_a_zero_risk_claim_never_makes_a_worse_colour_better():
    assert rated(zero_risk_unchecked=True, overdue_faults=3).colour == Colour.ORANGE


some = st.integers(0, 4)
true_state = st.fixed_dictionaries(
    {
        "major_risks": some,
        "larger_risks": some,
        "overdue_faults": some,
        "standard_grade": st.none() | st.integers(1, 3),
        "verified_on": st.none() | st.just(DAY),
        "open_faults": some,
        "four_ones_complete": st.none() | st.booleans(),
    }
)


def test_a_property_is_not_held_to_a_time():
    assert properties().deadline is None


@given(true=true_state)
def test_honestly_reported_is_never_worse_than_hidden_and_found(true):
    honest, found = rated(**true), rated(found_by_recheck=True, **true)
    assert SEVERITY[honest.colour] <= SEVERITY[found.colour]
    assert found.score == honest.score + 20
    assert SEVERITY[found.colour] >= SEVERITY[Colour.YELLOW]


@given(true=true_state)
def test_a_zero_risk_claim_never_outranks_a_verified_report_without_risks(true):
    nothing = true | {"major_risks": 0, "larger_risks": 0}
    claim = rated(zero_risk_unchecked=True, **nothing | {"verified_on": None})
    verified = rated(**nothing | {"verified_on": DAY})
    assert SEVERITY[claim.colour] >= SEVERITY[verified.colour]


@given(true=true_state)
def test_the_trace_adds_up_to_the_score(true):
    result = rated(**true)
    assert sum(line["points"] for line in result.trace) == result.score
