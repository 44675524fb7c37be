"""Bulletins: figures frozen, text edited, issued once and for all, prepared by the night."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from enterprises.enums import Role
from review.domain.bulletins.figures import read_figures
from review.domain.bulletins.making import (
    discard_bulletin,
    figures_in,
    issue_bulletin,
    make_bulletin,
    prepare_bulletin,
    save_bulletin,
)
from review.domain.bulletins.nightly import day_of, prepare_drafts
from review.domain.bulletins.templates import save_template, words_of
from review.enums import BulletinState, CampaignState, FilingState
from review.models import Bulletin, BulletinTemplate
from review.queries.bulletins import bulletins_for_user
from review.queries.completion import completion
from review.queries.content import sha256_of
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
FIGURES_QUERIES = 12


@pytest.fixture
def task():
    row = factories.campaign()
    for town, state in (
        (factories.HUAQIAO, FilingState.FILED),
        (factories.HUAQIAO, FilingState.NOT_STARTED),
        (factories.YANGSHE, FilingState.DRAFTING),
    ):
        factories.filing(state, of=factories.enterprise(town=town), campaign=row)
    return row


@pytest.fixture
def office():
    return factories.user(Role.OFFICE)


def test_the_figures_are_those_of_the_boards(task, office):
    row = factories.bulletin(office, campaign=task)
    figures = figures_in(row)
    whole = completion(campaign=task, as_of=clock.today())[0].figures
    assert {name: figures["total"][name] for name in ("expected", "actual", "on_time", "open")} == {
        "expected": whole.expected, "actual": whole.actual, "on_time": whole.on_time, "open": 2,
    }  # fmt: skip
    assert figures["total"]["rate"] == "33.3"
    assert [(one["name"], one["actual"], one["place"]) for one in figures["areas"]] == [
        ("张家港", 0, 2),
        ("昆山", 1, 1),
    ]
    assert [one["name"] for one in figures["lines"]] == ["民政"]
    assert "应报3家，已报1家，报送率33.3%" in row.text
    assert "居前的是昆山（50.0%）、张家港（0.0%）" in row.text
    assert row.title.startswith("苏州市安全生产风险报告工作日通报（")


def test_what_is_new_is_counted_from_the_day_before_or_the_week_before(task, office, at):
    at(clock.now() + dt.timedelta(days=3))
    assert figures_in(factories.bulletin(office, campaign=task))["total"]["new"] == 0
    assert figures_in(factories.bulletin(office, campaign=task, kind="weekly"))["total"]["new"] == 1


def test_a_countys_office_writes_of_its_own_towns(task):
    person = factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN))
    figures = figures_in(factories.bulletin(person, campaign=task))
    assert (figures["place"], figures["total"]["expected"]) == ("昆山", 2)
    assert [one["name"] for one in figures["areas"]] == ["花桥镇"]


def test_figures_are_frozen_and_a_second_call_finds_the_draft(task, office):
    row = factories.bulletin(office, campaign=task)
    assert row.sha256 == sha256_of(row.figures)
    factories.filing(FilingState.FILED, campaign=task)
    again = factories.bulletin(office, campaign=task)
    assert (again.pk, again.figures) == (row.pk, row.figures)
    assert Event.objects.filter(kind="bulletin.made").count() == 1


def test_only_an_office_makes_one_of_a_day_that_has_figures(task, office):
    today = clock.today()
    for user, campaign, day in (
        (factories.user(Role.KEEPER), task, today),
        (office, task, today + dt.timedelta(days=1)),
        (office, task, task.opens_on - dt.timedelta(days=1)),
        (office, factories.campaign(state=CampaignState.DRAFT), today),
    ):
        with pytest.raises(Refused):
            make_bulletin(user=user, campaign=campaign, kind="daily", as_of=day)
    assert not Bulletin.objects.exists()


def test_two_windows_do_not_overwrite_each_other(task, office):
    row = factories.bulletin(office, campaign=task)
    save_bulletin(bulletin_id=row.pk, user=office, title="一", text="甲", seen_version=1)
    save_bulletin(bulletin_id=row.pk, user=office, title="一", text="甲", seen_version=1)
    with pytest.raises(ContentConflict) as conflict:
        save_bulletin(bulletin_id=row.pk, user=office, title="二", text="乙", seen_version=1)
    assert conflict.value.theirs == {"title": "一", "text": "甲"}
    with pytest.raises(Refused):
        issue_bulletin(bulletin_id=row.pk, user=office, seen_version=1)
    assert Event.objects.filter(kind="bulletin.saved").count() == 1


def test_what_was_issued_never_changes(task, office):
    row = factories.bulletin(office, campaign=task)
    issue_bulletin(bulletin_id=row.pk, user=office, seen_version=1)
    issue_bulletin(bulletin_id=row.pk, user=office, seen_version=1)
    assert Event.objects.filter(kind="bulletin.issued").count() == 1
    with pytest.raises(Refused):
        save_bulletin(bulletin_id=row.pk, user=office, title="改", text="改", seen_version=1)
    with pytest.raises(Refused):
        discard_bulletin(bulletin_id=row.pk, user=office)
    for change in ({"text": "改"}, {"figures": "{}"}, {"state": BulletinState.DRAFT, "issued_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Bulletin.objects.filter(pk=row.pk).update(**change)
    corrected = factories.bulletin(office, campaign=task)
    assert (corrected.edition, corrected.state) == (2, BulletinState.DRAFT)


def test_figures_that_are_not_those_that_were_frozen_are_not_issued(task, office):
    row = factories.bulletin(office, campaign=task)
    Bulletin.objects.filter(pk=row.pk).update(figures=row.figures.replace('"actual":1', '"actual":3'))
    with pytest.raises(Refused, match="固定的数据不符"):
        issue_bulletin(bulletin_id=row.pk, user=office, seen_version=1)


def test_another_office_changes_nothing(task, office):
    row = factories.bulletin(office, campaign=task)
    other = factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN))
    for act in (
        lambda: save_bulletin(bulletin_id=row.pk, user=other, title="x", text="x", seen_version=1),
        lambda: issue_bulletin(bulletin_id=row.pk, user=other, seen_version=1),
        lambda: discard_bulletin(bulletin_id=row.pk, user=other),
    ):
        with pytest.raises(Refused):
            act()


def test_officials_read_what_was_issued_above_them_and_offices_all_of_their_own(task, office):
    row = factories.bulletin(office, campaign=task)
    county = factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN))
    theirs = factories.bulletin(county, campaign=task)
    reviewer, elsewhere = factories.user(Role.REVIEWER), factories.bureau("civil", factories.ZHANGJIAGANG)
    other = factories.user(Role.REVIEWER, of=elsewhere)
    assert set(bulletins_for_user(office)) == {row}
    assert set(bulletins_for_user(reviewer)) == set()
    for made, person in ((row, office), (theirs, county)):
        issue_bulletin(bulletin_id=made.pk, user=person, seen_version=1)
    assert set(bulletins_for_user(reviewer)) == {row, theirs}
    assert set(bulletins_for_user(other)) == {row}
    assert set(bulletins_for_user(office)) == {row}
    assert set(bulletins_for_user(factories.user(Role.ENTERPRISE_USER))) == set()


# --- templates ------------------------------------------------------------------------------------------------------
def template(office, **given):
    known = {"kind": "daily", "title": "通报", "text": "应报{应报}家", "nightly": True, "seen_number": 0}
    return save_template(user=office, **known | given)


def test_a_template_is_kept_in_versions(task, office):
    assert words_of(office.department, "daily").number == 0
    template(office)
    assert template(office) is None
    with pytest.raises(ContentConflict):
        template(office, text="已报{已报}家")
    template(office, text="已报{已报}家", seen_number=1)
    assert [row.text for row in BulletinTemplate.objects.all()] == ["已报{已报}家", "应报{应报}家"]
    assert factories.bulletin(office, campaign=task).text == "已报1家"
    assert words_of(factories.office(factories.KUNSHAN), "daily").number == 0


def test_an_unknown_placeholder_is_named(office):
    with pytest.raises(Refused, match=r"\{合格率\}、\{x\}"):
        template(office, text="{合格率}{应报}{x}")
    with pytest.raises(Refused, match="花括号没有成对"):
        template(office, text="{应报")
    with pytest.raises(Refused):
        template(factories.user(Role.KEEPER))
    assert not BulletinTemplate.objects.exists()


# --- the night ------------------------------------------------------------------------------------------------------
MONDAY = dt.date(2021, 10, 4)


def test_the_night_writes_up_yesterday_and_the_last_week_that_is_over():
    assert day_of("daily", MONDAY) == dt.date(2021, 10, 3)
    week = [day_of("weekly", MONDAY + dt.timedelta(days=n)) for n in range(8)]
    assert week == [dt.date(2021, 10, 3)] * 7 + [dt.date(2021, 10, 10)]


def test_the_night_prepares_what_is_switched_on_once(task, office):
    night = clock.today()
    assert list(prepare_drafts(night)) == []
    template(office)
    assert list(prepare_drafts(night)) == [True]
    row = Bulletin.objects.get()
    assert (row.kind, row.as_of, row.made_by) == ("daily", night - dt.timedelta(days=1), None)
    discard_bulletin(bulletin_id=row.pk, user=office)
    assert list(prepare_drafts(night)) == [False]
    assert Bulletin.objects.count() == 1
    template(office, nightly=False, seen_number=1)
    assert list(prepare_drafts(night + dt.timedelta(days=1))) == []


def test_the_night_leaves_a_draft_alone_that_a_person_made(task, office):
    row = factories.bulletin(office, campaign=task)
    assert not prepare_bulletin(department=office.department, campaign=task, kind="daily", as_of=row.as_of)


@pytest.mark.parametrize("many", [1, 3])
def test_figures_cost_the_same_for_one_unit_and_three(office, django_assert_num_queries, many):
    task = factories.campaign()
    for _ in range(many):
        factories.filing(campaign=task)
    region = factories.region()
    with django_assert_num_queries(FIGURES_QUERIES):
        found = read_figures(campaign=task, kind="weekly", as_of=clock.today(), region=region)
    assert json.loads(json.dumps(found)) == found
