"""Reports past their day reach the colour of an enterprise, once, and leave it again."""

import datetime as dt

import pytest

from enterprises.enums import Role
from review.domain import overdue
from review.domain.visits import record_visit, withdraw_visit
from review.enums import FilingState, VisitOutcome
from review.queries.verified import visit_differences
from review.tasks import mark_overdue_reports
from riskreport.ground import clock
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.models import Event
from risks.domain.rating import rate_enterprise
from risks.domain.reference import read_data
from risks.enums import Colour
from risks.models import Rating, RatingRule, Standing
from tests import factories


def mark_overdue(*, on: dt.date) -> int:
    """Note what is overdue and let the worker rate."""
    changed = overdue.mark_overdue(on=on)
    run_due_reactions(queue="bulk")
    return changed


pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def unit(db):
    """An enterprise that has reported in one campaign and owes a report in another, due three days ago."""
    data = read_data("rating_rule.json")
    RatingRule.objects.create(
        version=1, title=data["title"], definition=data["definition"], published_on="2022-01-01", is_current=True
    )
    row = factories.filing(FilingState.FILED).enterprise
    rate_enterprise(row.pk)
    factories.filing(of=row, campaign=factories.campaign(due_on=clock.today() - 3 * DAY))
    return row


def test_an_overdue_report_is_noted_and_rated_once(unit):
    assert mark_overdue(on=clock.today()) == 1
    assert Standing.objects.get(pk=unit.pk).overdue_since == clock.today() - 2 * DAY
    rating = Rating.objects.get(enterprise=unit, is_current=True)
    assert (rating.colour, rating.score) == (Colour.YELLOW, 20)
    mark_overdue_reports()
    assert Event.objects.filter(kind="enterprises.overdue").count() == 1
    assert Rating.objects.filter(enterprise=unit).count() == 2


def test_on_its_due_day_a_report_is_not_overdue(unit):
    assert mark_overdue(on=clock.today() - 3 * DAY) == 0


def test_what_is_owed_no_more_leaves_the_colour(unit):
    mark_overdue(on=clock.today())
    owed = unit.filings.get(state=FilingState.NOT_STARTED)
    type(owed).objects.filter(pk=owed.pk).update(left_on=clock.today())
    assert mark_overdue(on=clock.today()) == 1
    assert Standing.objects.get(pk=unit.pk).overdue_since is None
    assert Rating.objects.get(enterprise=unit, is_current=True).score == 5


def test_one_that_never_reported_stays_grey_and_is_not_touched(unit):
    other = factories.filing(campaign=factories.campaign(due_on=clock.today() - DAY)).enterprise
    assert mark_overdue(on=clock.today()) == 1
    assert not Standing.objects.filter(pk=other.pk, overdue_since__isnull=False).exists()


def test_the_colour_follows_even_when_the_worker_is_killed_after_noting(unit):
    overdue.mark_overdue(on=clock.today())
    assert Rating.objects.get(enterprise=unit, is_current=True).score == 5
    assert overdue.mark_overdue(on=clock.today()) == 0
    run_due_reactions(queue="bulk")
    assert Rating.objects.get(enterprise=unit, is_current=True).score == 20
    line = Event.objects.get(kind="enterprises.overdue").lines.get()
    assert (line.object_id, line.old["overdue_since"]) == (unit.pk, None)


def test_an_exempted_unit_is_rated_again_without_what_it_owed(unit):
    mark_overdue(on=clock.today())
    factories.move(unit.filings.get(state=FilingState.NOT_STARTED), "exempt")
    run_due_reactions(queue="quick")
    assert Rating.objects.get(enterprise=unit, is_current=True).score == 5


# --- faults of visits -----------------------------------------------------------------------------------------------
@pytest.fixture
def visited(unit):
    """A visit to the unit that found faults to be mended by yesterday, recorded on its day."""
    filing = unit.filings.get(state=FilingState.FILED)
    filing_day = clock.today() - 20 * DAY
    type(filing).objects.filter(pk=filing.pk).update(first_filed_on=filing_day)
    unit.filings.exclude(pk=filing.pk).update(left_on=clock.today() - 5 * DAY)  # nothing else is owed
    inspector = factories.user(Role.INSPECTOR, of=filing.department)
    record_visit(
        filing_id=filing.pk,
        user=inspector,
        visited_on=clock.today() - 10 * DAY,
        outcome=VisitOutcome.RECTIFY,
        rectify_by=clock.today() - DAY,
    )
    return filing, inspector


def now_rated(unit) -> Rating:
    run_due_reactions(queue="quick")
    return Rating.objects.get(enterprise=unit, is_current=True)


def test_faults_past_their_day_are_noted_every_hour_and_cost_points(unit, visited):
    Standing.objects.update(overdue_faults=0)  # as it was the day before
    before = now_rated(unit).score
    assert overdue.mark_overdue(on=clock.today() - DAY) == 0  # on the day itself they are not late
    assert mark_overdue(on=clock.today()) == 1
    assert mark_overdue(on=clock.today()) == 0
    assert Standing.objects.get(pk=unit.pk).overdue_faults == 1
    assert now_rated(unit).score == before + 10
    assert Event.objects.get(kind="enterprises.overdue").lines.get().new == {"overdue_faults": 1}


def test_a_later_visit_that_passes_clears_them_at_once(unit, visited):
    filing, inspector = visited
    assert Standing.objects.get(pk=unit.pk).overdue_faults == 1  # recorded late, it is late at once
    late = now_rated(unit).score
    visit = record_visit(filing_id=filing.pk, user=inspector, visited_on=clock.today(), outcome=VisitOutcome.PASSED)
    assert Standing.objects.get(pk=unit.pk).overdue_faults == 0
    assert now_rated(unit).score == late - 10 - 5  # and no fault was found at the last visit
    assert mark_overdue(on=clock.today()) == 0
    withdraw_visit(visit_id=visit.pk, user=inspector, reason="登记错了单位。")
    assert Standing.objects.get(pk=unit.pk).overdue_faults == 1
    assert now_rated(unit).score == late


@pytest.mark.parametrize("outcome", [VisitOutcome.ENFORCEMENT, VisitOutcome.SUPPLEMENT])
def test_a_visit_that_does_not_pass_clears_nothing(unit, visited, outcome):
    filing, inspector = visited
    record_visit(filing_id=filing.pk, user=inspector, visited_on=clock.today(), outcome=outcome)
    assert Standing.objects.get(pk=unit.pk).overdue_faults == 1


def test_one_that_passed_before_the_faults_were_found_clears_nothing(unit, visited):
    filing, inspector = visited
    record_visit(filing_id=filing.pk, user=inspector, visited_on=clock.today() - 15 * DAY, outcome=VisitOutcome.PASSED)
    assert Standing.objects.get(pk=unit.pk).overdue_faults == 1


@pytest.mark.parametrize(("noted", "named"), [(1, 0), (0, 1), (2, 1)])
def test_check_progress_names_a_standing_that_says_other_faults(unit, visited, noted, named, at):
    at(clock.now() + DAY)  # the day has passed for more than a night
    Standing.objects.filter(pk=unit.pk).update(overdue_faults=noted)
    assert len([text for text in visit_differences() if "faults past their day" in text]) == named


def test_a_day_that_passed_last_night_may_not_be_noted_yet(unit, visited):
    Standing.objects.filter(pk=unit.pk).update(overdue_faults=0)
    assert list(visit_differences()) == []
