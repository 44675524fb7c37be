"""The plan of a campaign from its milestones."""

import datetime as dt
from decimal import Decimal

import pytest

from review.models import Milestone
from review.queries.schedule import Plan, plan_of
from tests import factories

pytestmark = pytest.mark.django_db
HALF, DUE = dt.date(2022, 3, 31), dt.date(2022, 12, 31)
OPENS, JUNE = dt.date(2022, 1, 1), dt.date(2022, 6, 30)


@pytest.fixture
def campaign():
    row = factories.campaign(opens_on=OPENS, due_on=DUE)
    for name, scale, day, percent in (
        ("一季度三成", "", HALF, 30),
        ("规上六月底", "above", JUNE, 100),
        ("落后于前一目标", "", dt.date(2022, 4, 30), 20),
        ("开始以前", "", dt.date(2021, 12, 1), 5),
        ("截止以后", "", dt.date(2023, 3, 31), 100),
    ):
        Milestone.objects.create(campaign=row, name=name, scale=scale, due_on=day, percent=percent)
    return row


def test_a_milestone_without_a_scale_concerns_all_and_one_with_it_that_scale(campaign, django_assert_num_queries):
    with django_assert_num_queries(1):
        whole = plan_of(campaign)
    assert whole == Plan(OPENS, ((HALF, Decimal("0.3")), (DUE, Decimal(1)))) == plan_of(campaign, "below")
    assert plan_of(campaign, "above") == Plan(OPENS, ((HALF, Decimal("0.3")), (JUNE, Decimal(1))))
    assert plan_of(campaign, "above").due_on == JUNE


def test_the_whole_is_its_scales_by_what_is_expected_of_each(campaign, django_assert_num_queries):
    with django_assert_num_queries(1):
        whole = plan_of(campaign, expected={"above": 25, "below": 75, "none": 0})
    below = Decimal("0.3") + Decimal("0.7") * 91 / 275  # the straight line from March to December, on the last of June
    assert whole.targets[0] == (HALF, Decimal("0.3"))
    assert whole.share(JUNE) == pytest.approx(Decimal("0.25") + Decimal("0.75") * below)
    assert whole.due_on == DUE
    assert plan_of(campaign, expected={"below": 0}) == plan_of(campaign)


def test_a_campaign_without_milestones_runs_straight_to_its_last_day():
    row = factories.campaign(opens_on=OPENS, due_on=DUE)
    assert plan_of(row) == Plan(OPENS, ((DUE, Decimal(1)),))
    assert plan_of(row).share(OPENS + (DUE - OPENS) / 2) == Decimal("0.5")
