"""Whose turn it is and by when, in words."""

import pytest

from review.queries.status import by_when, whose_turn
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["drafting", "returned", "approved"])
def test_a_paper_report_is_in_the_hands_of_the_department_that_enters_it(state):
    own, paper = factories.filing(state), factories.filing(state, paper=True)
    name = paper.department.short_name or paper.department.label
    assert name in whose_turn(paper)
    assert name not in whose_turn(own)


@pytest.mark.parametrize("paper", [False, True])
@pytest.mark.parametrize("state", ["drafting", "returned", "approved"])
def test_whoever_has_to_act_before_filing_reads_by_when(state, paper):
    filing = factories.filing(state, paper=paper)
    assert whose_turn(filing).endswith(str(filing.due_on))


def test_by_when_is_for_the_enterprise_alone_and_only_on_its_turn():
    assert str(factories.filing("returned").due_on) in by_when(factories.filing("returned"))
    assert by_when(factories.filing("returned", paper=True)) == ""
    assert by_when(factories.filing("in_review")) == ""
