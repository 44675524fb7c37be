"""The list of filings: its filters, its scope, and that its cost does not grow with its rows."""

import datetime as dt

import pytest
from django.urls import reverse

from enterprises.enums import Role
from review.enums import FilingState
from review.interfaces.filters import filings_address
from riskreport.ground import clock
from risks.models import Rating, RatingRule
from tests import factories

pytestmark = pytest.mark.django_db


def listed(client, **asked) -> list[int]:
    page = client.get(reverse("filings"), asked).context["list"]
    assert not page.problem
    return sorted(row.pk for row in page.page.rows)


@pytest.fixture
def office(client):
    client.force_login(factories.user(Role.OFFICE))
    return client


def test_filters_by_state_risks_and_text(office):
    drafting = factories.filing(FilingState.DRAFTING)
    zero = factories.filing(FilingState.FILED, present=())
    larger = factories.filing(FilingState.FILED, present=("01",))
    major = factories.filing(FilingState.FILED, present=("02",))
    assert listed(office, state="drafting") == [drafting.pk]
    assert listed(office, reported="zero") == [zero.pk]
    assert listed(office, reported="larger") == [larger.pk, major.pk]
    assert listed(office, reported="major") == [major.pk]
    assert listed(office, q=larger.enterprise.name) == [larger.pk]
    assert listed(office, q=major.enterprise.credit_code.lower()) == [major.pk]
    assert listed(office, colour="grey") == sorted([drafting.pk, zero.pk, larger.pk, major.pk])


def test_filters_by_the_colour_that_is_current_and_grey_is_what_has_none(office):
    rule = RatingRule.objects.create(version=1, title="t", definition={})
    red, grey, unrated = (factories.filing() for _number in range(3))
    for unit, colour, is_current in (
        (red, "red", True),
        (red, "blue", False),
        (grey, "grey", True),
        (unrated, "red", False),
    ):
        Rating.objects.create(
            enterprise=unit.enterprise, town_id=unit.town_id, rule=rule, colour=colour, score=1,
            rated_at=clock.now(), is_current=is_current,
        )  # fmt: skip
    assert listed(office, colour="red") == [red.pk]
    assert listed(office, colour="grey") == [grey.pk, unrated.pk]
    assert listed(office, colour="blue") == []


def test_filters_by_what_a_day_counts(office):
    campaign = factories.campaign(due_on=clock.today() - dt.timedelta(days=2))
    filed = factories.filing(FilingState.FILED, campaign=campaign)
    late = factories.filing(campaign=campaign)
    gone = factories.filing(FilingState.EXEMPT, campaign=campaign)
    today, before = clock.today().isoformat(), (clock.today() - dt.timedelta(days=1)).isoformat()
    assert listed(office, stage="expected") == [filed.pk, late.pk]
    assert listed(office, stage="expected", as_of=before) == [filed.pk, late.pk, gone.pk]
    assert listed(office, as_of=before) == [filed.pk, late.pk, gone.pk]
    assert listed(office, stage="actual", as_of=before) == []
    assert listed(office, stage="actual", as_of=today) == [filed.pk]
    assert listed(office, stage="late") == [filed.pk]
    assert listed(office, stage="on_time") == []
    assert listed(office, stage="overdue") == [late.pk]


def test_only_launched_campaigns_are_offered(office):
    shown = factories.campaign()
    factories.campaign(state="draft")
    form = office.get(reverse("filings")).context["list"].selection.filters.form
    assert [code for code, _label in form.fields["campaign"].choices if code] == [shown.code]


def test_a_filter_that_cannot_be_is_said(office):
    factories.filing()
    page = office.get(reverse("filings"), {"as_of": "soon"})
    assert page.context["list"].problem
    assert page.context["list"].page.rows == []


def test_a_person_sees_the_filings_of_the_scope_alone(client):
    own, other = factories.filing(), factories.filing()
    client.force_login(factories.writer_of(own))
    assert listed(client) == [own.pk]
    client.force_login(factories.user(Role.REVIEWER, of=factories.bureau("religion", factories.KUNSHAN)))
    assert listed(client) == []
    client.force_login(factories.user(Role.REVIEWER, of=factories.township(factories.HUAQIAO)))
    assert listed(client) == [own.pk, other.pk]


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_queries_for_one_row_and_three(office, django_assert_num_queries, many):
    campaign = factories.campaign()
    for _ in range(many):
        factories.filing(FilingState.FILED, campaign=campaign)
    address = filings_address(campaign=campaign.code, as_of=clock.today())
    office.get(address)
    with django_assert_num_queries(10):
        office.get(address)
