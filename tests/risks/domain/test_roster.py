"""Risks and ratings keep with the unit that moves."""

import pytest

from enterprises.domain.roster_changes import RosterAct, RosterChange
from enterprises.models import Enterprise
from review.enums import FilingState
from riskreport.ground import clock
from risks.domain.rating import rate_enterprise
from risks.domain.roster import follow_places
from risks.models import Rating, Risk
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("act", list(RosterAct))
def test_risks_and_the_rating_in_force_carry_the_new_place_of_a_unit_that_moved(act):
    factories.rating_rule()
    moved, other = (factories.filing(FilingState.FILED).enterprise for _number in range(2))
    for unit in (moved, other):
        rate_enterprise(unit.pk)
    factories.region(factories.YANGSHE), factories.category("1402")
    Enterprise.objects.filter(pk=moved.pk).update(town=factories.YANGSHE, category="1402")
    follow_places([RosterChange(moved.pk, act, clock.today())], None)
    there = (factories.YANGSHE, "1402") if act == RosterAct.MOVED else (factories.HUAQIAO, "1401")
    assert Risk.objects.values_list("town_id", "category_id").get(enterprise=moved) == there
    assert Rating.objects.get(enterprise=moved).town_id == there[0]
    assert Risk.objects.values_list("town_id", "category_id").get(enterprise=other) == (factories.HUAQIAO, "1401")
    assert Rating.objects.get(enterprise=other).town_id == factories.HUAQIAO
