"""Recording a visit: who, when, once; what Standing, rating and people learn of it."""

import datetime as dt

import pytest

from enterprises.enums import DepartmentKind, Role
from review.domain.visits import VisitRefused, record_visit, withdraw_visit
from review.enums import FilingState, VisitOutcome
from review.models import Filing, Visit
from review.queries.verified import visit_differences
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.domain.notices import notice_text
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.models import Event, Notice
from risks.models import Rating, Standing
from tests import factories

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def filed(state: str = FilingState.FILED, **given) -> Filing:
    """A filing whose final report was filed ten days ago."""
    clock.set_offset(-10 * DAY.total_seconds())
    filing = factories.filing(state, **given)
    clock.set_offset(0)
    return filing


def record(filing: Filing, user=None, *, ago: int = 0, outcome: str = VisitOutcome.PASSED, **given) -> Visit:
    person = user or factories.reviewer_of(filing)
    return record_visit(
        filing_id=filing.pk, user=person, visited_on=clock.today() - ago * DAY, outcome=outcome, **given
    )


def standing(filing: Filing) -> Standing:
    return Standing.objects.get(pk=filing.enterprise_id)


def test_a_visit_is_written_at_the_level_of_the_department_with_standing_and_event():
    filing = filed()
    person = factories.user(Role.INSPECTOR, of=factories.township())
    visit = record(filing, person, ago=2, outcome=VisitOutcome.RECTIFY, rectify_by=clock.today() + 13 * DAY)
    assert (visit.level, visit.department, visit.zero_risk) == ("town", person.department, False)
    assert standing(filing).last_verified_on == clock.today() - 2 * DAY
    assert standing(filing).open_faults == 1
    assert list(visit_differences()) == []
    event = Event.objects.get(kind="visit.recorded")
    assert (event.actor, event.enterprise_id, event.object_id) == (person, filing.enterprise_id, filing.pk)
    assert event.data["visit"] == visit.pk


@pytest.mark.parametrize("role", [Role.KEEPER, Role.OFFICE, Role.OVERSIGHT, Role.ENTERPRISE_ADMIN])
def test_only_reviewers_and_inspectors_record(role):
    filing = filed()
    of = filing.enterprise if role == Role.ENTERPRISE_ADMIN else None
    with pytest.raises(Refused):
        record(filing, factories.user(role, of=of))
    assert not Visit.objects.exists()


@pytest.mark.parametrize("state", ["not_started", "submitted", "approved", "filed, then void"])
def test_a_report_that_was_not_filed_or_is_void_cannot_be_visited(state):
    filing = factories.filing(state.partition(",")[0])
    if "void" in state:
        factories.move(filing, "void")
    with pytest.raises(Refused):
        record(filing, factories.user(Role.REVIEWER, of=filing.department))


def test_a_report_being_supplemented_still_stands():
    assert record(filed(FilingState.SUPPLEMENT_OPEN)).pk


@pytest.mark.parametrize(
    ("ago", "outcome", "by"),
    [
        (-1, "passed", None),
        (11, "passed", None),
        (1, "rectify", None),
        (1, "rectify", 2),
        (1, "passed", -5),
    ],
)
def test_days_out_of_order_are_refused(ago, outcome, by):
    filing = filed()
    rectify_by = None if by is None else clock.today() - by * DAY
    with pytest.raises(VisitRefused):
        record(filing, ago=ago, outcome=outcome, rectify_by=rectify_by)
    assert not Visit.objects.exists()


def test_the_day_of_filing_and_today_are_days_of_a_visit():
    filing = filed()
    record(filing, ago=10)
    record(filing, ago=0)
    assert Visit.objects.count() == 2


def test_one_level_comes_once_a_day_and_another_level_may_come_too():
    filing = filed()
    record(filing)
    with pytest.raises(VisitRefused):
        record(filing, factories.user(Role.INSPECTOR, of=filing.department), outcome=VisitOutcome.ENFORCEMENT)
    record(filing, factories.user(Role.REVIEWER, of=factories.township()))
    assert Visit.objects.count() == 2


def test_the_same_form_twice_is_one_visit_and_its_key_serves_nothing_else():
    filing = filed()
    person = factories.reviewer_of(filing)
    first = record(filing, person, key="k")
    assert record(filing, person, key="k") == first
    assert Event.objects.filter(kind="visit.recorded").count() == 1
    with pytest.raises(KeyReused):
        record(filing, person, ago=1, key="k")


