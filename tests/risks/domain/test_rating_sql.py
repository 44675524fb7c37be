"""The rule in SQL for everybody says of each unit what its explanation says of one."""

import copy
import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from riskreport.ground import clock
from risks.domain.rating_check import differing
from risks.domain.reference import read_data
from risks.enums import Level, Rank, RiskState
from risks.models import RatingRule, Risk, Standing
from tests import factories

pytestmark = pytest.mark.django_db
SHIPPED = read_data("rating_rule.json")["definition"]
PLANS = (
    {},
    {"engineering": []},
    {"engineering": ["", " \u3000\t\n"]},
    {"management": ["", "每日巡查"]},
    {"engineering": ["加装喷淋"], "emergency": ["每季演练"]},
    {"training": ["\u00a0"]},
)


@pytest.fixture
def units():
    """Fifty units whose facts are drawn anew by ``scatter``."""
    return [factories.enterprise() for _ in range(50)]


def scatter(units, seed):
    """Give every unit random facts, some of them none at all."""
    draw = random.Random(seed)
    day = dt.date(2022, 3, 1)
    Risk.objects.all().delete()
    Standing.objects.all().delete()
    standings, risks = [], []
    for unit in units:
        unit.standard_grade = draw.choice([None, 1, 2, 3])
        unit.save(update_fields=["standard_grade"])
        risks += [risk(unit, draw) for _ in range(draw.choice([0, 0, 1, 2, 5]))]
        if draw.random() < 0.9:
            standings.append(
                Standing(
                    enterprise=unit,
                    first_reported_on=draw.choice([day, day, day, None]),
                    overdue_since=draw.choice([None, day]),
                    last_verified_on=draw.choice([None, day]),
                    open_faults=draw.choice([0, 0, 2]),
                    overdue_faults=draw.choice([0, 0, 1, 7]),
                    zero_risk_checked_on=draw.choice([None, day]),
                )
            )
    Standing.objects.bulk_create(standings)
    Risk.objects.bulk_create(risks)


def risk(unit, draw):
    closed = draw.random() < 0.2
    return Risk(
        enterprise=unit,
        town_id=unit.town_id,
        category_id=unit.category_id,
        name="消防",
        place="楼内",
        level=draw.choice([Level.MAJOR, Level.LARGER, Level.LARGER]),
        measures=draw.choice(PLANS),
        responsible_name="吴强",
        rank=Rank.DEPUTY,
        state=RiskState.CLOSED if closed else RiskState.ACTIVE,
        closed_on=clock.today() if closed else None,
        recorded_on=clock.today(),
        filing_id=1,
        snapshot_id=1,
    )


@st.composite
def definitions(draw):
    """The shipped rule with other weights, caps and thresholds, its entries in another order."""
    rule = copy.deepcopy(SHIPPED)
    for term in rule["terms"]:
        most = draw(st.integers(0, 40))
        is_credit = term["kind"] == "credit"
        term["weight"] = -most if is_credit else most
        cap = draw(st.none() | st.integers(0, 60))
        term["cap"] = -cap if is_credit and cap is not None else cap
        if "grade" in term:
            term["grade"] = draw(st.integers(1, 3))
    rule["credits_cap"] = -draw(st.integers(0, 30))
    yellow, orange, red = sorted(draw(st.lists(st.integers(-20, 120), min_size=3, max_size=3)))
    rule["thresholds"] = {"red": red, "orange": orange, "yellow": yellow}
    for entry in [*rule["direct"], *rule["floors"]]:
        entry["colour"] = draw(st.sampled_from(["red", "orange", "yellow"]))
        entry["weight"] = draw(st.integers(0, 30_000))
        entry["value"] = draw(st.integers(0, 4))
    rule["terms"] = draw(st.permutations(rule["terms"]))
    return rule


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(definition=definitions(), seed=st.integers(0, 2**32))
def test_sql_and_explanation_agree_on_random_facts_and_rules(units, definition, seed):
    scatter(units, seed)
    rule = RatingRule(version=1, title="试", definition=definition)
    assert differing(rule, [unit.pk for unit in units]) == []


def test_a_credit_without_weight_gives_nothing_though_it_has_a_cap(units):
    scatter(units, 433)
    rule = copy.deepcopy(SHIPPED) | {"credits_cap": -500}
    for term in rule["terms"]:
        if term["kind"] == "credit":
            term["weight"], term["cap"] = 0, -28
    definition = RatingRule(version=1, title="试", definition=rule)
    assert differing(definition, [unit.pk for unit in units]) == []


def test_what_differs_is_named(units, monkeypatch):
    scatter(units, 1)
    rule = RatingRule(version=1, title="试", definition=SHIPPED)
    monkeypatch.setattr("risks.queries.rating_facts.has_plan", lambda measures: True)
    assert "counts" in differing(rule, [unit.pk for unit in units])[0]
