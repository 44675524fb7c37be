"""The commands that rate by hand and that hold the SQL against the explanation."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from review.enums import FilingState
from risks.domain import rating
from risks.models import Rating
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(db):
    return factories.rating_rule()


def told(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def test_rate_counts_by_colour_and_a_second_run_writes_nothing(rule, monkeypatch):
    monkeypatch.setattr(rating, "CHUNK", 2)
    factories.filing(FilingState.FILED)
    for _ in range(4):
        factories.enterprise()
    first = json.loads(told("rate", all=True, json=True))
    assert (first["written"], first["colours"]) == (5, {"red": 0, "orange": 0, "yellow": 1, "blue": 0, "grey": 4})
    assert json.loads(told("rate", all=True, json=True))["written"] == 0
    assert Rating.objects.count() == 5


def test_rate_without_all_looks_at_who_is_not_rated_yet(rule):
    known = factories.enterprise()
    rating.rate_enterprise(known.pk)
    Rating.objects.update(score=7)
    factories.enterprise()
    assert "1 ratings written" in told("rate")
    assert Rating.objects.get(enterprise=known).score == 7
    assert "1 ratings written" in told("rate", all=True)


def test_a_unit_merged_into_another_is_not_rated(rule):
    survivor, absorbed = factories.enterprise(), factories.enterprise()
    day = survivor.joined_on
    type(absorbed).objects.filter(pk=absorbed.pk).update(lifecycle="merged", merged_into=survivor, left_on=day)
    told("rate", all=True)
    assert list(Rating.objects.values_list("enterprise", flat=True)) == [survivor.pk]


@pytest.mark.parametrize("command", ["rate", "check_ratings"])
def test_without_a_rule_the_commands_say_what_to_do(command, db):
    with pytest.raises(CommandError, match="load_reference"):
        call_command(command)


def test_check_ratings_agrees_on_what_ships(rule):
    factories.filing(FilingState.FILED)
    factories.enterprise()
    assert json.loads(told("check_ratings", sample=10, json=True)) == {
        "agrees": True, "seen": 2, "differs": 0, "first": [],
    }  # fmt: skip


def test_check_ratings_names_what_differs_and_fails(rule, monkeypatch):
    unit = factories.filing(FilingState.FILED).enterprise
    monkeypatch.setattr("risks.domain.rating_check.facts_of", lambda ids: {})
    out = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("check_ratings", sample=10, stdout=out)
    assert failed.value.returncode == 1
    assert f"enterprise {unit.pk}:" in out.getvalue()
