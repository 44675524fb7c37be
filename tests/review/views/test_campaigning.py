"""Pages of reporting tasks: the wizard keeps and checks, one launch for two clicks, figures beside their lists."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from enterprises.enums import Role
from review.domain.campaigning.closing import close_campaign
from review.domain.campaigning.drafts import start_draft
from review.domain.campaigning.unchanged import report_unchanged
from review.domain.workflow import move_filing
from review.enums import Action, CampaignKind, ExtensionState, FilingState
from review.interfaces.board_lists import count_at
from review.interfaces.campaigning.wizard import Wizard
from review.models import Campaign, CampaignDraft, Extension
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.models import Event, Job
from tests import factories

pytestmark = pytest.mark.django_db
DAYS = {"opens_on": "2022-01-04", "due_on": "2022-12-31"}
TYPED = {
    "what": {"name": "冬季专项", "name_en": "", "code": "winter", "kind": "first"},
    "whom": {"sectors": ["14"], "categories": ["1401"]},
    "how": {"stages": "2", "deciding_level": "county"},
    "when": DAYS | {
        "presets": ["above_june", "all_december"], "name_1": "过半", "percent_1": "50", "day_1": "2022-06-01",
    },
    "phases": {
        "pilot": "departments", "pilot_due_on": "2022-03-31", "rest_opens_on": "2022-04-01",
        "before_roster": "60", "before_catalogue": "50", "before_training": "40", "before_drafts": "25",
        "before_review": "12", "before_final": "0",
    },
    "message": {"message": "请按期填报。"},
}  # fmt: skip


@pytest.fixture
def office(at):
    at(dt.datetime(2022, 1, 10, 1, tzinfo=dt.UTC))
    for county in (factories.KUNSHAN, factories.ZHANGJIAGANG):
        factories.bureau("civil", county)
    factories.category("1402")
    factories.enterprise(), factories.enterprise(town=factories.YANGSHE)
    return factories.user(Role.OFFICE)


@pytest.fixture
def browser(office):
    client = Client()
    client.force_login(office)
    return client


def type_in(browser: Client, draft: CampaignDraft, step: str, way: str = "next", **changes):
    draft.refresh_from_db()
    data = TYPED[step] | {"version": draft.version, "way": way} | changes
    return browser.post(reverse("campaign_step", args=[draft.pk, step]), data)


def typed_in(browser: Client, office) -> CampaignDraft:
    draft = start_draft(user=office, answers={})
    pilots = {"departments": [str(factories.bureau("civil").pk)]}
    for step in TYPED:
        answer = type_in(browser, draft, step, **(pilots if step == "phases" else {}))
        assert answer.status_code == 302, answer.content.decode()
    return draft


def test_what_is_incomplete_is_kept_on_the_way_back_and_said_at_the_end(browser, office):
    draft = start_draft(user=office, answers={})
    assert type_in(browser, draft, "what", code="not a code").status_code == 422
    answer = type_in(browser, draft, "whom", way="back", sectors=[], categories=["1402"])
    assert answer["Location"] == reverse("campaign_step", args=[draft.pk, "what"])
    draft.refresh_from_db()
    assert draft.answers["whom"]["categories"] == ["1402"]
    assert 'value="not a code"' in browser.get(reverse("campaign_step", args=[draft.pk, "what"])).content.decode()
    texts = " ".join(row["text"] for row in Wizard(draft).problems)
    assert "代号" in texts
    assert "行业领域" in texts
    assert "“填报方式”" in texts
    assert browser.post(reverse("campaign_launch", args=[draft.pk]), {"version": draft.version}).status_code == 422
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("step", "wrong", "field"),
    [
        ("whom", {"categories": ["1402"], "sectors": ["15"]}, "categories"),
        ("when", {"due_on": "2022-01-01"}, "due_on"),
        ("when", {"locks_on": "2022-12-01"}, "locks_on"),
        ("when", {"presets": ["all_march"], "due_on": "2022-02-01"}, "presets"),
        ("when", {"percent_1": ""}, "name_1"),
        ("when", {"name_1": "全部完成（十二月底）"}, "presets"),
        ("phases", {"departments": []}, "departments"),
        ("phases", {"pilot": "sectors", "sectors": ["14"]}, "sectors"),
        ("phases", {"rest_opens_on": ""}, "rest_opens_on"),
        ("phases", {"pilot_due_on": "2023-03-31"}, "pilot_due_on"),
    ],
)
def test_what_does_not_fit_is_said_where_it_stands(browser, office, step, wrong, field):
    factories.category("1501")
    draft = start_draft(user=office, answers={})
    for before in TYPED:
        if before == step:
            break
        type_in(browser, draft, before)
    departments = {"departments": [str(factories.bureau("civil").pk)]} if step == "phases" else {}
    answer = type_in(browser, draft, step, **(departments | wrong))
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()


def test_two_clicks_launch_once_with_phases_milestones_and_checklists(browser, office):
    draft = typed_in(browser, office)
    draft.refresh_from_db()
    address, sent = reverse("campaign_launch", args=[draft.pk]), {"version": draft.version}
    answers = [browser.post(address, sent) for _again in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"] == reverse("job", args=[Job.objects.get().pk])
    row = Campaign.objects.get()
    first, rest = row.phases.all()
    assert (first.departments, str(first.due_on), str(rest.opens_on)) == (
        [factories.bureau("civil").pk], "2022-03-31", "2022-04-01",
    )  # fmt: skip
    assert [(one.name, one.percent, str(one.due_on)) for one in row.milestones.all()] == [
        ("过半", 50, "2022-06-01"), ("规上企业完成", 100, "2022-06-30"), ("全部完成（十二月底）", 100, "2022-12-31"),
    ]  # fmt: skip
    assert first.steps.count() == rest.steps.count() == 6


def test_an_open_task_that_asks_the_same_is_accepted_knowingly(browser, office):
    factories.campaign(categories=("1401",))
    draft = typed_in(browser, office)
    draft.refresh_from_db()
    address, sent = reverse("campaign_launch", args=[draft.pk]), {"version": draft.version}
    assert browser.post(address, sent).status_code == 422
    assert browser.post(address, sent | {"accepted": "on"}).status_code == 302


def test_every_number_of_a_task_opens_the_list_it_counts(browser, office):
    factories.catalogue()
    row = factories.campaign(categories=("1401",), due_on=clock.today() + dt.timedelta(days=5))
    factories.filing(FilingState.FILED, campaign=row)
    factories.filing(campaign=row, due_on=clock.today() - dt.timedelta(days=1))
    page = browser.get(reverse("campaign", args=[row.pk])).content.decode()
    found = re.findall(r'data-count="(\d+)" href="([^"]+)"', page)
    assert [int(number) for number, _address in found] == [2, 1, 1, 1]
    for number, address in found:
        assert count_at(address.replace("&amp;", "&"), office) == int(number)


def test_the_figures_of_closing_stand_beside_the_live_ones(browser, office):
    factories.catalogue()
    row = factories.campaign(categories=("1401",))
    factories.filing(campaign=row)
    close_campaign(campaign=row, user=office)
    page = browser.get(reverse("campaign", args=[row.pk])).content.decode()
    assert "校验相符" in page
    assert reverse("campaign_reopen", args=[row.pk]) in page
    assert reverse("campaign_close", args=[row.pk]) not in page


def test_an_extension_is_asked_granted_and_listed(browser, office):
    filing = factories.filing(campaign=factories.campaign(categories=("1401",)))
    unit, client = factories.writer_of(filing), Client()
    client.force_login(unit)
    address, day = reverse("filing_extension", args=[filing.pk]), (filing.due_on + dt.timedelta(days=5)).isoformat()
    assert client.post(address, {"new_due_on": "", "reason": "检查"}).status_code == 422
    assert client.post(address, {"new_due_on": day, "reason": "检查", "key": "a"}).status_code == 302
    assert client.post(address, {"new_due_on": day, "reason": "再问", "key": "b"}).status_code == 409
    assert browser.post(address, {"new_due_on": day, "reason": "同意", "key": "c"}).status_code == 302
    filing.refresh_from_db()
    assert (Extension.objects.get().state, filing.due_on.isoformat()) == (ExtensionState.GRANTED, day)
    assert filing.enterprise.name in browser.get(reverse("extensions") + "?state=granted").content.decode()
    assert (
        reverse("filing_extension", args=[filing.pk])
        in client.get(reverse("filing", args=[filing.pk])).content.decode()
    )


def test_no_change_since_last_time_is_one_click_that_is_still_signed(office):
    factories.catalogue()
    unit = factories.enterprise()
    factories.filing(FilingState.FILED, of=unit, campaign=factories.campaign(categories=("1401",)))
    again = factories.campaign(categories=("1401",), stages=1, kind=CampaignKind.PERIODIC, deciding_level="county")
    filing = factories.filing(of=unit, campaign=again)
    writer, client = factories.writer_of(filing), Client()
    client.force_login(writer)
    address = reverse("filing_unchanged", args=[filing.pk])
    assert address in client.get(reverse("filing", args=[filing.pk])).content.decode()
    for _again in range(2):
        assert client.post(address)["Location"] == reverse("filing_check", args=[filing.pk])
    filing.refresh_from_db()
    assert (filing.state, filing.first_filed_on) == (FilingState.DRAFTING, None)
    assert Event.objects.filter(kind="report.unchanged").count() == 1
    with pytest.raises(Refused):
        move_filing(filing_id=filing.pk, action=Action.FILE, user=writer, seen_version=filing.version)
    move_filing(
        filing_id=filing.pk, action=Action.FILE, user=writer, seen_version=filing.version, given=factories.SIGNED
    )
    filing.refresh_from_db()
    assert (filing.state, filing.risks_larger) == (FilingState.FILED, 1)


def test_a_first_report_cannot_repeat_anything(office):
    factories.catalogue()
    filing = factories.filing(campaign=factories.campaign(categories=("1401",)))
    with pytest.raises(Refused):
        report_unchanged(filing_id=filing.pk, user=factories.writer_of(filing))
