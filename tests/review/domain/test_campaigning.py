"""Phases, drafts, checklists, closing and opening again, extensions, periodic reports: rules, states, double calls."""

import datetime as dt

import pytest

from enterprises.enums import RegionLevel, Role
from enterprises.models import Enterprise
from review.checks.backward import backward_days
from review.domain.campaigning.checklist import StaleStep, save_checklist_step, write_checklist
from review.domain.campaigning.closing import close_campaign, reopen_campaign
from review.domain.campaigning.drafts import (
    CampaignPlan,
    StaleDraft,
    answers_from,
    drop_draft,
    launch_draft,
    save_step,
    start_draft,
    start_launch,
)
from review.domain.campaigning.extensions import (
    Narrowing,
    ask_extension,
    extendable,
    grant_extension,
    refuse_extension,
    start_extending,
)
from review.domain.campaigning.periodic import lacks_periodic, note_periodic_due, propose_next
from review.domain.campaigning.phases import set_phase_days, start_due_phases, start_phase
from review.domain.campaigns import CampaignRefused, create_campaign, join_campaign, launch_campaign
from review.domain.following import keep_obligations
from review.domain.guards import campaign_accepts
from review.enums import CampaignKind, CampaignState, ChecklistKey, ExtensionState, FilingState
from review.models import Campaign, CampaignDraft, ChecklistStep, Extension, Filing, Phase
from review.queries.campaigning.checklist import checklists_of
from review.queries.campaigning.closing import closing_differences, kept_figures
from review.queries.campaigning.preview import preview
from review.queries.completion import completion
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.models import Event, Job, Notice
from riskreport.ground.models.job import JobState
from tests import factories

pytestmark = pytest.mark.django_db
OPENS, DUE = dt.date(2022, 1, 4), dt.date(2022, 3, 31)
REASON = "消防检查定于3月12日。"


@pytest.fixture
def city(at):
    """The tenth of January, every office that may decide, and the categories of two lines."""
    at(dt.datetime(2022, 1, 10, 1, tzinfo=dt.UTC))
    for county in (factories.KUNSHAN, factories.ZHANGJIAGANG):
        for line in ("civil", "religion", "emergency"):
            factories.bureau(line, county)
    for code in ("1401", "1402", "1501"):
        factories.category(code)
    return factories


@pytest.fixture
def office(city):
    return city.user(Role.OFFICE)


def task(**fields) -> Campaign:
    given = {"code": "key", "name": "重点行业", "opens_on": OPENS, "due_on": DUE, "categories": ["1401"], "user": None}
    return create_campaign(**given | fields)


def day(number: int, month: int = 2) -> dt.date:
    return dt.date(2022, month, number)


def of_phases(**fields) -> Campaign:
    """Kunshan's bureau first, until 20 February; all others from 1 February."""
    pilots = {"name": "先行先试", "departments": [factories.bureau().pk], "opens_on": OPENS, "due_on": day(20)}
    rest = {"name": "其余单位", "opens_on": day(1), "due_on": DUE}
    return task(phases=[pilots, rest], **fields)


def figures(campaign: Campaign, on: dt.date | None = None):
    return completion(campaign=campaign, as_of=on or clock.today())[0].figures


# --- the backward schedule --------------------------------------------------------------------------------------------
def test_days_are_counted_back_in_working_days_over_a_long_holiday():
    """From 31 January to 6 February 2022 is the Spring Festival; 29 and 30 January were worked in exchange."""
    found = backward_days(dt.date(2022, 2, 8), {"final": 0, "review": 1, "drafts": 2, "roster": 3})
    assert found == {
        "final": dt.date(2022, 2, 8),
        "review": dt.date(2022, 2, 7),
        "drafts": dt.date(2022, 1, 30),
        "roster": dt.date(2022, 1, 29),
    }


def test_days_are_not_counted_forwards():
    with pytest.raises(ValueError, match="backwards"):
        backward_days(DUE, {"final": -1})


