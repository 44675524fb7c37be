"""Exempting, voiding, reopening, and entering a paper report."""

import uuid

import pytest
from django.urls import reverse

from enterprises.enums import Role
from review.enums import CampaignState, FilingState
from review.models import Filing
from tests import factories

pytestmark = pytest.mark.django_db
PAPER_QUERIES = 7


def change(client, filing, action, **data):
    given = {"seen_version": filing.version, "key": str(uuid.uuid4()), "reason": "该单位已关停，见注销通知书。"} | data
    return client.post(reverse("review_change", args=[filing.pk, action]), given)


def fresh(filing):
    return Filing.objects.get(pk=filing.pk)


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [("exempt", "submitted", "exempt"), ("void", "filed", "void"), ("reopen", "filed", "supplement_open")],
)
def test_the_consequence_is_shown_and_the_step_made(client, action, before, after):
    filing = factories.filing(before)
    person = factories.office_of(filing) if action == "void" else factories.reviewer_of(filing)
    client.force_login(person)
    page = client.get(reverse("review_change", args=[filing.pk, action]))
    assert page.context["consequences"]
    assert not page.context["refusal"]
    assert fresh(filing).state == before
    answer = change(client, filing, action)
    assert answer.url == f"/archive/{filing.enterprise_id}/"
    assert fresh(filing).state == after


def test_a_reason_is_wanted_and_the_page_says_so(client):
    filing = factories.filing("submitted")
    client.force_login(factories.reviewer_of(filing))
    page = change(client, filing, "exempt", reason=" ")
    assert page.status_code == 422
    assert page.context["form"].errors
    assert fresh(filing).state == FilingState.SUBMITTED


def test_a_step_that_is_not_open_says_why(client):
    filing = factories.filing("filed")
    client.force_login(factories.reviewer_of(filing))
    assert client.get(reverse("review_change", args=[filing.pk, "exempt"])).context["refusal"]
    assert client.get(reverse("review_change", args=[filing.pk, "void"])).context["refusal"]
    assert change(client, filing, "void").status_code == 409
    assert client.get(reverse("review_change", args=[filing.pk, "submit"])).status_code == 404
    assert fresh(filing).state == FilingState.FILED


def test_a_report_that_moved_on_keeps_the_reason(client):
    filing = factories.filing("submitted")
    client.force_login(factories.reviewer_of(filing))
    seen = fresh(filing)
    factories.move(filing, "claim")
    page = change(client, seen, "exempt")
    assert page.status_code == 409
    assert page.context["form"]["reason"].value().startswith("该单位")
    assert fresh(filing).state == FilingState.IN_REVIEW


# --- paper ----------------------------------------------------------------------------------------------------------
def test_a_unit_is_found_and_its_paper_report_started(client):
    filing = factories.filing("not_started")
    reviewer = factories.reviewer_of(filing)
    client.force_login(reviewer)
    page = client.get(reverse("paper_entry"), {"q": filing.enterprise.name})
    assert [row["filing"] for row in page.context["units"]] == [filing]
    answer = client.post(
        reverse("paper_start", args=[filing.pk]), {"seen_version": filing.version, "key": str(uuid.uuid4())}
    )
    assert answer.url == reverse("filing", args=[filing.pk])
    begun = fresh(filing)
    assert (begun.is_paper, begun.entered_by, begun.state) == (True, reviewer, FilingState.DRAFTING)
    (row,) = client.get(reverse("paper_entry")).context["begun"]
    assert row["filing"] == begun
    assert begun.department.short_name in row["status"]


def test_a_unit_that_began_meanwhile_is_refused_with_the_search_kept(client):
    filing = factories.filing("not_started")
    client.force_login(factories.reviewer_of(filing))
    seen = filing.version
    factories.move(filing, "start")
    page = client.post(reverse("paper_start", args=[filing.pk]), {"seen_version": seen, "q": "颐养"})
    assert page.status_code == 409
    assert page.context["problem"]
    assert page.context["q"] == "颐养"
    assert not fresh(filing).is_paper


def test_units_of_a_closed_task_or_another_department_are_not_offered(client):
    filing = factories.filing("not_started")
    closed = factories.filing("not_started", campaign=factories.campaign(state=CampaignState.CLOSED))
    other = factories.filing("not_started", of=factories.enterprise(category_code="1501"))
    client.force_login(factories.reviewer_of(filing))
    assert [row["filing"] for row in client.get(reverse("paper_entry")).context["units"]] == [filing]
    assert client.post(reverse("paper_start", args=[other.pk])).status_code == 404
    assert client.post(reverse("paper_start", args=[closed.pk]), {"seen_version": "1"}).status_code == 409


def test_only_reviewers_enter_paper(client):
    filing = factories.filing("not_started")
    for role in (Role.OFFICE, Role.KEEPER, Role.ENTERPRISE_USER):
        client.force_login(factories.user(role))
        assert client.get(reverse("paper_entry")).status_code == 403
        assert client.post(reverse("paper_start", args=[filing.pk])).status_code == 403


def test_the_page_costs_the_same_with_one_unit_and_with_three(client, django_assert_num_queries):
    first = factories.filing("not_started")
    client.force_login(factories.reviewer_of(first))
    client.get(reverse("paper_entry"))
    with django_assert_num_queries(PAPER_QUERIES):
        client.get(reverse("paper_entry"))
    for _ in range(2):
        factories.filing("not_started", campaign=first.campaign)
    with django_assert_num_queries(PAPER_QUERIES):
        client.get(reverse("paper_entry"))
