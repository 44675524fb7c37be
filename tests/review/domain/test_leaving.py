"""A reviewer leaves: reports taken for review and paper reports go on in other hands, four eyes kept."""

import pytest
from django.core.management import call_command

from enterprises.domain.leaving import disable_person, open_work_of
from enterprises.enums import Role
from review.domain.workflow import move_filing
from review.enums import Action, FilingState
from riskreport.ground.access import Refused
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def leave(person, heir=None, by=None):
    return disable_person(user=by or factories.chief(), person_id=person.pk, heir_id=heir.pk if heir else None)


def test_a_report_taken_for_review_goes_to_the_heir():
    filing = factories.filing(FilingState.IN_REVIEW)
    person, heir = filing.claimed_by, factories.user(Role.REVIEWER)
    assert [(kind.name, count) for kind, count in open_work_of(person)] == [("reviews", 1)]
    assert leave(person, heir) == {"reviews": 1}
    filing.refresh_from_db()
    assert (filing.state, filing.claimed_by) == (FilingState.IN_REVIEW, heir)
    event = Event.objects.get(kind="report.passed_on")
    assert event.data == {"as": "claimed_by", "from": person.pk, "to": heir.pk}
    move_filing(filing_id=filing.pk, action=Action.RETURN, user=heir, seen_version=filing.version, reason="x")


def test_without_an_heir_it_goes_back_into_the_queue_by_the_chiefs_hand():
    filing = factories.filing(FilingState.IN_REVIEW)
    chief = factories.chief()
    assert leave(filing.claimed_by, by=chief) == {"reviews": 1}
    filing.refresh_from_db()
    assert (filing.state, filing.claimed_by) == (FilingState.SUBMITTED, None)
    assert Event.objects.get(kind="filing.put_back").actor == chief


def test_an_heir_who_may_not_decide_it_does_not_get_it():
    filing = factories.filing(FilingState.IN_REVIEW)
    heir = factories.user(Role.KEEPER)
    leave(filing.claimed_by, heir)
    filing.refresh_from_db()
    assert (filing.state, filing.claimed_by) == (FilingState.SUBMITTED, None)


def test_the_chief_of_another_department_puts_nothing_back():
    filing = factories.filing(FilingState.IN_REVIEW)
    with pytest.raises(Refused):
        move_filing(
            filing_id=filing.pk,
            action=Action.PUT_BACK,
            user=factories.chief(factories.bureau("religion")),
            seen_version=filing.version,
        )


def test_a_paper_report_needs_a_reviewer_to_go_on_with_it():
    filing = factories.filing(FilingState.DRAFTING, paper=True)
    person, heir = filing.entered_by, factories.user(Role.REVIEWER)
    with pytest.raises(Refused):
        leave(person)
    with pytest.raises(Refused):
        leave(person, factories.user(Role.KEEPER))
    assert leave(person, heir) == {"paper": 1}
    filing.refresh_from_db()
    assert filing.entered_by == heir
    assert factories.save(filing, "basic", factories.BASIC, by=heir)


def test_a_paper_report_that_the_heir_reviews_goes_back_so_that_nobody_decides_their_own():
    filing = factories.filing(FilingState.IN_REVIEW, paper=True)
    person, heir = filing.entered_by, filing.claimed_by
    assert leave(person, heir) == {"paper": 1}
    filing.refresh_from_db()
    assert (filing.state, filing.claimed_by, filing.entered_by) == (FilingState.SUBMITTED, None, heir)
    with pytest.raises(Refused):
        move_filing(filing_id=filing.pk, action=Action.CLAIM, user=heir, seen_version=filing.version)


def test_what_was_passed_on_still_agrees_with_its_events():
    filing = factories.filing(FilingState.IN_REVIEW)
    leave(filing.claimed_by, factories.user(Role.REVIEWER))
    call_command("check_progress")  # raises when a state or a column disagrees with the events