# --- phases -----------------------------------------------------------------------------------------------------------
def test_a_launch_asks_the_pilots_alone_and_the_others_on_their_day(city, at):
    pilot, other = city.enterprise(), city.enterprise(town=city.YANGSHE)
    row = of_phases()
    assert launch_campaign(campaign=row, user=None) == 1
    filing = row.filings.get()
    assert (filing.enterprise, filing.joined_on, filing.due_on) == (pilot, max(OPENS, pilot.joined_on), day(20))
    assert start_due_phases(on=clock.today()) == 0
    at(dt.datetime(2022, 2, 1, 1, tzinfo=dt.UTC))
    assert start_due_phases(on=clock.today()) == start_due_phases(on=clock.today()) == 1
    run_job(job_id=Job.objects.get(kind="campaign.launch").pk)
    filing = row.filings.get(enterprise=other)
    assert (filing.joined_on, filing.due_on) == (day(1), DUE)
    assert start_due_phases(on=clock.today()) == 0
    assert Event.objects.filter(kind="campaign.phase_launched").count() == 1


def test_a_phase_launched_late_expects_its_units_from_that_day_on_only(city, at, office):
    city.enterprise(), city.enterprise(town=city.YANGSHE)
    row = of_phases()
    launch_campaign(campaign=row, user=None)
    at(dt.datetime(2022, 2, 15, 1, tzinfo=dt.UTC))
    before = figures(row, day(10))
    run_job(job_id=start_phase(phase_id=row.phases.last().pk, user=office).pk)
    assert (before, figures(row, day(10)).expected, figures(row).expected) == (figures(row, day(10)), 1, 2)
    assert row.phases.last().opens_on == day(15)


def test_a_phase_whose_last_day_is_past_asks_nobody(city, at, office):
    city.enterprise()
    row = of_phases()
    at(dt.datetime(2022, 4, 2, 1, tzinfo=dt.UTC))
    with pytest.raises(CampaignRefused, match="先行先试"):
        launch_campaign(campaign=row, user=office)
    assert not row.filings.exists()


def test_who_joins_is_asked_when_its_phase_has_begun_and_not_before(city):
    row = of_phases()
    city.enterprise()
    launch_campaign(campaign=row, user=None)
    early, later = city.enterprise(), city.enterprise(town=city.YANGSHE)
    assert join_campaign(campaign=row, enterprise=later, user=None) is None
    assert join_campaign(campaign=row, enterprise=early, user=None).due_on == day(20)


def test_the_roster_asks_only_units_of_phases_that_have_begun(city):
    from enterprises.domain.roster_changes import RosterAct, RosterChange

    row = of_phases()
    city.enterprise()
    launch_campaign(campaign=row, user=None)
    joined = [city.enterprise(), city.enterprise(town=city.YANGSHE)]
    keep_obligations([RosterChange(one.pk, RosterAct.JOINED, clock.today()) for one in joined], None)
    assert not row.filings.filter(enterprise=joined[1]).exists()
    assert row.filings.filter(enterprise=joined[0]).exists()


def test_the_days_of_a_phase_move_with_its_checklist_until_it_begins(city, office):
    row = of_phases()
    write_checklist(campaign=row, days_before={"final": 0, "review": 10})
    first, second = row.phases.all()
    review = second.steps.get(key=ChecklistKey.REVIEW)
    assert review.due_on == dt.date(2022, 3, 17)
    set_phase_days(phase_id=second.pk, user=office, opens_on=day(1), due_on=day(28))
    review.refresh_from_db()
    assert review.due_on == day(14)
    launch_campaign(campaign=row, user=None)
    with pytest.raises(CampaignRefused):
        set_phase_days(phase_id=first.pk, user=office, opens_on=OPENS, due_on=day(22))
    with pytest.raises(CampaignRefused):
        set_phase_days(phase_id=second.pk, user=office, opens_on=day(1), due_on=DUE + dt.timedelta(days=1))


