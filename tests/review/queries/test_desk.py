"""The desk's lists, the place of a report in them, peers and the timeline."""

import datetime as dt

import pytest

from enterprises.enums import Role
from review.domain.remarks import add_remark
from review.queries import queue
from review.queries.content import filing_content
from review.queries.desk import remarks_for
from review.queries.peers import peers_of
from review.queries.queue import DESK_LISTS, desk_counts, desk_list, place_in, units_without_report
from review.queries.timeline import timeline_of
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    """A reviewer with one report of every kind, and reports of others that must not be seen."""
    campaign = factories.campaign(due_on=clock.today() - dt.timedelta(days=1))
    made = {
        state: factories.filing(state, campaign=campaign)
        for state in ("not_started", "submitted", "in_review", "returned", "approved", "filed", "exempt")
    }
    reviewer = made["in_review"].claimed_by
    colleague = factories.user(Role.REVIEWER, of=reviewer.department)
    made["colleague"] = factories.filing("submitted", campaign=campaign)
    factories.move(made["colleague"], "claim", by=colleague)
    elsewhere = factories.enterprise(town=factories.YANGSHE)
    factories.filing("submitted", campaign=campaign, of=elsewhere)
    factories.filing("submitted", campaign=campaign, of=factories.enterprise(category_code="1501"))
    return reviewer, made


def test_each_list_holds_what_its_name_says(desk):
    reviewer, made = desk
    found = {name: {row.pk for row in desk_list(reviewer, name)} for name in DESK_LISTS}
    pk = {name: row.pk for name, row in made.items()}
    assert found == {
        queue.WAITING: {pk["submitted"]},
        queue.MINE: {pk["in_review"]},
        queue.COLLEAGUES: {pk["colleague"]},
        queue.RETURNED: {pk["returned"]},
        queue.OPEN: {pk["submitted"], pk["in_review"], pk["colleague"]},
        queue.OVERDUE: {
            pk[name] for name in ("not_started", "submitted", "in_review", "returned", "approved", "colleague")
        },
    }


def test_counts_are_the_sizes_of_the_lists_and_cost_one_query(desk, django_assert_num_queries):
    reviewer, made = desk
    desk_list(reviewer, queue.OPEN)  # the scope is asked once per request
    with django_assert_num_queries(1):
        counts = desk_counts(reviewer)
    assert {name: counts[name] for name in DESK_LISTS} == {
        name: desk_list(reviewer, name).count() for name in DESK_LISTS
    }
    assert counts["all"] == len(made)


def test_a_department_that_decides_nothing_has_empty_lists():
    factories.filing("submitted")
    city = factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.CITY))
    assert set(desk_counts(city).values()) == {0}


def test_the_place_in_a_list_and_the_neighbours():
    campaign = factories.campaign()
    made = [factories.filing("submitted", campaign=campaign) for _ in range(3)]
    reviewer = factories.reviewer_of(made[0])
    rows = desk_list(reviewer, queue.WAITING)
    first, second, third = made
    assert place_in(rows, second) == queue.Place(2, 3, first.pk, third.pk)
    assert place_in(rows, first).previous is None
    assert place_in(rows, third).next is None
    factories.move(second, "claim")
    assert place_in(rows, second) == queue.Place(0, 2, first.pk, third.pk)


def test_units_for_paper_are_the_departments_own_that_nobody_started(desk):
    reviewer, made = desk
    unit = made["not_started"].enterprise
    assert list(units_without_report(reviewer)) == [made["not_started"]]
    assert list(units_without_report(reviewer, unit.name[2:6])) == [made["not_started"]]
    assert list(units_without_report(reviewer, unit.credit_code.lower()[:15])) == [made["not_started"]]
    assert list(units_without_report(reviewer, "没有这家")) == []


def test_peers_are_the_others_of_the_category_that_handed_in():
    campaign = factories.campaign()
    mine = factories.filing("submitted", campaign=campaign, present=("03",))
    for present in (("01",), ("01", "02"), ("01",), ()):
        factories.filing("filed", campaign=campaign, present=present)
    factories.filing("drafting", campaign=campaign, present=("02",))
    factories.filing("filed", campaign=campaign, of=factories.enterprise(category_code="1402"))
    reviewer = factories.reviewer_of(mine)
    peers = peers_of(reviewer, mine, filing_content(mine))
    assert peers.total == 4
    assert peers.enough
    assert [(row.code, row.count, row.percent, row.here) for row in peers.items] == [
        ("MZ-01", 3, 75, False),
        ("MZ-02", 1, 25, False),
    ]
    assert [row.code for row in peers.standing_out] == ["MZ-01"]
    assert peers.agree


def test_two_peers_are_too_few_to_compare_with():
    campaign = factories.campaign()
    mine = factories.filing("submitted", campaign=campaign)
    for _ in range(2):
        factories.filing("filed", campaign=campaign)
    assert not peers_of(factories.reviewer_of(mine), mine, filing_content(mine)).enough


@pytest.fixture
def commented():
    filing = factories.filing("in_review")
    city = factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.CITY))
    for person, text in ((city, "仅供部门参考"), (filing.claimed_by, "请补正")):
        add_remark(filing_id=filing.pk, user=person, section="basic", text=text)
    return filing


def test_an_enterprise_reads_a_remark_only_once_the_decision_brought_it(commented):
    writer, reviewer = factories.writer_of(commented), commented.claimed_by
    assert list(remarks_for(writer, commented)) == []
    assert [row.text for row in remarks_for(reviewer, commented)] == ["仅供部门参考", "请补正"]
    factories.move(commented, "return")
    assert [row.text for row in remarks_for(writer, commented)] == ["请补正"]


def test_the_timeline_tells_each_reader_what_concerns_him(commented):
    reviewer = commented.claimed_by
    factories.move(commented, "return")
    for_office = timeline_of(reviewer, commented.enterprise_id)
    for_unit = timeline_of(factories.writer_of(commented), commented.enterprise_id)
    assert [row.tone for row in for_unit.entries] == ["warn", "accent", "accent", "neutral"]
    assert for_unit.entries[0].reason == factories.REASON
    assert len(for_office.entries) == len(for_unit.entries) + 2
    assert reviewer.name in for_office.entries[0].who
    assert for_unit.entries[0].who == commented.department.short_name


def test_the_timeline_is_paged_by_key(commented):
    reviewer = commented.claimed_by
    first = timeline_of(reviewer, commented.enterprise_id, size=2)
    second = timeline_of(reviewer, commented.enterprise_id, below=first.older, size=2)
    third = timeline_of(reviewer, commented.enterprise_id, below=second.older, size=2)
    keys = [row.pk for page in (first, second, third) for row in page.entries]
    assert keys == sorted(keys, reverse=True)
    assert len(keys) == 5
    assert third.older is None


def test_nobody_reads_the_timeline_of_an_enterprise_out_of_scope(commented):
    stranger = factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.ZHANGJIAGANG))
    assert timeline_of(stranger, commented.enterprise_id).entries == []
