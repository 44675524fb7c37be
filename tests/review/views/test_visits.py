"""Visits on the spot: who sees which, what the list costs, and the panel of the archive."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from enterprises.enums import Role
from review.domain.visits import record_visit
from review.enums import FilingState, VisitOutcome
from review.models import Filing, Visit
from review.queries.verified import visit_differences
from riskreport.ground import clock
from riskreport.ground.models import Event
from risks.models import Standing
from tests import factories

pytestmark = pytest.mark.django_db
LIST_QUERIES = 10
HISTORY_QUERIES = 14


def visit(filing: Filing | None = None, **fields) -> Visit:
    filing = filing or factories.filing(FilingState.FILED)
    given = {
        "filing": filing, "level": "town", "department": filing.department, "visited_on": clock.today(),
        "outcome": VisitOutcome.PASSED,
    }  # fmt: skip
    return Visit.objects.create(**given | fields)


def listed(client, **asked) -> list[int]:
    page = client.get(reverse("visits"), asked).context["list"]
    assert not page.problem
    return [row.pk for row in page.page.rows]


@pytest.fixture
def office(client):
    client.force_login(factories.user(Role.OFFICE))
    return client


def test_the_latest_visit_stands_first_and_filters_narrow(office):
    older = visit(visited_on=clock.today() - dt.timedelta(days=3), level="city", outcome=VisitOutcome.ENFORCEMENT)
    unit = factories.enterprise(town=factories.YANGSHE, category_code="1501")
    newer = visit(Filing.objects.create(
        campaign=older.filing.campaign, enterprise=unit, department=older.department, town_id=unit.town_id,
        category_id=unit.category_id, scale=unit.scale, joined_on=unit.joined_on, due_on=clock.today(),
    ))  # fmt: skip
    assert listed(office) == [newer.pk, older.pk]
    assert listed(office, level="city") == [older.pk]
    assert listed(office, outcome="passed") == [newer.pk]
    assert listed(office, county=str(factories.ZHANGJIAGANG)) == [newer.pk]
    assert listed(office, sector="15") == [newer.pk]
    assert listed(office, q=unit.name) == [newer.pk]


def test_a_visit_outside_the_scope_is_not_listed(client):
    row = visit()
    for person in (
        factories.user(Role.ENTERPRISE_USER),
        factories.user(Role.REVIEWER, of=factories.bureau("religion", factories.KUNSHAN)),
        factories.user(Role.REVIEWER, of=factories.township(factories.YANGSHE)),
    ):
        client.force_login(person)
        assert listed(client) == []
    client.force_login(factories.user(Role.ENTERPRISE_USER, of=row.filing.enterprise))
    assert listed(client) == [row.pk]


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_visit_and_three(office, django_assert_num_queries, many):
    for _ in range(many):
        visit()
    listed(office)
    with django_assert_num_queries(LIST_QUERIES):
        listed(office)


def test_the_archive_tells_of_the_visits_to_its_own_unit_only(office):
    row = visit(outcome=VisitOutcome.RECTIFY, rectify_by=clock.today())
    visit()
    page = office.get(reverse("archive_history", args=[row.filing.enterprise_id]))
    assert page.context["visits"] == [row]
    assert "限期整改" in page.content.decode()


def form(page) -> dict[str, str]:
    """What a browser would send back of the form as it is first shown."""
    bound = page.context["form"]
    return {name: str(bound[name].value() or "") for name in bound.fields}


def address(filing: Filing) -> str:
    return reverse("visit_record", args=[filing.pk])


def test_an_inspector_goes_from_the_archive_to_the_form_and_back(client):
    filing = factories.filing(FilingState.FILED)
    client.force_login(factories.user(Role.INSPECTOR, of=filing.department))
    archive = reverse("archive", args=[filing.enterprise_id])
    assert address(filing) in client.get(archive).content.decode()
    given = form(client.get(address(filing)))
    assert given["visited_on"] == str(clock.today())
    answer = client.post(address(filing), given | {"outcome": "rectify", "rectify_days": "15"})
    assert answer.url == archive
    again = client.post(address(filing), given | {"outcome": "rectify", "rectify_days": "15"})
    assert again.url == archive
    row = Visit.objects.get()
    assert (row.outcome, row.rectify_by) == ("rectify", clock.today() + dt.timedelta(days=15))
    assert listed(client) == [row.pk]


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(client):
    filing = factories.filing(FilingState.FILED)
    client.force_login(factories.reviewer_of(filing))
    given = form(client.get(address(filing)))
    for wrong, field in (
        ({"outcome": ""}, "outcome"),
        ({"outcome": "rectify"}, "rectify_days"),
        ({"outcome": "rectify", "rectify_days": "0"}, "rectify_days"),
        ({"outcome": "rectify", "rectify_days": "181"}, "rectify_days"),
        ({"outcome": "passed", "rectify_days": "15"}, "rectify_days"),
        ({"outcome": "passed", "visited_on": "昨天"}, "visited_on"),
    ):
        page = client.post(address(filing), given | wrong)
        assert page.status_code == 422
        assert list(page.context["form"].errors) == [field], wrong
    assert not Visit.objects.exists()


def test_a_refused_day_keeps_what_was_typed(client):
    filing = factories.filing(FilingState.FILED)
    client.force_login(factories.reviewer_of(filing))
    given = form(client.get(address(filing)))
    tomorrow = str(clock.today() + dt.timedelta(days=1))
    page = client.post(address(filing), given | {"outcome": "passed", "visited_on": tomorrow})
    assert page.status_code == 409
    assert page.context["form"]["visited_on"].value() == tomorrow
    assert page.context["form"]["outcome"].value() == "passed"
    assert page.context["form"]["key"].value() != given["key"]


def test_who_may_reopen_is_led_to_it_and_who_may_not_is_told_who_will(client):
    filing = factories.filing(FilingState.FILED)
    client.force_login(factories.user(Role.INSPECTOR, of=filing.department))
    answer = client.post(address(filing), {"visited_on": clock.today(), "outcome": "supplement"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("archive", args=[filing.enterprise_id])
    assert f"已通知{filing.department}" in answer.content.decode()
    Visit.objects.all().delete()
    client.force_login(factories.reviewer_of(filing))
    answer = client.post(address(filing), {"visited_on": clock.today(), "outcome": "supplement"})
    assert answer.url == reverse("review_change", args=[filing.pk, "reopen"])


def test_where_nothing_was_filed_the_archive_offers_no_visit_and_the_page_says_why(client):
    filing = factories.filing(FilingState.SUBMITTED)
    client.force_login(factories.reviewer_of(filing))
    assert address(filing) not in client.get(reverse("archive", args=[filing.enterprise_id])).content.decode()
    assert client.get(address(filing)).context["refusal"]
    assert client.post(address(filing), {"visited_on": clock.today(), "outcome": "passed"}).status_code == 409
    assert not Visit.objects.exists()


def test_the_archive_offers_visits_to_those_who_go_on_them_alone(client):
    filing = factories.filing(FilingState.FILED)
    for person in (factories.user(Role.OFFICE), factories.writer_of(filing)):
        client.force_login(person)
        assert address(filing) not in client.get(reverse("archive", args=[filing.enterprise_id])).content.decode()
        assert client.get(address(filing)).status_code == 403


def test_a_row_of_the_list_leads_to_the_archive_and_an_empty_list_says_where_to_record(office):
    assert "登记现场核查" in office.get(reverse("visits")).content.decode()
    row = visit()
    assert f'href="/archive/{row.filing.enterprise_id}/"' in office.get(reverse("visits")).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": VisitOutcome.RECTIFY},
        {"outcome": VisitOutcome.PASSED, "rectify_by": dt.date(2030, 1, 1)},
        {"outcome": VisitOutcome.RECTIFY, "rectify_by": dt.date(2000, 1, 1)},
    ],
)
def test_only_what_is_to_be_mended_has_a_day_and_not_one_before_the_visit(wrong):
    filing = factories.filing(FilingState.FILED)
    with pytest.raises(IntegrityError), transaction.atomic():
        visit(filing, **wrong)


def test_check_progress_names_a_standing_that_knows_of_another_visit():
    row = visit()
    unit = row.filing.enterprise_id
    Standing.objects.filter(pk=unit).update(last_verified_on=row.visited_on)
    assert list(visit_differences()) == []
    Standing.objects.filter(pk=unit).update(last_verified_on=row.visited_on - dt.timedelta(days=1))
    assert [text.partition(" was")[0] for text in visit_differences()] == [f"enterprise {unit}"]
    row.delete()
    assert len(list(visit_differences())) == 1


def test_the_archive_lets_who_recorded_a_visit_take_it_back(client):
    filing = factories.filing(FilingState.FILED)
    person, colleague = factories.user(Role.INSPECTOR, of=filing.department), factories.reviewer_of(filing)
    row = record_visit(filing_id=filing.pk, user=person, visited_on=clock.today(), outcome=VisitOutcome.PASSED)
    visit(factories.filing(FilingState.FILED))
    history = reverse("archive_history", args=[filing.enterprise_id])
    withdrawal = reverse("visit_withdraw", args=[filing.pk, row.pk])
    given = {"seen_version": filing.version, "reason": "登记错了单位。"}
    client.force_login(colleague)
    assert withdrawal not in client.get(history).content.decode()
    assert client.get(withdrawal).context["refusal"]
    assert client.post(withdrawal, given).status_code == 409
    client.force_login(person)
    assert withdrawal in client.get(history).content.decode()
    assert client.get(withdrawal).context["consequences"]
    assert client.post(withdrawal, given | {"reason": " "}).status_code == 422
    assert Visit.objects.count() == 2
    assert client.post(withdrawal, given).url == reverse("archive", args=[filing.enterprise_id])
    assert Visit.objects.filter(filing=filing).count() == 0
    events = Event.objects.count()
    second = client.post(withdrawal, given, follow=True)  # the second of two clicks
    assert second.redirect_chain[0][0] == reverse("archive", args=[filing.enterprise_id])
    assert "已撤回" in second.content.decode()
    assert Event.objects.count() == events
    never = reverse("visit_withdraw", args=[filing.pk, row.pk + 999])
    assert {client.get(never).status_code, client.post(never, given).status_code} == {404}


@pytest.mark.parametrize("many", [1, 3])
def test_the_history_costs_the_same_for_one_visit_and_three(client, django_assert_num_queries, many):
    filing = factories.filing(FilingState.FILED)
    person = factories.reviewer_of(filing)
    client.force_login(person)
    for department in (filing.department, factories.township(), factories.bureau("civil", factories.CITY))[:many]:
        someone = factories.user(Role.REVIEWER, of=department)
        record_visit(filing_id=filing.pk, user=someone, visited_on=clock.today(), outcome=VisitOutcome.PASSED)
    history = reverse("archive_history", args=[filing.enterprise_id])
    client.get(history)
    with django_assert_num_queries(HISTORY_QUERIES):
        client.get(history)