# --- the draft and its launch -----------------------------------------------------------------------------------------
def plan(**fields) -> CampaignPlan:
    columns = {"code": "key", "name": "重点行业", "opens_on": OPENS, "due_on": DUE, "categories": ["1401"]}
    phases = [{"name": "全部单位", "opens_on": OPENS, "due_on": DUE}]
    return CampaignPlan({"phases": phases} | columns | fields, {"roster": 40, "final": 0})


def test_a_draft_is_kept_and_two_writers_are_told_apart(office, city):
    draft = start_draft(user=office, answers={})
    kept = save_step(draft_id=draft.pk, user=office, step="what", fields={"name": ["一"]}, seen_version=1)
    assert (kept.version, kept.name) == (2, "一")
    with pytest.raises(StaleDraft):
        save_step(draft_id=draft.pk, user=city.user(Role.OFFICE), step="what", fields={"name": ["二"]}, seen_version=1)
    assert CampaignDraft.objects.get().name == "一"


def test_a_double_click_launches_once(office, city):
    city.enterprise()
    draft = start_draft(user=office, answers={})
    jobs = [launch_draft(draft_id=draft.pk, user=office, seen_version=1, plan=plan()) for _again in range(2)]
    assert jobs[0] == jobs[1]
    assert Campaign.objects.count() == Job.objects.count() == 1
    assert run_job(job_id=jobs[0].pk)
    assert not run_job(job_id=jobs[0].pk)
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.filings.count()) == (CampaignState.OPEN, 1)
    assert Phase.objects.get().launched_at is not None
    with pytest.raises(CampaignRefused):
        save_step(draft_id=draft.pk, user=office, step="what", fields={"name": ["二"]}, seen_version=1)


def test_a_launch_that_was_killed_half_way_goes_on_where_it_stopped(office, city, monkeypatch):
    for _number in range(3):
        city.enterprise()
    draft = start_draft(user=office, answers={})
    job = launch_draft(draft_id=draft.pk, user=office, seen_version=1, plan=plan())
    from review.domain import campaigns

    monkeypatch.setattr(campaigns, "CHUNK", 1)
    real, calls = campaigns._ask, []

    def die_at_the_second(*args, **keys):
        calls.append(keys)
        if real(*args, **keys) and Filing.objects.count() == 2:
            raise SystemExit
        return 0

    monkeypatch.setattr(campaigns, "_ask", die_at_the_second)
    with pytest.raises(SystemExit):
        run_job(job_id=job.pk)
    assert Campaign.objects.get().state == CampaignState.DRAFT
    monkeypatch.setattr(campaigns, "_ask", real)
    Job.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    assert run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.tries, Filing.objects.count()) == (JobState.DONE, 2, 3)
    assert Event.objects.filter(kind="campaign.launched").count() == 1


