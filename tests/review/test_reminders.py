"""The sources of reminders: who is reminded of which report, visit and catalogue, on which days, and who is not."""

import datetime as dt

import pytest

from enterprises.enums import Role
from enterprises.models import User
from review.enums import CampaignState, FilingState, VisitOutcome
from review.models import Campaign, CatalogueTodo, Decision, Filing, Visit
from riskreport.ground import clock, reminders
from riskreport.ground.domain.reminding import note_due, tell_due
from riskreport.ground.models import Notice, Reminder
from riskreport.ground.reminders import Ask, sources
from tests import factories

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def due(name: str, *, on: dt.date, days: tuple[int, ...] | None = None) -> list[tuple[int, str]]:
    """Return person and step (without the day it counts from) of what a source names."""
    source = sources()[name]
    return [(row.user_id, row.step.split()[1]) for row in source.run(Ask(on, days or source.days))]


@pytest.fixture
def filing():
    """A report that its unit writes, due in ten days, joined forty days ago."""
    row = factories.filing(campaign=factories.campaign(due_on=clock.today() + 10 * DAY))
    Filing.objects.update(joined_on=clock.today() - 40 * DAY)
    Campaign.objects.update(opens_on=clock.today() - 40 * DAY)
    return row


@pytest.fixture
def writer(filing):
    return factories.user(of=filing.enterprise)


def test_who_writes_a_report_is_reminded_before_its_day_and_afterwards(filing, writer):
    today = clock.today()
    steps = {
        left: [step for name in ("report.due", "report.overdue") for _person, step in due(name, on=today + left * DAY)]
        for left in (0, 3, 9, 10, 11, 18)
    }
    assert steps == {0: ["-15"], 3: ["-7"], 9: ["-1"], 10: ["-1"], 11: ["+1"], 18: ["+8"]}
    assert due("report.due", on=today) == [(writer.pk, "-15")]


def test_a_report_asked_for_late_is_not_reminded_of_steps_before_it_was_asked(filing, writer):
    Filing.objects.update(joined_on=clock.today() - 2 * DAY)
    assert due("report.due", on=clock.today()) == []
    assert due("report.due", on=clock.today() + 3 * DAY) == [(writer.pk, "-7")]


@pytest.mark.parametrize(
    "changed",
    [
        {"left_on": dt.date(2000, 1, 1), "joined_on": dt.date(2000, 1, 1)},
        {"first_filed_on": dt.date(2000, 1, 1), "first_filed_at": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)},
        {"state": FilingState.SUBMITTED},
    ],
)
@pytest.mark.parametrize(("name", "days"), [("report.due", 0), ("report.overdue", 11)])
def test_nobody_is_reminded_of_what_is_done_or_not_theirs(filing, writer, changed, name, days):
    on = clock.today() + days * DAY
    assert len(due(name, on=on)) == 1
    Filing.objects.update(**changed)
    assert due(name, on=on) == []


def test_nobody_is_reminded_whose_account_is_closed_or_whose_task_is(filing, writer):
    Campaign.objects.update(state=CampaignState.CLOSED)
    assert due("report.due", on=clock.today()) == []
    Campaign.objects.update(state=CampaignState.OPEN)
    User.objects.filter(pk=writer.pk).update(is_active=False)
    assert due("report.due", on=clock.today()) == []


def test_of_a_paper_report_the_reviewer_who_enters_it_is_reminded(filing, writer):
    reviewer = factories.user(Role.REVIEWER, of=filing.department)
    Filing.objects.update(is_paper=True, entered_by=reviewer, state=FilingState.DRAFTING)
    assert due("report.due", on=clock.today()) == [(reviewer.pk, "-15")]


def test_who_has_a_returned_report_is_reminded_since_it_came_back():
    row = factories.filing(FilingState.RETURNED)
    writer = factories.writer_of(row)
    Decision.objects.update(decided_at=clock.now() - 4 * DAY)
    assert due("report.returned", on=clock.today()) == [(writer.pk, "+3")]
    assert due("report.returned", on=clock.today() - 2 * DAY) == []
    Filing.objects.update(state=FilingState.DRAFTING)
    assert due("report.returned", on=clock.today()) == []


def test_who_has_an_approved_report_is_reminded_to_file_it():
    row = factories.filing(FilingState.APPROVED)
    Filing.objects.update(approved_at=clock.now() - 15 * DAY)
    assert due("report.approved", on=clock.today()) == [(factories.writer_of(row).pk, "+14")]
    Filing.objects.update(state=FilingState.SUBMITTED)
    assert due("report.approved", on=clock.today()) == []


@pytest.fixture
def visit():
    """A report filed and found with faults to mend within five days."""
    row = factories.filing(FilingState.FILED)
    today = clock.today()
    return Visit.objects.create(
        filing=row,
        level="county",
        department=row.department,
        visited_on=today,
        outcome=VisitOutcome.RECTIFY,
        rectify_by=today + 5 * DAY,
    )


def test_who_mends_faults_is_reminded_before_the_day_and_afterwards(visit):
    mender, today = factories.writer_of(visit.filing), clock.today()
    assert due("visit.near", on=today) == [(mender.pk, "-7")]
    assert due("visit.past", on=today + 5 * DAY) == []
    assert due("visit.past", on=today + 6 * DAY) == [(mender.pk, "+1")]
    assert due("visit.near", on=today + 6 * DAY) == []


