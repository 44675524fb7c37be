"""The queue and taking several reports at once."""

import uuid

import pytest
from django.urls import reverse

from enterprises.enums import Role
from review.enums import FilingState
from review.models import Filing
from tests import factories

pytestmark = pytest.mark.django_db
QUEUE_QUERIES = 11


@pytest.fixture
def desk(client):
    campaign = factories.campaign()
    filings = [factories.filing("submitted", campaign=campaign) for _ in range(3)]
    reviewer = factories.reviewer_of(filings[0])
    client.force_login(reviewer)
    return reviewer, filings


def listed(client, **asked):
    return [row.pk for row in client.get(reverse("review_queue"), asked).context["list"].page.rows]


def take(client, filings, **more):
    data = {"pick": [f"{row.pk}:{row.version}" for row in filings], "key": str(uuid.uuid4())} | more
    return client.post(reverse("review_claim_several"), data)


def states() -> dict[int, str]:
    return dict(Filing.objects.values_list("pk", "state"))


def test_the_queue_is_in_order_of_waiting_and_can_be_filtered(client, desk):
    reviewer, filings = desk
    other = factories.filing("submitted", campaign=filings[0].campaign, of=factories.enterprise(town=factories.YUSHAN))
    relief = factories.enterprise(category_code="1402")
    third = factories.filing("submitted", campaign=filings[0].campaign, of=relief)
    everything = [row.pk for row in (*filings, other, third)]
    assert listed(client) == everything
    assert listed(client, town=factories.YUSHAN) == [other.pk]
    assert listed(client, category="1402") == [third.pk]
    factories.move(filings[1], "claim", by=reviewer)
    assert listed(client, list="mine") == [filings[1].pk]
    assert listed(client, list="waiting", category="1401") == [filings[0].pk, filings[2].pk, other.pk]


def test_a_filter_goes_along_with_the_link_to_the_review(client, desk):
    _reviewer, filings = desk
    page = client.get(reverse("review_queue"), {"list": "waiting", "category": "1401"}).content.decode()
    assert f"/review/{filings[0].pk}/?list=waiting&amp;category=1401" in page


def test_a_filter_that_cannot_be_says_so(client, desk):
    problem = client.get(reverse("review_queue"), {"list": "nonsense"}).context["list"].problem
    assert problem == "“列表”不能按“nonsense”筛选，请重新选择或去掉这个条件。"


@pytest.mark.usefixtures("desk")
def test_a_department_that_decides_nothing_is_told_so_and_not_to_wait(client):
    client.force_login(factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.CITY)))
    page = client.get(reverse("review_queue"))
    assert listed(client) == []
    assert page.context["lead"] == "本条线的报告由其他部门审核，您可以查看并写备注。"


def test_the_queue_costs_the_same_with_one_row_and_with_three(client, desk, django_assert_num_queries):
    _reviewer, filings = desk
    client.get(reverse("review_queue"))
    with django_assert_num_queries(QUEUE_QUERIES):
        client.get(reverse("review_queue"))
    for filing in filings[1:]:
        factories.move(filing, "withdraw")
    with django_assert_num_queries(QUEUE_QUERIES):
        client.get(reverse("review_queue"))


def test_only_reviewers_have_a_queue(client):
    for role in (Role.OFFICE, Role.KEEPER, Role.ENTERPRISE_USER, Role.OPERATOR):
        client.force_login(factories.user(role))
        assert client.get(reverse("review_queue")).status_code == 403
        assert client.post(reverse("review_claim_several")).status_code == 403


def test_several_are_taken_and_each_refusal_has_its_reason(client, desk):
    reviewer, filings = desk
    colleague = factories.user(Role.REVIEWER, of=reviewer.department)
    seen = [*filings]
    stale = Filing.objects.get(pk=filings[2].pk)
    factories.move(stale, "claim", by=colleague)
    page = take(client, seen)
    assert (page.context["taken"], page.context["refused"]) == (2, 1)
    refusals = {row["pk"]: row["refusal"] for row in page.context["results"]}
    assert refusals[filings[0].pk] == refusals[filings[1].pk] == ""
    assert refusals[filings[2].pk]
    assert Filing.objects.get(pk=filings[2].pk).claimed_by == colleague


def test_a_repeated_form_takes_nothing_twice(client, desk):
    _reviewer, filings = desk
    key = str(uuid.uuid4())
    first, second = take(client, filings, key=key), take(client, filings, key=key)
    assert first.context["taken"] == second.context["taken"] == 3
    assert list(Filing.objects.values_list("version", flat=True).distinct()) == [filings[0].version + 1]


def test_a_report_one_entered_oneself_is_not_taken(client, desk):
    _reviewer, filings = desk
    paper = factories.filing("submitted", paper=True, campaign=filings[0].campaign)
    client.force_login(paper.entered_by)
    page = take(client, [paper])
    assert page.context["refused"] == 1
    assert f'value="{paper.pk}:' not in client.get(reverse("review_queue")).content.decode()


def test_reports_of_another_department_are_passed_over(client, desk):
    stranger = factories.filing("submitted", of=factories.enterprise(category_code="1501"))
    page = take(client, [stranger])
    assert page.context["results"] == []
    assert states()[stranger.pk] == FilingState.SUBMITTED


def test_nothing_chosen_goes_back_to_the_queue(client, desk):
    answer = take(client, [], queue="list=waiting&town=evil&next=http://x")
    assert answer.status_code == 302
    assert answer.url == "/review/?list=waiting&town=evil"
    assert take(client, [], pick=["nonsense", "1:2:3"]).status_code == 302