def test_the_latest_visit_says_whether_a_fault_is_open():
    filing = filed()
    record(filed(), outcome=VisitOutcome.ENFORCEMENT)
    town, bureau = factories.user(Role.REVIEWER, of=factories.township()), factories.reviewer_of(filing)
    record(filing, bureau, ago=3, outcome=VisitOutcome.ENFORCEMENT)
    record(filing, town, ago=3)
    assert standing(filing).open_faults == 1
    record(filing, bureau, ago=1)
    assert standing(filing).open_faults == 0
    record(filing, bureau, ago=2, outcome=VisitOutcome.RECTIFY, rectify_by=clock.today())
    assert (standing(filing).open_faults, standing(filing).last_verified_on) == (0, clock.today() - DAY)
    assert standing(filing).zero_risk_checked_on is None
    assert list(visit_differences()) == []


def test_a_zero_risk_report_counts_as_checked_unless_it_must_be_supplemented():
    filing = filed(present=())
    assert record(filing, ago=2, outcome=VisitOutcome.SUPPLEMENT).zero_risk
    assert standing(filing).zero_risk_checked_on is None
    assert record(filing, ago=1).zero_risk
    assert standing(filing).zero_risk_checked_on == clock.today() - DAY


def test_what_was_named_is_what_the_report_said_on_the_day_of_the_visit():
    filing = filed(present=(), stages=1)
    factories.move(filing, "reopen", by=factories.writer_of(filing))
    factories.complete(filing)
    factories.move(filing, "file")
    assert not filing.zero_risk
    assert record(filing, ago=2).zero_risk
    assert not record(filing).zero_risk


def test_the_unit_is_rated_anew():
    factories.rating_rule()
    filing = filed()
    run_due_reactions(queue="quick")
    before = Rating.objects.get(enterprise=filing.enterprise, is_current=True).score
    record(filing)
    run_due_reactions(queue="quick")
    assert Rating.objects.get(enterprise=filing.enterprise, is_current=True).score < before


def test_the_enterprise_learns_the_outcome_and_the_deciding_department_what_to_reopen():
    filing = filed()
    writer = factories.writer_of(filing)
    reviewer = factories.user(Role.REVIEWER, of=filing.department)
    group = factories.department(DepartmentKind.INSPECTION, factories.CITY)
    record(filing, factories.user(Role.INSPECTOR, of=group), outcome=VisitOutcome.SUPPLEMENT)
    by = clock.today() + 15 * DAY
    record(filing, reviewer, outcome=VisitOutcome.RECTIFY, rectify_by=by)
    run_due_reactions(queue="quick")
    told = {row.kind: row for row in Notice.objects.filter(user=writer, kind__startswith="visit.")}
    assert set(told) == {"visit.supplement", "visit.rectify"}
    assert str(by) in notice_text(told["visit.rectify"])
    assert told["visit.rectify"].url.endswith("#visits")
    asked = Notice.objects.get(user=reviewer, kind="visit.supplement_here")
    assert asked.url == f"/review/{filing.pk}/change/reopen/"
    assert filing.enterprise.name in notice_text(asked)


def test_a_wrong_record_is_taken_back_with_its_reason_and_the_others_stand():
    factories.rating_rule()
    filing = filed()
    person = factories.reviewer_of(filing)
    older, wrong = record(filing, person, ago=3), record(filing, person, outcome=VisitOutcome.ENFORCEMENT)
    withdraw_visit(visit_id=wrong.pk, user=person, reason=" 登记错了单位。 ")
    withdraw_visit(visit_id=wrong.pk, user=person, reason="登记错了单位。")
    assert list(Visit.objects.all()) == [older]
    assert (standing(filing).last_verified_on, standing(filing).open_faults) == (older.visited_on, 0)
    assert list(visit_differences()) == []
    event = Event.objects.get(kind="visit.withdrawn")
    assert (event.data["outcome"], event.data["reason"]) == ("enforcement", "登记错了单位。")
    run_due_reactions(queue="quick")
    told = Notice.objects.get(user=factories.writer_of(filing), kind="visit.withdrawn")
    assert "登记错了单位。" in notice_text(told)
    withdraw_visit(visit_id=older.pk, user=person, reason="登记错了单位。")
    assert standing(filing).last_verified_on is None
    before = Rating.objects.get(enterprise=filing.enterprise, is_current=True).score
    run_due_reactions(queue="quick")
    assert Rating.objects.get(enterprise=filing.enterprise, is_current=True).score > before


def test_who_recorded_it_and_their_chief_take_it_back_and_nobody_else():
    filing = filed()
    inspector = factories.user(Role.INSPECTOR, of=filing.department)
    visit = record(filing, inspector)
    for other in (
        factories.user(Role.REVIEWER, of=filing.department),
        factories.chief(factories.bureau("civil", factories.CITY)),
        factories.writer_of(filing),
    ):
        with pytest.raises(Refused):
            withdraw_visit(visit_id=visit.pk, user=other, reason="登记错了单位。")
    with pytest.raises(VisitRefused):
        withdraw_visit(visit_id=visit.pk, user=inspector, reason=" ")
    withdraw_visit(visit_id=visit.pk, user=factories.chief(filing.department), reason="登记错了单位。")
    assert not Visit.objects.exists()
