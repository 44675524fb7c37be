"""The executor: reasons, versions, keys, four eyes, the two-stage rule, the ways through one and two stages."""

import datetime as dt
import uuid

import pytest

from enterprises.enums import Role
from enterprises.models import Contact
from review.domain.sections import save_risk
from review.domain.snapshots import verifies
from review.domain.workflow import MoveRefused, StaleFiling, may_edit, move_filing
from review.enums import CampaignState, FilingState, Outcome, Stage
from review.models import Campaign, Filing, Remark
from riskreport.ground import clock
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


# --- the executor ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "action"), [("in_review", "return"), ("filed", "reopen"), ("drafting", "exempt"), ("filed", "void")]
)
@pytest.mark.parametrize("reason", ["", "   \n"])
def test_a_move_that_needs_a_reason_is_refused_without_one(state, action, reason):
    filing = factories.filing(state)
    with pytest.raises(MoveRefused):
        factories.move(filing, action, reason=reason)
    filing.refresh_from_db()
    assert filing.state == state


def test_a_reason_reaches_the_event_and_the_decision():
    filing = factories.filing(FilingState.IN_REVIEW)
    factories.move(filing, "return", reason=f"  {factories.REASON}  ")
    assert filing.decisions.get().message == factories.REASON
    assert Event.objects.get(kind="filing.return").data["reason"] == factories.REASON


def test_a_very_long_reason_is_whole_in_the_event():
    filing = factories.filing()
    factories.move(filing, "exempt", reason="停" * 900)
    assert filing.left_reason == "停" * 500
    assert Event.objects.get(kind="filing.exempt").data["reason"] == "停" * 900


def test_a_move_on_an_older_version_is_refused_and_says_how_it_stands():
    filing = factories.filing(FilingState.SUBMITTED)
    with pytest.raises(StaleFiling) as refusal:
        factories.move(filing, "claim", seen_version=filing.version - 1)
    assert filing.department.short_name in str(refusal.value)
    filing.refresh_from_db()
    assert filing.state == FilingState.SUBMITTED


def test_each_move_counts_the_version_up_by_one_and_records_one_event():
    filing = factories.filing(FilingState.APPROVED)
    moves = Event.objects.filter(object_type="review.filing", object_id=filing.pk).exclude(kind="filing.saved")
    steps = [(row.data["from"], row.data["to"], row.data["version"]) for row in moves.order_by("id")]
    assert steps == [
        ("not_started", "drafting", 2),
        ("drafting", "submitted", 3),
        ("submitted", "in_review", 4),
        ("in_review", "approved", 5),
    ]
    assert filing.version == 5


def test_a_refused_move_says_whose_turn_it_is():
    filing = factories.filing(FilingState.SUBMITTED)
    with pytest.raises(MoveRefused, match=filing.department.short_name):
        factories.move(filing, "file")


def test_saving_is_no_move_of_its_own():
    filing = factories.filing(FilingState.DRAFTING)
    with pytest.raises(MoveRefused):
        factories.move(filing, "save")


def test_a_filing_that_is_not_there_is_said_so():
    with pytest.raises(Filing.DoesNotExist):
        move_filing(filing_id=0, action="start", user=factories.user(), seen_version=1)


# --- the same form twice --------------------------------------------------------------------------------------------
def test_the_same_key_again_returns_the_same_answer_and_does_nothing():
    filing = factories.filing(FilingState.DRAFTING)
    key, seen = str(uuid.uuid4()), filing.version
    first = factories.move(filing, "submit", key=key)
    second = factories.move(filing, "submit", key=key, seen_version=seen)
    assert (first.repeated, second.repeated) == (False, True)
    assert second.answer == first.answer
    assert filing.snapshots.count() == 1
    assert Event.objects.filter(kind="filing.submit").count() == 1


def test_the_same_key_with_another_content_is_refused():
    filing = factories.filing(FilingState.IN_REVIEW)
    key, seen = str(uuid.uuid4()), filing.version
    factories.move(filing, "return", key=key)
    with pytest.raises(KeyReused):
        factories.move(filing, "return", key=key, seen_version=seen, reason="别的理由，说法不同。")
    assert filing.decisions.count() == 1