def test_a_launch_that_failed_can_be_started_again_and_one_that_ran_not(office, city):
    town = city.enterprise(town=city.YUSHAN)
    row = task(deciding_level=RegionLevel.CITY)
    job = start_launch(campaign=row, user=office)
    assert run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert str(town.town_id) in job.error
    city.bureau("civil", city.CITY)
    again = start_launch(campaign=row, user=office)
    assert again != job
    run_job(job_id=again.pk)
    assert start_launch(campaign=row, user=office) == again
    assert Campaign.objects.get().state == CampaignState.OPEN


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_only_the_citys_office_runs_campaigns(role, office, city):
    person = city.user(role)
    draft, row = start_draft(user=office, answers={}), of_phases()
    acts = [
        lambda: start_draft(user=person, answers={}),
        lambda: save_step(draft_id=draft.pk, user=person, step="what", fields={}, seen_version=1),
        lambda: drop_draft(draft_id=draft.pk, user=person),
        lambda: launch_draft(draft_id=draft.pk, user=person, seen_version=1, plan=plan()),
        lambda: start_phase(phase_id=row.phases.last().pk, user=person),
        lambda: set_phase_days(phase_id=row.phases.last().pk, user=person, opens_on=OPENS, due_on=DUE),
        lambda: close_campaign(campaign=row, user=person),
        lambda: reopen_campaign(campaign=row, user=person, reason=REASON),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert CampaignDraft.objects.count() == 1
    assert not Job.objects.exists()


def test_a_county_office_runs_no_campaign(city):
    with pytest.raises(Refused):
        start_draft(user=city.user(Role.OFFICE, of=city.office(city.KUNSHAN)), answers={})


def test_the_preview_counts_names_and_warns(city):
    city.enterprise(), city.enterprise(), city.enterprise(town=city.YANGSHE)
    open_one = task(code="open")
    launch_campaign(campaign=open_one, user=None)
    found = preview(categories=["1401", "1501"], scales=[], level=RegionLevel.COUNTY)
    assert (found.units, sorted(count for _row, count in found.by_department)) == (3, [1, 2])
    assert found.undecided == []
    assert [(row.campaign, row.categories) for row in found.conflicts] == [(open_one, ("养老机构",))]
    assert preview(categories=["1401"], scales=["above"], level=RegionLevel.COUNTY).units == 0
    lacking = preview(categories=["1401"], scales=[], level=RegionLevel.CITY)
    assert lacking.undecided == ["张家港 杨舍镇 · 养老机构", "昆山 花桥镇 · 养老机构"]


# --- checklists -------------------------------------------------------------------------------------------------------
def test_one_stage_has_no_steps_of_a_first_report(city):
    row = of_phases(stages=1)
    write_checklist(campaign=row, days_before={})
    assert set(ChecklistStep.objects.values_list("key", flat=True)) == {"roster", "catalogue", "training", "final"}


def test_a_phase_counts_its_own_reports_and_leaves_those_of_earlier_phases_to_them(city):
    """First the bureau of Kunshan with category 1401, then all others; 1402 is asked in the second phase alone."""
    city.catalogue()
    first, second = city.enterprise(), city.enterprise(category_code="1402")
    pilots = {
        "name": "先行先试",
        "departments": [city.bureau().pk],
        "categories": ["1401"],
        "opens_on": OPENS,
        "due_on": DUE,
    }
    rest = {"name": "其余单位", "categories": ["1401", "1402"], "opens_on": OPENS, "due_on": DUE}
    row = task(categories=["1401", "1402"], phases=[pilots, rest])
    write_checklist(campaign=row, days_before={})
    launch_campaign(campaign=row, user=None)
    for phase in row.phases.all():
        launch_campaign(campaign=row, user=None, phase=phase)
    assert set(row.filings.values_list("enterprise", flat=True)) == {first.pk, second.pk}
    counted = []
    for phase in row.phases.order_by("order"):
        (seen,) = checklists_of(phase)
        final = next(one for one in seen.steps if one.step.key == "final")
        counted.append((final.evidence.done, final.evidence.total))
    assert counted == [(0, 1), (0, 1)]


def test_a_step_is_done_by_evidence_or_by_a_tick_and_overdue_else(city, office):
    city.catalogue()
    unit = city.enterprise()
    row = task(phases=[{"name": "全部单位", "opens_on": OPENS, "due_on": DUE}])
    write_checklist(campaign=row, days_before={"roster": 70, "catalogue": 70, "final": 0})
    launch_campaign(campaign=row, user=None)
    (seen,) = checklists_of(row.phases.get())
    state = {one.step.key: (one.is_done, one.is_overdue) for one in seen.steps}
    assert state["catalogue"] == (True, False)
    assert state["roster"] == (False, True)
    assert state["final"] == (False, False)
    Filing.objects.filter(enterprise=unit).update(first_filed_at=clock.now(), first_filed_on=clock.today())
    lead = city.user(Role.KEEPER, of=city.bureau("civil", city.CITY))
    roster = ChecklistStep.objects.get(key="roster")
    given = {"due_on": roster.due_on, "responsible": lead, "done_on": clock.today(), "note": "已盖章"}
    save_checklist_step(step_id=roster.pk, user=lead, seen_version=1, **given)
    save_checklist_step(step_id=roster.pk, user=lead, seen_version=1, **given)  # what stands changes nothing
    with pytest.raises(StaleStep):
        save_checklist_step(step_id=roster.pk, user=office, seen_version=1, **given | {"note": "别的"})
    (seen,) = checklists_of(row.phases.get())
    assert {one.step.key for one in seen.steps if one.is_done} == {"roster", "catalogue", "drafts", "review", "final"}
    assert Event.objects.filter(kind="campaign.step_saved").count() == 1


def test_the_lead_departments_people_keep_its_checklist_and_nobody_elses(city, office):
    row = task(categories=["1401", "1501"], phases=[{"name": "全部单位", "opens_on": OPENS, "due_on": DUE}])
    write_checklist(campaign=row, days_before={})
    civil = ChecklistStep.objects.get(sector="14", key="roster")
    given = {"due_on": DUE, "responsible": None, "done_on": None, "note": "x", "seen_version": 1}
    others = [
        city.user(Role.KEEPER, of=city.bureau("religion", city.CITY)),
        city.user(Role.KEEPER),
        city.user(Role.REVIEWER),
        city.user(Role.OVERSIGHT),
    ]
    for person in others:
        with pytest.raises(Refused):
            save_checklist_step(step_id=civil.pk, user=person, **given)
    with pytest.raises(Refused):
        save_checklist_step(step_id=civil.pk, user=office, **given | {"responsible": others[0]})
    with pytest.raises(Refused):
        save_checklist_step(step_id=civil.pk, user=office, **given | {"done_on": clock.today() + dt.timedelta(days=1)})
    save_checklist_step(step_id=civil.pk, user=office, **given)


# --- closing and opening again ----------------------------------------------------------------------------------------
def test_closing_keeps_the_figures_and_the_roster_moves_them_no_more(city, office):
    city.catalogue()
    row = city.campaign(categories=("1401",))
    city.filing(FilingState.FILED, campaign=row)
    still = city.filing(campaign=row)
    closing = close_campaign(campaign=row, user=office)
    assert close_campaign(campaign=row, user=office) == closing
    assert (kept_figures(closing).expected, kept_figures(closing).actual) == (2, 1)
    Enterprise.objects.filter(pk=still.enterprise_id).update(town=city.YANGSHE)
    from enterprises.domain.roster_changes import RosterAct, RosterChange

    keep_obligations([RosterChange(still.enterprise_id, RosterAct.MOVED, clock.today())], None)
    still.refresh_from_db()
    assert (still.town_id, still.left_on) == (city.HUAQIAO, None)
    assert list(closing_differences()) == []
    type(closing).objects.filter(pk=closing.pk).update(
        content=closing.content.replace('"total":[[2,1', '"total":[[2,2')
    )
    assert len(list(closing_differences())) == 1


def test_what_is_not_filed_stays_open_unless_told_otherwise(city, office):
    row = city.campaign(categories=("1401",))
    city.filing(campaign=row)
    closing = close_campaign(campaign=row, user=office, release_because="任务并入下一年度")
    filing = row.filings.get()
    assert (filing.left_on, filing.left_reason) == (clock.today() + dt.timedelta(days=1), "任务并入下一年度")
    assert figures(row).expected == kept_figures(closing).expected == 1
    assert figures(row, clock.today() + dt.timedelta(days=1)).expected == 0


def test_opening_again_follows_what_happened_meanwhile_and_keeps_the_evidence(city, office):
    row = task()
    moved, gone = city.enterprise(), city.enterprise()
    launch_campaign(campaign=row, user=None)
    closing = close_campaign(campaign=row, user=office)
    Enterprise.objects.filter(pk=moved.pk).update(town=city.YANGSHE)
    Enterprise.objects.filter(pk=gone.pk).update(lifecycle="closed", left_on=clock.today())
    fresh = city.enterprise()
    with pytest.raises(CampaignRefused):
        reopen_campaign(campaign=row, user=office, reason=" ")
    reopen_campaign(campaign=row, user=office, reason="漏报较多")
    reopen_campaign(campaign=row, user=office, reason="漏报较多")
    assert row.state == CampaignState.OPEN
    assert row.filings.get(enterprise=moved).town_id == city.YANGSHE
    assert row.filings.get(enterprise=gone).left_on == clock.today()
    assert row.filings.get(enterprise=fresh).joined_on == clock.today()
    closing.refresh_from_db()
    assert (closing.reopen_reason, kept_figures(closing).expected) == ("漏报较多", 2)
    assert Event.objects.filter(kind="campaign.reopened").count() == 1


@pytest.mark.parametrize("act", [close_campaign, lambda **keys: reopen_campaign(reason=REASON, **keys)])
def test_a_campaign_that_was_never_launched_is_neither_closed_nor_opened_again(city, office, act):
    with pytest.raises(CampaignRefused):
        act(campaign=task(), user=office)


# --- extensions -------------------------------------------------------------------------------------------------------
@pytest.fixture
def owed(city):
    """A report due on the last day of a campaign that locks a week later."""
    row = city.campaign(categories=("1401",), due_on=day(20), locks_on=day(27))
    return city.filing(campaign=row)


def test_a_unit_asks_and_the_deciding_department_grants(city, owed):
    writer, reviewer = city.writer_of(owed), city.user(Role.REVIEWER)
    asked = ask_extension(filing_id=owed.pk, user=writer, new_due_on=day(25), reason=REASON, key="k")
    assert ask_extension(filing_id=owed.pk, user=writer, new_due_on=day(25), reason=REASON, key="k") == asked
    with pytest.raises(Refused):
        ask_extension(filing_id=owed.pk, user=writer, new_due_on=day(26), reason=REASON)
    granted = grant_extension(filing_id=owed.pk, user=reviewer, new_due_on=day(24), reason="同意", key="g")
    assert grant_extension(filing_id=owed.pk, user=reviewer, new_due_on=day(24), reason="同意", key="g") == granted
    owed.refresh_from_db()
    assert (granted.pk, granted.state, granted.old_due_on, owed.due_on) == (asked.pk, "granted", day(20), day(24))
    run_due_reactions(queue="quick")
    assert set(Notice.objects.values_list("user", "kind")) == {
        (reviewer.pk, "extension.asked"),
        (writer.pk, "extension.granted"),
    }


def test_what_was_asked_for_is_refused_with_a_reason_and_once(city, owed):
    writer, reviewer = city.writer_of(owed), city.user(Role.REVIEWER)
    ask_extension(filing_id=owed.pk, user=writer, new_due_on=day(25), reason=REASON)
    with pytest.raises(Refused):
        refuse_extension(filing_id=owed.pk, user=reviewer, reason=" ")
    assert refuse_extension(filing_id=owed.pk, user=reviewer, reason="不符合条件").answer == "不符合条件"
    with pytest.raises(Refused):
        refuse_extension(filing_id=owed.pk, user=reviewer, reason="不符合条件")
    owed.refresh_from_db()
    assert owed.due_on == day(20)
    run_due_reactions(queue="quick")
    assert Notice.objects.filter(user=writer, kind="extension.refused").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"new_due_on": day(20)},
        {"new_due_on": dt.date(2022, 1, 9)},
        {"new_due_on": dt.date(2023, 5, 1)},
        {"new_due_on": day(25), "reason": "  "},
    ],
)
def test_days_and_reasons_that_do_not_fit_are_refused(city, owed, wrong):
    given = {"new_due_on": day(25), "reason": REASON} | wrong
    with pytest.raises(Refused):
        grant_extension(filing_id=owed.pk, user=city.user(Role.REVIEWER), **given)
    assert not Extension.objects.exists()


