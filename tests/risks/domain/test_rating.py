"""Rating enterprises: what is written when, what a second call does, how it is said, and the reaction to filing."""

import pytest
from django.db import connection
from django.utils import translation

from review.enums import FilingState
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.models import Event, Pending
from risks.checks.rating_words import explain, thresholds_in_words
from risks.domain.rating import rate_enterprise, rate_enterprises
from risks.enums import Colour
from risks.models import Rating, RatingRule, Standing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(db):
    return factories.rating_rule()


@pytest.fixture
def reported(rule):
    """An enterprise whose final report with one larger risk is filed and not rated yet."""
    return factories.filing(FilingState.FILED).enterprise


def test_without_a_current_rule_nothing_is_rated():
    assert rate_enterprise(factories.enterprise().pk) is None


def test_one_that_has_not_reported_is_grey(rule):
    unit = factories.enterprise()
    assert rate_enterprise(unit.pk).colour == Colour.GREY


def test_a_filed_report_is_rated_by_its_ledger(reported):
    rating = rate_enterprise(reported.pk)
    assert (rating.colour, rating.score, rating.town_id) == (Colour.YELLOW, 5, reported.town_id)
    event = Event.objects.get(kind="enterprises.rated")
    assert (event.enterprise_id, event.data) == (reported.pk, {"rule": 1, "ratings": 1})


def test_rating_again_writes_only_what_changed(reported):
    first = rate_enterprise(reported.pk)
    assert rate_enterprise(reported.pk) == first
    Standing.objects.filter(enterprise=reported).update(overdue_faults=3)
    second = rate_enterprise(reported.pk)
    assert (second.colour, second.score) == (Colour.ORANGE, 35)
    assert list(Rating.objects.order_by("pk").values_list("colour", "is_current")) == [
        ("yellow", False), ("orange", True),
    ]  # fmt: skip


def test_a_new_rule_rates_anew(reported, rule):
    rate_enterprise(reported.pk)
    RatingRule.objects.update(is_current=False)
    milder = rule.definition | {"thresholds": {"red": 60, "orange": 30, "yellow": 10}}
    RatingRule.objects.create(version=2, title="第2版", definition=milder, published_on="2022-02-01", is_current=True)
    assert rate_enterprise(reported.pk).colour == Colour.BLUE


def test_a_zero_risk_report_stays_yellow_until_checked(rule):
    unit = factories.filing(FilingState.FILED, present=()).enterprise
    assert rate_enterprise(unit.pk).colour == Colour.YELLOW
    Standing.objects.filter(enterprise=unit).update(zero_risk_checked_on="2022-03-01")
    assert rate_enterprise(unit.pk).colour == Colour.BLUE


def test_a_void_report_leaves_the_enterprise_grey(rule):
    filing = factories.filing(FilingState.FILED)
    rate_enterprise(filing.enterprise_id)
    factories.move(filing, "void")
    assert rate_enterprise(filing.enterprise_id).colour == Colour.GREY


@pytest.mark.parametrize("many", [1, 3])
def test_rating_many_costs_the_same_queries(rule, django_assert_num_queries, many):
    ids = [factories.enterprise().pk for _ in range(many)]
    with django_assert_num_queries(7 + connection.features.has_select_for_update):
        assert rate_enterprises(ids) == many


def test_filing_and_voiding_owe_a_rating_that_runs_once(rule):
    filing = factories.filing(FilingState.FILED)
    owed = Pending.objects.filter(reaction="risks.reactions.rate_after_filing")
    assert owed.get().queue == "quick"
    assert not Rating.objects.exists()
    run_due_reactions(queue="quick")
    run_due_reactions(queue="quick")
    assert Rating.objects.get().colour == Colour.YELLOW
    factories.move(filing, "void")
    run_due_reactions(queue="quick")
    assert Rating.objects.get(is_current=True).colour == Colour.GREY
    assert owed.filter(done_at=None).count() == 0


def test_the_explanation_says_every_line_in_both_languages(reported):
    rating = rate_enterprise(reported.pk)
    with translation.override("zh-hans"):
        chinese = {line.label: line for line in explain(rating)}
    with translation.override("en"):
        english = {line.label: line for line in explain(rating)}
        said = thresholds_in_words(rating)
    assert len(chinese) == len(english) == 15
    assert chinese["较大安全风险"].points == 5
    assert english["Larger risks"].evidence == "1 in the risk ledger."
    assert "counts nothing" in english["A fatal accident within 12 months"].evidence
    assert said == "Red from 60 points, orange from 30, yellow from 5, blue below."


def test_grey_is_explained_too(rule):
    rating = rate_enterprise(factories.enterprise().pk)
    with translation.override("en"):
        assert [(line.label, line.points) for line in explain(rating)] == [("Has not reported", 0)]