def test_the_same_key_of_another_person_is_another_key():
    key = str(uuid.uuid4())
    for _ in range(2):
        filing = factories.filing(FilingState.DRAFTING)
        assert factories.move(filing, "submit", key=key).repeated is False


def test_a_key_is_forgotten_when_its_move_was_refused():
    filing = factories.filing(FilingState.IN_REVIEW)
    key = str(uuid.uuid4())
    with pytest.raises(MoveRefused):
        factories.move(filing, "return", key=key, reason="")
    assert factories.move(filing, "return", key=key).repeated is False


def test_a_key_longer_than_its_column_still_counts_once():
    filing = factories.filing(FilingState.DRAFTING)
    seen = filing.version
    factories.move(filing, "submit", key="k" * 300)
    assert factories.move(filing, "submit", key="k" * 300, seen_version=seen).repeated is True


# --- four eyes ------------------------------------------------------------------------------------------------------
def test_who_entered_a_paper_report_cannot_claim_it():
    filing = factories.filing(FilingState.SUBMITTED, paper=True)
    with pytest.raises(MoveRefused):
        factories.move(filing, "claim", by=filing.entered_by)


def test_who_handed_in_a_paper_report_of_a_colleague_cannot_decide_it():
    filing = factories.filing(FilingState.DRAFTING, paper=True)
    colleague = factories.user(Role.REVIEWER, of=filing.department)
    factories.move(filing, "submit", by=colleague)
    with pytest.raises(MoveRefused):
        factories.move(filing, "claim", by=colleague)


@pytest.mark.parametrize("part", ["section", "risk", "attachment"])
def test_who_typed_a_part_of_a_paper_report_cannot_decide_it(part):
    filing = factories.filing(FilingState.DRAFTING, paper=True)
    colleague = factories.user(Role.REVIEWER, of=filing.department)
    if part == "section":
        factories.save(filing, "basic", {**factories.BASIC, "employees": "36"}, by=colleague)
    elif part == "risk":
        factories.own_risk(filing, by=colleague)
    else:
        factories.attachment(filing, by=colleague)
    factories.move(filing, "submit")
    with pytest.raises(MoveRefused):
        factories.move(filing, "claim", by=colleague)


@pytest.mark.parametrize("action", ["return", "approve"])
def test_who_adds_a_scan_to_a_paper_report_after_taking_it_cannot_decide_it(action):
    filing = factories.filing(FilingState.SUBMITTED, paper=True)
    colleague = factories.user(Role.REVIEWER, of=filing.department)
    factories.move(filing, "claim", by=colleague)
    factories.attachment(filing, kind="stamped", by=colleague)
    with pytest.raises(MoveRefused):
        factories.move(filing, action, by=colleague)


def test_a_paper_report_without_the_scan_is_not_handed_in():
    filing = factories.filing(FilingState.DRAFTING, paper=True)
    filing.attachments.update(removed_at=clock.now())
    with pytest.raises(MoveRefused):
        factories.move(filing, "submit")


def test_the_enterprise_does_not_edit_a_paper_report():
    filing = factories.filing(FilingState.DRAFTING, paper=True)
    answer = may_edit(factories.user(of=filing.enterprise), filing)
    assert not answer.allowed
    assert str(answer.reason)


def test_only_who_claimed_it_decides():
    filing = factories.filing(FilingState.IN_REVIEW)
    colleague = factories.user(Role.REVIEWER, of=filing.department)
    with pytest.raises(MoveRefused):
        factories.move(filing, "approve", by=colleague)
    factories.move(filing, "put_back", by=colleague)
    factories.move(filing, "claim", by=colleague)
    factories.move(filing, "approve", by=colleague)
    assert filing.decisions.get().decided_by == colleague


# --- what may be handed in ------------------------------------------------------------------------------------------
def test_an_incomplete_report_is_refused_with_what_is_open():
    filing = factories.filing(FilingState.DRAFTING)
    factories.save(filing, "basic", {**factories.BASIC, "employees": ""})
    with pytest.raises(MoveRefused, match="1"):
        factories.move(filing, "submit")