def test_who_goes_on_visits_is_reminded_to_look_again(visit):
    inspector = factories.user(Role.INSPECTOR, of=visit.department)
    factories.user(Role.KEEPER, of=visit.department)
    reviewers = User.objects.filter(department=visit.department, role=Role.REVIEWER)
    going = {inspector.pk, *reviewers.values_list("pk", flat=True)}
    told = due("visit.again", on=clock.today() + 6 * DAY)
    assert {person for person, _step in told} == going
    assert {step for _person, step in told} == {"+1"}


@pytest.mark.parametrize("outcome", [VisitOutcome.PASSED, VisitOutcome.ENFORCEMENT])
def test_faults_are_open_until_a_later_visit_passes(visit, outcome):
    Visit.objects.create(
        filing=visit.filing,
        level="city",
        department=visit.department,
        visited_on=visit.visited_on + DAY,
        outcome=outcome,
    )
    for name in ("visit.past", "visit.again"):
        assert bool(due(name, on=clock.today() + 7 * DAY)) == (outcome != VisitOutcome.PASSED)


def test_who_has_not_looked_at_a_changed_catalogue_is_reminded():
    person = factories.user()
    catalogue = factories.catalogue()
    todo = CatalogueTodo.objects.create(
        enterprise=person.enterprise, catalogue=catalogue, created_at=clock.now() - 8 * DAY
    )
    assert due("catalogue.todo", on=clock.today()) == [(person.pk, "+7")]
    assert due("catalogue.todo", on=clock.today() - 2 * DAY) == []
    CatalogueTodo.objects.filter(pk=todo.pk).update(done_at=clock.now(), end="looked")
    assert due("catalogue.todo", on=clock.today()) == []


def test_every_source_puts_its_lines_into_words_and_leads_somewhere(filing, writer, visit):
    note_due(on=clock.today())
    tell_due(on=clock.today())
    lines = {line["source"]: line for row in Notice.objects.all() for line in row.data["lines"]}
    assert set(lines) == {"report.due", "visit.near"}
    assert lines["report.due"]["url"] == f"/filings/{filing.pk}/"
    for source in sources().values():
        assert str(source.many) % {"count": 4}
        assert len(source.name) <= 40


@pytest.mark.parametrize("many", [1, 3])
def test_noting_asks_as_often_for_three_reports_as_for_one(
    filing, writer, many, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(reminders, "_sources", {"report.due": sources()["report.due"]})
    for _more in range(many - 1):
        row = factories.filing(campaign=filing.campaign)
        factories.user(of=row.enterprise)
    Filing.objects.update(joined_on=clock.today() - 40 * DAY)
    with django_assert_num_queries(6):
        note_due(on=clock.today())
    assert Reminder.objects.count() == many


# --- reviews that wait: 20 September 2021 is a Monday; the 20th and 21st are the Mid-Autumn Festival ------------------
@pytest.fixture
def waiting(at):
    """A report handed in on Thursday 16 September 2021, with a reviewer and a chief of its department."""
    at(dt.datetime(2021, 9, 16, 10, tzinfo=dt.UTC))
    return factories.filing(FilingState.SUBMITTED)


def on(day: int) -> dt.date:
    return dt.date(2021, 9, day)


def test_reviewers_are_reminded_after_so_many_working_days_without_holidays(waiting):
    reviewer = factories.user(Role.REVIEWER, of=waiting.department)
    others = User.objects.filter(department=waiting.department, role=Role.REVIEWER).exclude(pk=reviewer.pk)
    told = {person for person, _step in due("review.waiting", on=on(22))}
    # 17 Friday, 18 Saturday (made up), 22 Wednesday
    assert told == {reviewer.pk, *others.values_list("pk", flat=True)}
    assert {step for _person, step in due("review.waiting", on=on(22))} == {"+3"}
    assert due("review.waiting", on=on(21)) == []
    assert {step for _person, step in due("review.waiting", on=on(24))} == {"+5"}


def test_then_the_chief_of_the_department_is(waiting):
    chief = factories.chief(waiting.department)
    factories.chief(factories.bureau("religion"))
    assert due("review.chief", on=on(23)) == []
    assert due("review.chief", on=on(24)) == [(chief.pk, "+5")]


def test_who_took_a_report_is_reminded_alone(waiting):
    first, second = (factories.user(Role.REVIEWER, of=waiting.department) for _ in range(2))
    Filing.objects.update(state=FilingState.IN_REVIEW, claimed_by=second)
    assert [person for person, _step in due("review.waiting", on=on(22))] == [second.pk]
    assert first.pk != second.pk


def test_who_entered_a_report_is_not_reminded_to_decide_it(waiting):
    entered, other = (factories.user(Role.REVIEWER, of=waiting.department) for _ in range(2))
    Filing.objects.update(is_paper=True, entered_by=entered)
    told = {person for person, _step in due("review.waiting", on=on(22))}
    assert other.pk in told
    assert entered.pk not in told


def test_what_was_decided_waits_no_more(waiting):
    factories.user(Role.REVIEWER, of=waiting.department)
    Filing.objects.update(state=FilingState.APPROVED, approved_at=clock.now())
    assert due("review.waiting", on=on(24)) == []