def test_who_may_extend(city, owed):
    may = {Role.REVIEWER, Role.OFFICE}
    for role in Role:
        person = city.user(role)
        if role in may:
            continue
        with pytest.raises(Refused):
            grant_extension(filing_id=owed.pk, user=person, new_due_on=day(25), reason=REASON)
        with pytest.raises(Refused):
            ask_extension(filing_id=owed.pk, user=person, new_due_on=day(25), reason=REASON)
    away = city.user(Role.OFFICE, of=city.office(city.ZHANGJIAGANG))
    with pytest.raises(Refused):
        grant_extension(filing_id=owed.pk, user=away, new_due_on=day(25), reason=REASON)
    grant_extension(filing_id=owed.pk, user=city.user(Role.OFFICE), new_due_on=day(25), reason=REASON)


@pytest.mark.parametrize("change", [{"left_on": day(1)}, {"first_filed_on": day(1), "first_filed_at": clock.now}])
def test_only_what_is_owed_and_not_filed_is_extended(city, owed, change):
    values = {name: value() if callable(value) else value for name, value in change.items()}
    Filing.objects.filter(pk=owed.pk).update(**values)
    with pytest.raises(Refused):
        grant_extension(filing_id=owed.pk, user=city.user(Role.REVIEWER), new_due_on=day(25), reason=REASON)


