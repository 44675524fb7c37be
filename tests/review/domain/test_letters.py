"""Letters from draft to closed: evidence, number, each move and its guards, levels up when overdue."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from enterprises.enums import Role
from review.domain.letters.answering import answer_letter
from review.domain.letters.drafting import change_draft, dismiss_proposal, draft_letter
from review.domain.letters.proposals import kinds_for, proposals_for
from review.domain.letters.raising import levels_above, raise_overdue
from review.domain.letters.setting import StandardRefused, set_mark, set_standard
from review.domain.letters.workflow import (
    MOVES,
    LetterRefused,
    StaleLetter,
    deliver_letter,
    letter_moves_for,
    move_letter,
)
from review.enums import LetterAction, LetterKind, LetterState
from review.models import Letter, LetterEvidence, LetterFile, LetterMark, LetterRaise, ProposalDismissal
from review.queries.content import sha256_of
from review.queries.letters.scope import letters_for_user
from review.queries.letters.standards import standards
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.models import Event, Notice
from riskreport.ground.workdays import add_working_days
from tests import factories, letters
from tests.letters import answered, hold, issued, letter, move, overdue

pytestmark = pytest.mark.django_db
A, K, S = LetterAction, LetterKind, LetterState
TEXT = {"title": "提醒函", "body": "请尽快。", "copies": "", "due_on": dt.date(2099, 1, 1)}


@pytest.fixture
def made():
    return letters.world()


def state_of(row: Letter) -> str:
    return Letter.objects.values_list("state", flat=True).get(pk=row.pk)


# --- drafting -------------------------------------------------------------------------------------------------------
def test_a_draft_quotes_the_figures_it_freezes(made):
    row = letter(made)
    content = json.loads(row.evidence.content)
    assert content["figures"] == {"expected": 2, "actual": 0, "on_time": 0}
    assert [one["unit"] for one in content["reports"]] == [filing.enterprise.name for filing in made.filings]
    assert content["days_behind"] > 0
    assert row.evidence.sha256 == sha256_of(row.evidence.content)
    assert "应报2家，已完成0家，完成率0.0%，尚有2家未报送" in row.body
    assert row.number_text == ""
    assert "【答复期限】" in row.body


@pytest.mark.parametrize("change", [{"content": "{}"}, {"sha256": "0" * 64}])
def test_the_database_refuses_to_change_evidence(made, change):
    row = letter(made)
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterEvidence.objects.filter(letter=row).update(**change)


def test_an_area_is_written_to_its_office_and_an_enterprise_to_itself(made):
    area = letter(made, to=f"region-{factories.KUNSHAN}")
    assert (area.answerer, area.to_region_id) == (factories.office(factories.KUNSHAN), factories.KUNSHAN)
    unit = letter(made, to=f"enterprise-{made.filings[0].enterprise_id}")
    assert (unit.answerer, unit.to_enterprise) == (None, made.filings[0].enterprise)
    assert "前报送，至今未完成" in unit.body


@pytest.mark.parametrize("subject", ["", "region-1", "department-999999", "enterprise-x", "nobody-1", "region-320582"])
def test_where_nobody_answers_or_nothing_is_open_no_letter_is_drafted(made, subject):
    with pytest.raises(LetterRefused):
        letter(made, to=subject or "x")
    assert not Letter.objects.exists()


def test_a_county_writes_within_its_area_only(made):
    far = factories.enterprise(town=factories.YANGSHE)
    with pytest.raises(Refused, match="安委办"):
        draft_letter(
            user=made.county, kind=K.WARNING, campaign=made.campaign, subject=f"enterprise-{far.pk}"
        )  # fmt: skip
    town = factories.township()
    row = draft_letter(
        user=made.county, kind=K.WARNING, campaign=made.campaign, subject=f"region-{town.region_id}"
    )  # fmt: skip
    assert row.answerer == town


def test_others_do_not_draft(made):
    with pytest.raises(Refused):
        draft_letter(user=made.bureau, kind=K.WARNING, campaign=made.campaign, subject="department-1")


def test_one_key_drafts_once_and_a_second_letter_of_the_kind_waits(made):
    given = {"user": made.office, "kind": K.WARNING, "campaign": made.campaign,
             "subject": f"department-{factories.bureau().pk}"}  # fmt: skip
    assert draft_letter(**given, key="k") == draft_letter(**given, key="k")
    with pytest.raises(KeyReused):
        draft_letter(**given | {"kind": K.NOTICE}, key="k")
    with pytest.raises(LetterRefused, match="正在办理"):
        draft_letter(**given)
    assert Letter.objects.count() == 1


def test_a_draft_is_changed_by_its_office_while_it_is_one(made):
    row = letter(made)
    change_draft(letter_id=row.pk, user=made.office, seen_version=1, values=TEXT)
    assert Letter.objects.get(pk=row.pk).body == "请尽快。"
    with pytest.raises(StaleLetter):
        change_draft(letter_id=row.pk, user=made.office, seen_version=1, values=TEXT)
    with pytest.raises(LetterRefused, match="【没有】"):
        change_draft(letter_id=row.pk, user=made.office, seen_version=2, values=TEXT | {"body": "【没有】"})
    with pytest.raises(Refused):
        change_draft(letter_id=row.pk, user=made.county, seen_version=2, values=TEXT)
    move(row, A.ISSUE, made.office)
    with pytest.raises(LetterRefused, match="拟稿"):
        change_draft(letter_id=row.pk, user=made.office, seen_version=3, values=TEXT)


# --- the moves ------------------------------------------------------------------------------------------------------
def test_issuing_gives_a_number_of_the_kind_and_year_and_fills_in_the_terms(made):
    row = issued(made)
    year = clock.today().year
    assert row.number_text == f"苏安办警〔{year}〕1号"
    assert "【" not in row.body
    assert issued(made, to=f"region-{factories.KUNSHAN}").number_text == f"苏安办警〔{year}〕2号"
    assert issued(made, K.NOTICE).number_text == f"苏安办通〔{year}〕1号"
    event = Event.objects.get(kind="letter.issue", object_id=row.pk)
    assert len(event.data["sha256"]) == 64


def test_a_withdrawn_draft_takes_no_number(made):
    row = letter(made)
    move(row, A.WITHDRAW, made.office)
    assert issued(made).number == 1


@pytest.mark.parametrize(
    ("kind", "change", "why"),
    [
        (K.WARNING, {"due_on": dt.date(2020, 1, 1)}, "答复期限"),
        (K.WARNING, {"body": "到【截至】为止"}, "【截至】"),
        (K.INTERVIEW, {"at": -1}, "一周以内"),
        (K.INTERVIEW, {"at": 8}, "一周以内"),
    ],
)
def test_what_is_not_ready_is_not_issued(made, kind, change, why):
    row = letter(made, kind)
    if "at" in change:
        row.interview.at = clock.now() + dt.timedelta(days=change["at"])
        row.interview.save()
    else:
        Letter.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(LetterRefused, match=why):
        move(row, A.ISSUE, made.office)
    assert state_of(row) == S.DRAFT


def test_an_office_without_a_mark_issues_nothing(made):
    row = letter(made)
    LetterMark.objects.all().delete()
    with pytest.raises(LetterRefused, match="机关代字"):
        move(row, A.ISSUE, made.office)


def test_it_is_delivered_when_it_reaches_an_inbox(made):
    row = letter(made)
    move(row, A.ISSUE, made.office)
    assert state_of(row) == S.ISSUED
    run_due_reactions(queue="quick")
    assert state_of(row) == S.DELIVERED
    assert Notice.objects.filter(user=made.bureau, kind="letter.issued").count() == 1
    assert not deliver_letter(letter_id=row.pk)


def test_where_nobody_reads_it_is_not_delivered(made):
    made.bureau.is_active = False
    made.bureau.save()
    row = letter(made)
    move(row, A.ISSUE, made.office)
    run_due_reactions(queue="quick")
    assert state_of(row) == S.ISSUED


def test_the_whole_way_to_closed(made):
    row = answered(made, made.bureau)
    assert (row.state, row.read_by) == (S.REPLIED, made.bureau)
    later = clock.today() + dt.timedelta(days=9)
    move(row, A.RETURN, made.office, due_on=later)
    assert (state_of(row), Letter.objects.get(pk=row.pk).due_on) == (S.RETURNED, later)
    move(row, A.REPLY, made.bureau, text="补充名单。")
    assert [one.number for one in row.replies.all()] == [1, 2]
    move(row, A.CLOSE, made.office)
    closed = Letter.objects.get(pk=row.pk)
    assert (closed.state, closed.closed_at is not None) == (S.CLOSED, True)
    run_due_reactions(queue="quick")
    told = set(Notice.objects.filter(user=made.bureau).values_list("kind", flat=True))
    assert {"letter.issued", "letter.returned", "letter.closed"} <= told
    assert Notice.objects.filter(user=made.office, kind="letter.replied").count() == 2


def test_an_extension_lies_after_the_day_that_stood(made):
    row = issued(made)
    with pytest.raises(LetterRefused, match="晚于"):
        move(row, A.EXTEND, made.office, due_on=row.due_on)
    with pytest.raises(LetterRefused, match="今天以后"):
        move(row, A.EXTEND, made.office, due_on=clock.today())
    move(row, A.EXTEND, made.office, due_on=row.due_on + dt.timedelta(days=1))
    assert Letter.objects.get(pk=row.pk).due_on == row.due_on + dt.timedelta(days=1)


@pytest.mark.parametrize("action", [A.RETURN, A.EXTEND, A.CLOSE])
def test_the_other_side_reads_a_reason(made, action):
    row = answered(made, made.bureau) if action != A.EXTEND else issued(made)
    with pytest.raises(LetterRefused, match="理由"):
        move(row, action, made.office, reason=" ", due_on=clock.today() + dt.timedelta(days=30))


@pytest.mark.parametrize("move_row", MOVES, ids=lambda row: row.action.value)
def test_each_move_is_refused_to_whom_it_is_not(made, move_row):
    """Whoever is neither the office that wrote it nor the department it goes to makes no move."""
    stranger = factories.user(Role.KEEPER, of=factories.bureau("religion"))
    row = letter(made, next(iter(move_row.kinds or {K.WARNING})))
    assert not move_row.who(stranger, row).allowed
    assert not move_row.who(made.county, row).allowed
    assert letter_moves_for(stranger, row) == []


def test_who_only_reads_in_the_department_does_not_answer(made):
    row = issued(made, to=f"region-{factories.KUNSHAN}")
    watcher = factories.user(Role.OVERSIGHT, of=factories.office(factories.KUNSHAN))
    with pytest.raises(LetterRefused):
        move(row, A.READ, watcher)


def test_a_unit_signs_and_answers_its_own_letter_only(made):
    row = issued(made, to=f"enterprise-{made.filings[0].enterprise_id}")
    own = factories.user(of=made.filings[0].enterprise)
    other = factories.user(of=made.filings[1].enterprise)
    with pytest.raises(LetterRefused):
        move(row, A.READ, other)
    move(row, A.READ, own)
    assert state_of(row) == S.READ


def test_a_double_click_finds_the_first_result_and_a_late_one_is_told(made):
    row = issued(made)
    given = {"letter_id": row.pk, "action": A.READ, "user": made.bureau, "seen_version": row.version}
    assert not move_letter(**given, key="k").repeated
    assert move_letter(**given, key="k").repeated
    with pytest.raises(StaleLetter):
        move_letter(**given)
    with pytest.raises(KeyReused):
        move_letter(**given | {"action": A.REPLY}, key="k")
    assert Event.objects.filter(kind="letter.read").count() == 1


def test_an_answer_keeps_its_files_and_a_repetition_leaves_none(made, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = issued(made)
    move(row, A.READ, made.bureau)
    version = Letter.objects.get(pk=row.pk).version
    given = {"letter_id": row.pk, "user": made.bureau, "seen_version": version, "text": "见附件", "key": "k"}
    for _ in range(2):
        answer_letter(**given, files=[SimpleUploadedFile("名单.pdf", b"%PDF-1.4\n%%EOF")])
    assert LetterFile.objects.get().name == "名单.pdf"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    with pytest.raises(Refused):
        answer_letter(**given | {"key": "", "text": "再来"}, files=[SimpleUploadedFile("x.exe", b"MZ\x90\x00")])
    with pytest.raises(LetterRefused, match="最多"):
        answer_letter(**given | {"key": ""}, files=[SimpleUploadedFile("a.pdf", b"%PDF-1.4")] * 11)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


# --- interviews -----------------------------------------------------------------------------------------------------
def test_an_interview_is_held_in_person_and_its_result_follows_in_five_working_days(made):
    row = issued(made, K.INTERVIEW)
    move(row, A.READ, made.bureau)
    with pytest.raises(LetterRefused, match="尚未记录"):
        move(row, A.REPLY, made.bureau, text="结果")
    with pytest.raises(LetterRefused, match="代替"):
        move(row, A.HOLD, made.office, held_at=clock.now(), **letters.GIVEN_INTERVIEW | {"in_person": False})
    with pytest.raises(LetterRefused, match="之后"):
        move(row, A.HOLD, made.office, held_at=clock.now() + dt.timedelta(days=1), **letters.GIVEN_INTERVIEW)
    hold(row, made.office)
    assert Letter.objects.get(pk=row.pk).due_on == add_working_days(clock.today(), 5)
    with pytest.raises(LetterRefused, match="已记录"):
        hold(row, made.office)
    move(row, A.REPLY, made.bureau, text="结果")
    move(row, A.CLOSE, made.office)
    assert state_of(row) == S.CLOSED


def test_an_interview_gets_another_time_within_a_week_and_no_extension(made):
    row = issued(made, K.INTERVIEW)
    with pytest.raises(LetterRefused, match="改期"):
        move(row, A.EXTEND, made.office, due_on=clock.today() + dt.timedelta(days=30))
    with pytest.raises(LetterRefused, match="一周"):
        move(row, A.RESCHEDULE, made.office, at=clock.now() + dt.timedelta(days=9), place="三楼")
    move(row, A.RESCHEDULE, made.office, at=clock.now() + dt.timedelta(days=6), place="三楼")
    row.refresh_from_db()
    assert (row.due_on, row.interview.place) == (clock.today() + dt.timedelta(days=6), "三楼")
    hold(row, made.office)
    with pytest.raises(LetterRefused, match="已记录"):
        move(row, A.RESCHEDULE, made.office, at=clock.now() + dt.timedelta(days=1), place="三楼")


# --- overdue --------------------------------------------------------------------------------------------------------
def test_an_overdue_letter_goes_up_level_by_level_once_each(made):
    row = issued(made)
    overdue(row)
    today = clock.today()
    assert raise_overdue(on=today) == 1
    assert raise_overdue(on=today) == 0
    above = levels_above(Letter.objects.get(pk=row.pk))
    assert above == [factories.bureau("civil", factories.CITY), factories.office()]
    assert LetterRaise.objects.get().to_department == above[0]
    second = add_working_days(today, standards()[K.WARNING].raise_days)
    assert raise_overdue(on=second - dt.timedelta(days=1)) == 0
    assert raise_overdue(on=second) == 1
    assert raise_overdue(on=second + dt.timedelta(days=60)) == 0
    run_due_reactions(queue="quick")
    assert Notice.objects.filter(user=made.office, kind="letter.raised").count() == 1


def test_a_missed_night_is_made_up_and_an_answer_ends_it(made):
    row = issued(made)
    overdue(row, days=30)
    assert raise_overdue(on=clock.today()) == 2
    other = answered(made, made.county, to=f"region-{factories.KUNSHAN}")
    overdue(other)
    assert raise_overdue(on=clock.today()) == 0


def test_a_new_day_begins_the_levels_anew(made):
    row = issued(made)
    overdue(row)
    raise_overdue(on=clock.today())
    move(row, A.EXTEND, made.office, due_on=clock.today() + dt.timedelta(days=3))
    assert raise_overdue(on=clock.today() + dt.timedelta(days=3)) == 0
    assert raise_overdue(on=clock.today() + dt.timedelta(days=4)) == 1


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (
            lambda made: f"enterprise-{made.filings[0].enterprise_id}",
            ["civil-320583", "civil-320500", "committee-320500"],
        ),
        (lambda made: f"region-{factories.KUNSHAN}", ["committee-320500"]),
        (lambda made: f"department-{factories.bureau('civil', factories.CITY).pk}", ["committee-320500"]),
    ],
)  # fmt: skip
def test_who_stands_above(made, subject, expected):
    row = issued(made, to=subject(made))
    assert [one.code for one in levels_above(Letter.objects.get(pk=row.pk))] == expected


def test_above_a_township_stands_the_countys_office(made):
    factories.township()
    row = draft_letter(
        user=made.county, kind=K.WARNING, campaign=made.campaign, subject=f"region-{factories.HUAQIAO}"
    )  # fmt: skip
    assert [one.code for one in levels_above(row)] == ["committee-320583"]


# --- proposals ------------------------------------------------------------------------------------------------------
def test_the_severest_step_reached_is_proposed(made):
    known = standards()
    proposal = next(
        one for one in proposals_for(made.office, made.campaign, clock.today()).groups if "部" not in one.behind.name
    )
    assert proposal.behind.days >= 45
    for days, expected in (
        (6, []), (7, ["reminder"]), (14, ["reminder"]), (15, ["warning"]), (30, ["notice", "interview"]),
        (44, ["notice", "interview"]), (45, ["supervision"]),
    ):  # fmt: skip
        behind = proposal.behind.__class__("x", "x", proposal.behind.figures, days)
        assert [kind.value for kind, _low in kinds_for(behind, known)] == expected, days


def test_the_last_of_the_ranking_twice_running_get_notice_and_interview(made):
    known, figures = standards(), proposals_for(made.office, made.campaign, clock.today()).groups[0].behind.figures
    cls = proposals_for(made.office, made.campaign, clock.today()).groups[0].behind.__class__

    def kinds(days, places, lows):
        return [
            (kind.value, low) for kind, low in kinds_for(cls("x", "x", figures, days, None, 1, places, lows), known)
        ]

    assert kinds(0, 10, (3, 3)) == [("notice", True), ("interview", True)]
    assert kinds(0, 10, (3, 4)) == []
    assert kinds(0, 10, (3,)) == []
    assert kinds(0, 3, (1, 1)) == []  # of three everybody is among the last three
    assert kinds(50, 10, (1, 1)) == [("supervision", False)]
    assert kinds(20, 10, (1, 1)) == [("notice", True), ("interview", True)]


def test_what_is_under_way_or_dismissed_is_not_proposed_again(made):
    today = clock.today()
    subject = f"department-{factories.bureau().pk}"

    def proposed():
        return {one.key for one in proposals_for(made.office, made.campaign, today).groups}

    assert ("supervision", subject) in proposed()
    row = dismiss_proposal(
        user=made.office, kind=K.SUPERVISION, campaign=made.campaign, subject=subject, reason="正在核实"
    )  # fmt: skip
    assert ("supervision", subject) not in proposed()
    ProposalDismissal.objects.filter(pk=row.pk).update(until=today - dt.timedelta(days=1))
    assert ("supervision", subject) in proposed()
    letter(made, K.SUPERVISION)
    assert ("supervision", subject) not in proposed()
    with pytest.raises(LetterRefused, match="理由"):
        dismiss_proposal(user=made.office, kind=K.WARNING, campaign=made.campaign, subject=subject, reason=" ")


def test_a_complete_group_is_not_proposed():
    made = letters.world(units=2, filed=2)
    assert proposals_for(made.office, made.campaign, clock.today()).groups == []


@pytest.mark.parametrize("units", [1, 3])
def test_proposals_cost_the_same_for_one_unit_and_three(units, django_assert_num_queries):
    made = letters.world(units=units)
    with django_assert_num_queries(23):
        proposals_for(made.office, made.campaign, clock.today())


# --- what the offices set -------------------------------------------------------------------------------------------
def test_the_citys_office_sets_a_standard_and_the_next_draft_follows_it(made):
    own = standards()[K.WARNING]
    values = {
        name: getattr(own, name) for name in ("days_behind", "bottom_places", "bottom_runs", "raise_days", "word")
    }
    values |= {"answer_days": 2, "title": "警示", "body": "【对象】请改。"}
    set_standard(kind=K.WARNING, user=made.office, seen_version=0, values=values)
    row = letter(made)
    assert (row.title, row.due_on) == ("警示", add_working_days(clock.today(), 2))
    assert row.body.startswith("昆山民政局")
    with pytest.raises(StandardRefused, match="其他人员"):
        set_standard(kind=K.WARNING, user=made.office, seen_version=0, values=values)
    with pytest.raises(StandardRefused, match="编号"):
        set_standard(kind=K.WARNING, user=made.office, seen_version=1, values=values | {"word": "督"})
    with pytest.raises(StandardRefused, match="【谁】"):
        set_standard(kind=K.WARNING, user=made.office, seen_version=1, values=values | {"body": "【谁】"})
    with pytest.raises(Refused):
        set_standard(kind=K.WARNING, user=made.county, seen_version=1, values=values)


def test_two_offices_do_not_share_a_mark(made):
    with pytest.raises(StandardRefused):
        set_mark(user=made.county, mark="苏安办")
    set_mark(user=made.county, mark="昆安办")
    assert LetterMark.objects.count() == 2


# --- who sees what --------------------------------------------------------------------------------------------------
def test_who_sees_which_letters(made):
    to_bureau, to_area = issued(made), issued(made, to=f"region-{factories.KUNSHAN}")
    to_unit = issued(made, to=f"enterprise-{made.filings[0].enterprise_id}")
    draft = letter(made, K.NOTICE)

    def seen(user):
        return set(letters_for_user(user))

    assert seen(made.office) == {to_bureau, to_area, to_unit, draft}
    assert seen(made.county) == {to_bureau, to_area, to_unit}
    assert seen(made.bureau) == {to_bureau, to_unit}
    assert seen(factories.user(of=made.filings[0].enterprise)) == {to_unit}
    assert seen(factories.user(of=made.filings[1].enterprise)) == set()
    assert seen(factories.user(Role.REVIEWER, of=factories.township())) == {to_unit}
    assert seen(factories.user(Role.REVIEWER, of=factories.bureau("religion"))) == set()
    assert seen(factories.user(Role.OFFICE, of=factories.office(factories.ZHANGJIAGANG))) == set()
    assert seen(factories.user(Role.OVERSIGHT)) == {to_bureau, to_area, to_unit}
    assert seen(factories.user(Role.OPERATOR)) == set()
    lead = factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY))
    assert seen(lead) == {to_unit}
    overdue(to_bureau)
    raise_overdue(on=clock.today())
    assert seen(lead) == {to_unit, to_bureau}
