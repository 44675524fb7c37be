"""What check_progress says when obligations and roster have come apart."""

import pytest

from enterprises.enums import Lifecycle
from enterprises.models import Enterprise
from review.enums import CampaignState, FilingState
from review.models import Campaign
from review.queries.roster_consistency import roster_differences
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db


def break_it(unit, **columns):
    Enterprise.objects.filter(pk=unit.pk).update(**columns)
    return list(roster_differences())


def test_a_unit_off_the_roster_that_is_still_counted_is_named():
    filing = factories.filing()
    factories.filing(FilingState.EXEMPT)
    assert list(roster_differences()) == []
    found = break_it(filing.enterprise, lifecycle=Lifecycle.CLOSED, left_on=clock.today())
    assert found == [f"filing {filing.pk} (enterprise {filing.enterprise_id}) is counted and its unit is closed"]


@pytest.mark.parametrize("columns", [{"town": factories.YUSHAN}, {"category": "1402"}, {"scale": "above"}])
def test_an_obligation_that_stands_elsewhere_than_its_unit_is_named(columns):
    filing = factories.filing()
    factories.category("1402")
    assert break_it(filing.enterprise, **columns) == [
        f"filing {filing.pk} (enterprise {filing.enterprise_id}) stands elsewhere than its unit"
    ]
    Campaign.objects.update(state=CampaignState.CLOSED)
    assert list(roster_differences()) == []


def test_a_merged_unit_that_still_holds_something_is_named():
    survivor, merged = factories.enterprise(), factories.enterprise()
    columns = {"lifecycle": Lifecycle.MERGED, "left_on": clock.today(), "merged_into": survivor}
    assert break_it(merged, **columns) == []
    factories.user(of=merged)
    assert [text.split(" was ")[0] for text in roster_differences()] == [f"enterprise {merged.pk}"]