def test_nothing_is_extended_in_a_closed_campaign(city, owed, office):
    close_campaign(campaign=owed.campaign, user=office)
    with pytest.raises(Refused):
        grant_extension(filing_id=owed.pk, user=office, new_due_on=day(25), reason=REASON)


def test_on_time_is_judged_by_the_day_in_force_and_past_days_stay(city, owed, at):
    at(dt.datetime(2022, 2, 22, 1, tzinfo=dt.UTC))
    before = figures(owed.campaign, day(21))
    grant_extension(filing_id=owed.pk, user=city.user(Role.REVIEWER), new_due_on=day(25), reason=REASON)
    at(dt.datetime(2022, 2, 24, 1, tzinfo=dt.UTC))
    city.reach(Filing.objects.get(pk=owed.pk), FilingState.FILED)
    assert figures(owed.campaign, day(21)) == before
    assert (figures(owed.campaign).actual, figures(owed.campaign).on_time) == (1, 1)


def test_after_the_lock_nothing_is_handed_in_without_an_extension(city, owed, at):
    at(dt.datetime(2022, 2, 28, 1, tzinfo=dt.UTC))
    filing = Filing.objects.select_related("campaign").get(pk=owed.pk)
    assert not campaign_accepts(filing, {}).allowed
    grant_extension(filing_id=owed.pk, user=city.user(Role.REVIEWER), new_due_on=day(3, 3), reason=REASON)
    filing = Filing.objects.select_related("campaign").get(pk=owed.pk)
    assert campaign_accepts(filing, {}).allowed
    at(dt.datetime(2022, 3, 4, 1, tzinfo=dt.UTC))
    assert not campaign_accepts(filing, {}).allowed


