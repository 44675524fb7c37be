"""Who gets which notice after which act, in words, once."""

import pytest

from enterprises.enums import Role
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.domain.notices import notice_text
from riskreport.ground.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db


def run(kind: str) -> dict[int, Notice]:
    """Run what is due and return the notices of a kind by person."""
    run_due_reactions(queue="quick")
    return {row.user_id: row for row in Notice.objects.filter(kind=kind)}


def test_a_hand_in_reaches_the_reviewers_of_the_deciding_department_alone():
    filing = factories.filing("drafting")
    reviewers = [factories.user(Role.REVIEWER, of=filing.department) for _ in range(2)]
    factories.user(Role.REVIEWER, of=filing.department, is_active=False)
    factories.user(Role.KEEPER, of=filing.department)
    factories.user(Role.REVIEWER, of=factories.bureau("religion"))
    factories.move(filing, "submit")
    found = run("report.to_review")
    assert set(found) == {row.pk for row in reviewers}
    notice = found[reviewers[0].pk]
    assert filing.enterprise.name in notice_text(notice)
    assert notice.url == f"/review/{filing.pk}/"
    run_due_reactions(queue="quick")
    assert Notice.objects.filter(kind="report.to_review").count() == 2


def test_a_paper_report_handed_in_by_a_reviewer_is_news_for_the_colleagues_only():
    filing = factories.filing("drafting", paper=True)
    colleague = factories.user(Role.REVIEWER, of=filing.department)
    factories.move(filing, "submit")
    assert set(run("report.to_review")) == {colleague.pk}


def test_a_return_tells_the_people_of_the_enterprise_why():
    filing = factories.filing("in_review")
    people = [factories.writer_of(filing), factories.user(of=filing.enterprise)]
    factories.move(filing, "return")
    found = run("report.returned")
    assert set(found) == {row.pk for row in people}
    assert factories.REASON in notice_text(found[people[0].pk])
    assert found[people[0].pk].url == f"/filings/{filing.pk}/"


def test_a_returned_paper_report_is_told_to_the_one_who_entered_it():
    filing = factories.filing("in_review", paper=True)
    factories.move(filing, "return")
    assert set(run("report.returned")) == {filing.entered_by_id}


def test_approval_and_filing_tell_the_other_side():
    filing = factories.filing("filed")
    reviewer = factories.reviewer_of(filing)
    assert set(run("report.approved")) == {factories.writer_of(filing).pk}
    assert reviewer.pk in run("report.filed")


def test_reopening_is_told_to_the_side_that_did_not_do_it():
    by_unit, by_office = factories.filing("filed"), factories.filing("filed")
    reviewer = factories.reviewer_of(by_unit)
    factories.move(by_unit, "reopen")
    factories.move(by_office, "reopen", by=factories.reviewer_of(by_office))
    assert reviewer.pk in run("report.reopened_by_enterprise")
    assert set(run("report.reopened")) == {factories.writer_of(by_office).pk}


@pytest.mark.parametrize(("action", "kind"), [("exempt", "report.exempt"), ("void", "report.void")])
def test_an_early_end_is_told_to_the_enterprise_and_the_department(action, kind):
    filing = factories.filing("submitted")
    reviewer = factories.reviewer_of(filing)
    factories.move(filing, action, by=factories.office_of(filing))
    assert set(run(kind)) == {factories.writer_of(filing).pk}
    assert set(run(f"{kind}_here")) == {reviewer.pk}
    assert factories.REASON in notice_text(run(f"{kind}_here")[reviewer.pk])
