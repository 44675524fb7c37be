"""Reports past their day reach the colour of an enterprise, once, and leave it again."""

import datetime as dt

import pytest

from review.domain import overdue
from review.enums import FilingState
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