def test_a_change_of_scale_leaves_an_extended_day_alone(city, owed):
    from enterprises.domain.roster_changes import RosterAct, RosterChange

    grant_extension(filing_id=owed.pk, user=city.user(Role.REVIEWER), new_due_on=day(25), reason=REASON)
    Enterprise.objects.filter(pk=owed.enterprise_id).update(scale="above")
    keep_obligations([RosterChange(owed.enterprise_id, RosterAct.MOVED, clock.today())], None)
    owed.refresh_from_db()
    assert (owed.scale, owed.due_on) == ("above", day(25))


def test_many_are_extended_as_a_job_once_and_told(city, owed, monkeypatch):
    from review.domain.campaigning import extensions

    monkeypatch.setattr(extensions, "CHUNK", 1)
    row, reviewer = owed.campaign, city.user(Role.REVIEWER)
    second = city.filing(campaign=row)
    elsewhere = city.filing(campaign=row, of=city.enterprise(town=city.YANGSHE))
    ask_extension(filing_id=owed.pk, user=city.writer_of(owed), new_due_on=day(22), reason=REASON)
    given = {"campaign": row, "user": reviewer, "narrowing": Narrowing(category="1401"), "new_due_on": day(25)}
    jobs = [start_extending(**given, reason=REASON, key="once") for _again in range(2)]
    assert jobs[0] == jobs[1]
    run_job(job_id=jobs[0].pk)
    due = dict(Filing.objects.values_list("pk", "due_on"))
    assert due == {owed.pk: day(25), second.pk: day(25), elsewhere.pk: day(20)}
    assert list(Extension.objects.order_by("filing").values_list("filing", "state", "old_due_on")) == [
        (owed.pk, ExtensionState.GRANTED, day(20)),
        (second.pk, ExtensionState.GRANTED, day(20)),
    ]
    assert Job.objects.get().result["rows"] == 2
    assert not extendable(reviewer, row, Narrowing(), day(25)).exists()
    run_due_reactions(queue="bulk")
    assert (
        Notice.objects.filter(kind="extension.granted").count()
        == Event.objects.filter(kind="extension.granted_many").count() - 1
    )  # the second unit has no person yet