@pytest.mark.parametrize(
    "change",
    [
        {"state": CampaignState.CLOSED},
        {"state": CampaignState.DRAFT},
        {"opens_on": dt.timedelta(days=1)},
        {"due_on": dt.timedelta(days=-2), "locks_on": dt.timedelta(days=-1)},
    ],
)
@pytest.mark.parametrize(
    ("state", "action"), [("not_started", "start"), ("drafting", "submit"), ("approved", "file"), ("filed", "reopen")]
)
def test_nothing_is_handed_in_outside_the_campaigns_time(change, state, action):
    filing = factories.filing(state)
    days = {name: clock.today() + value for name, value in change.items() if isinstance(value, dt.timedelta)}
    Campaign.objects.filter(pk=filing.campaign_id).update(**change | days)
    if "due_on" in days:
        Filing.objects.filter(pk=filing.pk).update(due_on=days["due_on"])
    with pytest.raises(MoveRefused):
        factories.move(filing, action)


def test_a_later_day_of_its_own_keeps_a_report_open_after_the_lock():
    filing = factories.filing(FilingState.DRAFTING)
    today = clock.today()
    days = {"due_on": today - dt.timedelta(days=2), "locks_on": today - dt.timedelta(days=1)}
    Campaign.objects.filter(pk=filing.campaign_id).update(**days)
    Filing.objects.filter(pk=filing.pk).update(due_on=today)
    assert factories.move(filing, "submit").filing.state == FilingState.SUBMITTED


def test_on_the_day_it_opens_and_on_the_day_it_locks_it_is_open():
    today = clock.today()
    one_day = {"opens_on": today, "due_on": today, "locks_on": today}
    filing = factories.filing(FilingState.SUBMITTED, campaign=factories.campaign(**one_day))
    assert filing.state == FilingState.SUBMITTED


@pytest.mark.parametrize(
    "given", [{}, {"certified": True}, {"signed_name": "钱丽华"}, factories.SIGNED | {"signed_name": " "}]
)
def test_a_final_report_is_certified_by_name(given):
    filing = factories.filing(FilingState.APPROVED)
    with pytest.raises(MoveRefused):
        factories.move(filing, "file", given=given)


# --- two stages -----------------------------------------------------------------------------------------------------
def test_after_approval_basic_information_may_change():
    filing = factories.filing(FilingState.APPROVED)
    factories.save(filing, "basic", {**factories.BASIC, "employees": "40", "safety_name": "陆静"})
    with pytest.raises(MoveRefused):
        factories.move(filing, "submit")
    factories.move(filing, "file")
    assert filing.state == FilingState.FILED
    filing.enterprise.refresh_from_db()
    assert filing.enterprise.profile["employees"] == "40"
    assert Contact.objects.get(enterprise=filing.enterprise, kind="safety").name == "陆静"


def change_a_measure(filing):
    risk = filing.declared_risks.get()
    values = {"measures": {"engineering": ["换掉"], "emergency": ["演练"]}}
    writer = factories.writer_of(filing)
    save_risk(filing_id=filing.pk, user=writer, values=values, risk_id=risk.pk, seen_version=risk.version)


def add_a_risk(filing):
    factories.own_risk(filing)


def answer_another_way(filing):
    answers = {"MZ-01": {"answer": "absent", "note": ""}, "MZ-02": {"answer": "absent", "note": ""}}
    factories.save(filing, "check-civil-fire", {"answers": answers})


@pytest.mark.parametrize("change", [change_a_measure, add_a_risk, answer_another_way])
def test_a_risk_changed_after_approval_goes_back_to_review(change):
    filing = factories.filing(FilingState.APPROVED)
    change(filing)
    with pytest.raises(MoveRefused):
        factories.move(filing, "file")
    factories.move(filing, "submit")
    assert filing.state == FilingState.SUBMITTED
    factories.move(filing, "claim")
    factories.move(filing, "approve")
    factories.move(filing, "file")
    assert filing.state == FilingState.FILED


def test_a_note_beside_an_answer_is_no_change_of_risk():
    filing = factories.filing(FilingState.APPROVED)
    answers = {"MZ-01": {"answer": "present", "note": "二楼"}, "MZ-02": {"answer": "absent", "note": "没有"}}
    factories.save(filing, "check-civil-fire", {"answers": answers})
    factories.move(filing, "file")
    assert filing.state == FilingState.FILED


