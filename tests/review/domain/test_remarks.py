"""Remarks: who may write them when, where they go, and ticking them off."""

import pytest

from enterprises.enums import Role
from review.domain.remarks import RemarkRefused, add_remark, remove_remark, settle_remark
from review.enums import FilingState
from review.models import Remark
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="remark.").order_by("id").values_list("kind", flat=True))


def write(filing, by=None, text="请注明疏散出口。", section="basic", lineage=""):
    return add_remark(filing_id=filing.pk, user=by or filing.claimed_by, section=section, text=text, lineage=lineage)


def test_the_reviewer_who_took_it_pins_a_remark_to_a_risk_of_the_last_snapshot():
    filing = factories.filing(FilingState.IN_REVIEW)
    risk = filing.declared_risks.get()
    remark = write(filing, section="risks", lineage=str(risk.lineage))
    assert (remark.snapshot, remark.lineage, remark.section) == (filing.snapshots.get(), risk.lineage, "risks")
    assert remark.department == filing.department
    assert remark.decision is None
    assert kinds() == ["remark.added"]


def test_the_same_remark_twice_is_one():
    filing = factories.filing(FilingState.IN_REVIEW)
    assert write(filing) == write(filing)
    assert kinds() == ["remark.added"]


def test_nothing_is_written_without_text_or_snapshot():
    filing = factories.filing(FilingState.IN_REVIEW)
    with pytest.raises(RemarkRefused, match=r"Write what should be changed|请写明"):
        write(filing, text="  ")
    drafting = factories.filing(FilingState.DRAFTING)
    with pytest.raises(RemarkRefused):
        write(drafting, by=factories.user(Role.OFFICE))
    assert not Remark.objects.exists()


@pytest.mark.parametrize("state", [FilingState.SUBMITTED, FilingState.RETURNED, FilingState.APPROVED])
def test_the_deciding_department_writes_only_while_it_reviews(state):
    filing = factories.filing(state)
    with pytest.raises(RemarkRefused):
        write(filing, by=factories.reviewer_of(filing))


def test_a_colleague_who_did_not_take_it_cannot_slip_a_remark_into_the_decision():
    filing = factories.filing(FilingState.IN_REVIEW)
    colleague = factories.user(Role.REVIEWER, of=filing.department)
    keeper = factories.user(Role.KEEPER, of=filing.department)
    for person in (colleague, keeper):
        with pytest.raises(RemarkRefused):
            write(filing, by=person)


def test_a_comment_of_another_department_stays_behind_when_the_decision_goes_out():
    filing = factories.filing(FilingState.IN_REVIEW)
    comment = write(filing, by=factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.CITY)))
    remark = write(filing)
    factories.move(filing, "return")
    comment.refresh_from_db()
    remark.refresh_from_db()
    assert comment.decision is None
    assert remark.decision == filing.decisions.get()


@pytest.mark.parametrize("role", [Role.OVERSIGHT, Role.OPERATOR])
def test_those_who_only_read_write_no_comment(role):
    filing = factories.filing(FilingState.IN_REVIEW)
    with pytest.raises(RemarkRefused):
        write(filing, by=factories.user(role))


def test_only_its_author_removes_a_remark_and_only_before_it_went_out():
    filing = factories.filing(FilingState.IN_REVIEW)
    remark = write(filing)
    with pytest.raises(RemarkRefused):
        remove_remark(remark_id=remark.pk, user=factories.user(Role.OFFICE))
    other = write(filing, text="另一条。")
    remove_remark(remark_id=other.pk, user=filing.claimed_by)
    remove_remark(remark_id=other.pk, user=filing.claimed_by)
    reviewer = filing.claimed_by
    factories.move(filing, "return")
    with pytest.raises(RemarkRefused):
        remove_remark(remark_id=remark.pk, user=reviewer)
    assert list(Remark.objects.all()) == [remark]
    assert kinds() == ["remark.added", "remark.added", "remark.removed"]


def test_the_enterprise_ticks_off_and_takes_the_tick_back():
    filing = factories.filing(FilingState.IN_REVIEW)
    remark = write(filing)
    factories.move(filing, "return")
    writer = factories.writer_of(filing)
    assert settle_remark(remark_id=remark.pk, user=writer).settled_by == writer
    assert settle_remark(remark_id=remark.pk, user=writer).settled_at is not None
    assert settle_remark(remark_id=remark.pk, user=writer, settled=False).settled_by is None
    assert kinds() == ["remark.added", "remark.settled", "remark.unsettled"]


def test_ticking_off_needs_the_right_to_write_and_a_remark_that_went_out():
    filing = factories.filing(FilingState.IN_REVIEW)
    remark = write(filing)
    writer = factories.writer_of(filing)
    with pytest.raises(Remark.DoesNotExist):
        settle_remark(remark_id=remark.pk, user=writer)
    factories.move(filing, "return")
    with pytest.raises(RemarkRefused):
        settle_remark(remark_id=remark.pk, user=factories.user())
    factories.move(filing, "submit")
    with pytest.raises(RemarkRefused):
        settle_remark(remark_id=remark.pk, user=writer)