@pytest.mark.parametrize("narrowing", [{"county": 320582}, {"town": 320582100}, {"sector": "15"}, {"scale": "above"}])
def test_what_does_not_fit_the_filter_is_not_extended(city, owed, narrowing):
    reviewer = city.user(Role.REVIEWER)
    assert not extendable(reviewer, owed.campaign, Narrowing(**narrowing), day(25)).exists()
    assert extendable(reviewer, owed.campaign, Narrowing(county=320583, sector="14"), day(25)).count() == 1
    assert not extendable(city.user(Role.OVERSIGHT), owed.campaign, Narrowing(), day(25)).exists()


# --- periodic ---------------------------------------------------------------------------------------------------------
def test_the_next_periodic_task_is_proposed_once_and_prefilled(city, office, at):
    row = task(stages=1)
    launch_campaign(campaign=row, user=None)
    at(dt.datetime(2022, 12, 5, 1, tzinfo=dt.UTC))
    draft = propose_next(campaign=row, user=office)
    assert propose_next(campaign=row, user=office) == draft
    assert draft.earlier == row
    answers = draft.answers
    assert (answers["what"]["kind"], answers["whom"]["categories"], answers["how"]["stages"]) == (
        ["periodic"], ["1401"], ["1"],
    )  # fmt: skip
    assert (answers["when"]["opens_on"], answers["when"]["due_on"]) == (["2023-01-01"], ["2023-03-31"])
    assert answers_from(row)["what"]["kind"] == ["first"]


def test_the_office_is_told_once_when_it_is_time(city, office, at):
    row = task()
    launch_campaign(campaign=row, user=None)
    for today, told in ((dt.date(2022, 11, 20), 0), (dt.date(2022, 12, 5), 1), (dt.date(2022, 12, 6), 0)):
        assert note_periodic_due(on=today) == told
    run_due_reactions(queue="quick")
    assert Notice.objects.filter(user=office, kind="campaign.periodic_due").count() == 1
    task(
        code="next", earlier=row, kind=CampaignKind.PERIODIC, opens_on=dt.date(2023, 1, 1), due_on=dt.date(2023, 3, 31)
    )
    assert lacks_periodic(dt.date(2022, 12, 6)) == []


def test_what_a_periodic_campaign_asks_counts_like_any_obligation(city):
    city.enterprise()
    row = task(kind=CampaignKind.PERIODIC)
    launch_campaign(campaign=row, user=None)
    assert figures(row).expected == 1
