"""Whose turn it is, in words."""

import pytest

from review.queries.status import whose_turn
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["drafting", "returned", "approved"])
def test_a_paper_report_is_in_the_hands_of_the_department_that_enters_it(state):
    own, paper = factories.filing(state), factories.filing(state, paper=True)
    name = paper.department.short_name or paper.department.label
    assert name in whose_turn(paper)
    assert name not in whose_turn(own)