def test_changed_back_before_filing_it_can_be_filed():
    filing = factories.filing(FilingState.APPROVED)
    answer_another_way(filing)
    answers = {"MZ-01": {"answer": "present", "note": ""}, "MZ-02": {"answer": "absent", "note": ""}}
    factories.save(filing, "check-civil-fire", {"answers": answers})
    factories.move(filing, "file")
    assert filing.state == FilingState.FILED


def test_return_mend_resubmit_approve_file():
    filing = factories.filing(FilingState.RETURNED)
    factories.save(filing, "basic", {**factories.BASIC, "employees": "38"})
    for action in ("submit", "claim", "approve", "file"):
        factories.move(filing, action)
    outcomes = list(filing.decisions.order_by("id").values_list("outcome", "snapshot__number", "snapshot__stage"))
    assert outcomes == [(Outcome.RETURNED, 1, Stage.DRAFT), (Outcome.APPROVED, 2, Stage.DRAFT)]
    assert [(row.number, row.stage) for row in filing.snapshots.all()] == [(1, "draft"), (2, "draft"), (3, "final")]
    assert all(verifies(row) for row in filing.snapshots.all())


def test_remarks_go_with_the_return_and_stand_in_the_way_of_approval():
    filing = factories.filing(FilingState.IN_REVIEW)
    snapshot, reviewer = filing.snapshots.get(), filing.claimed_by
    fields = {"snapshot": snapshot, "section": "risks", "text": "写清位置", "created_at": clock.now()}
    own = Remark.objects.create(department=filing.department, author=reviewer, **fields)
    stranger = factories.user(Role.REVIEWER, of=factories.bureau("fire"))
    comment = Remark.objects.create(department=stranger.department, author=stranger, **fields)
    with pytest.raises(MoveRefused):
        factories.move(filing, "approve")
    factories.move(filing, "return")
    own.refresh_from_db()
    comment.refresh_from_db()
    assert own.decision == filing.decisions.get()
    assert comment.decision is None


def test_a_comment_of_another_department_does_not_hold_up_an_approval():
    filing = factories.filing(FilingState.IN_REVIEW)
    stranger = factories.user(Role.REVIEWER, of=factories.bureau("fire"))
    Remark.objects.create(
        snapshot=filing.snapshots.get(),
        department=stranger.department,
        author=stranger,
        section="risks",
        text="建议增加喷淋",
        created_at=clock.now(),
    )
    factories.move(filing, "approve")
    assert filing.state == FilingState.APPROVED


def test_taking_back_puts_a_first_report_to_drafting_and_a_supplement_to_supplement():
    first = factories.filing(FilingState.SUBMITTED)
    factories.move(first, "withdraw")
    assert first.state == FilingState.DRAFTING
    supplement = factories.filing(FilingState.SUPPLEMENT_OPEN)
    factories.move(supplement, "submit")
    factories.move(supplement, "withdraw")
    assert supplement.state == FilingState.SUPPLEMENT_OPEN


def test_putting_back_frees_the_report_and_keeps_its_place_in_the_queue():
    filing = factories.filing(FilingState.IN_REVIEW)
    handed_in = filing.submitted_at
    factories.move(filing, "put_back")
    assert (filing.state, filing.claimed_by, filing.claimed_at) == (FilingState.SUBMITTED, None, None)
    assert filing.submitted_at == handed_in


# --- one stage ------------------------------------------------------------------------------------------------------
def test_one_stage_is_filed_without_review():
    filing = factories.filing(FilingState.FILED, stages=1)
    assert [(row.number, row.stage) for row in filing.snapshots.all()] == [(1, Stage.FINAL)]
    assert not filing.decisions.exists()
    assert filing.department.kind == "township"


@pytest.mark.parametrize("action", ["submit", "claim", "approve", "return", "withdraw", "put_back"])
def test_one_stage_knows_no_review(action):
    for state in ("drafting", "filed", "supplement_open"):
        with pytest.raises(MoveRefused):
            factories.move(factories.filing(state, stages=1), action)
