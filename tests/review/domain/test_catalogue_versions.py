"""Which version a report answers, what becomes of reports being written, and whom a new version concerns."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.enums import Lifecycle, Role
from enterprises.models import EnterpriseCategory
from review import reactions
from review.domain import catalogue_todos
from review.domain.catalogue_todos import end_by_report, follow_published, look_at_change, remind_of_change
from review.domain.context import item_groups_of
from review.domain.sections import withdraw_risk
from review.enums import FilingState, TodoEnd
from review.models import CatalogueTodo, FilingSection
from review.queries.catalogue_changes import followed_todos
from review.queries.words import words_of
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.domain.notices import notice_text
from riskreport.ground.models import Event, Notice, Pending
from risks.domain.drafts import head_base, item_values, new_catalogue, open_draft, remove_item, save_head, save_item
from risks.domain.publishing import bring_into_force
from risks.enums import CatalogueState
from risks.models import Catalogue, Risk
from tests import factories

pytestmark = pytest.mark.django_db
S = FilingState


@pytest.fixture
def office():
    return factories.user(Role.OFFICE)


def next_version(office, *, change=None, remove=(), add=()) -> Catalogue:
    """Bring the next version into force: ``change`` maps codes to values, ``add`` are (code, group, categories)."""
    factories.catalogue()
    draft = open_draft(key="civil", user=office)
    for code, values in (change or {}).items():
        row = draft.items.get(code=code)
        given = item_values(row, draft) | values
        save_item(catalogue_id=draft.pk, user=office, values=given, item_id=row.pk, seen_version=row.edit_version)
    for code in remove:
        remove_item(catalogue_id=draft.pk, item_id=draft.items.get(code=code).pk, user=office)
    for code, group, categories in add:
        given = item_values(draft.items.first(), draft)
        given |= {"code": code, "group": group, "categories": list(categories), "name": f"新增{code}"}
        save_item(catalogue_id=draft.pk, user=office, values=given)
    draft.refresh_from_db()
    former = bring_into_force(catalogue=draft, on=factories.clock.today(), actor=office)
    follow_published(catalogue=draft, former=former)
    return draft


def asked(filing) -> list[str]:
    filing.refresh_from_db()
    return [item.code for page in item_groups_of(filing) for item in page.items]


def todos() -> set[int]:
    return set(CatalogueTodo.objects.filter(done_at=None).values_list("enterprise_id", flat=True))


# --- which version a report answers ---------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [S.NOT_STARTED, S.DRAFTING, S.RETURNED, S.SUPPLEMENT_OPEN])
def test_a_report_being_written_is_asked_the_version_in_force(office, state):
    filing = factories.filing(state)
    next_version(office, remove=["MZ-03"], add=[("MZ-04", "power", ["1401"])])
    assert asked(filing) == ["MZ-01", "MZ-02", "MZ-04"]
    assert filing.catalogue_versions == {}


@pytest.mark.parametrize("state", [S.SUBMITTED, S.IN_REVIEW, S.APPROVED])
def test_a_report_handed_in_is_judged_and_filed_by_the_version_it_answered(office, state):
    filing = factories.filing(state)
    next_version(office, remove=["MZ-03"], add=[("MZ-04", "power", ["1401"])])
    assert asked(filing) == ["MZ-01", "MZ-02", "MZ-03"]
    for action in {S.SUBMITTED: ("claim", "approve"), S.IN_REVIEW: ("approve",), S.APPROVED: ()}[state]:
        factories.move(filing, action)
    factories.move(filing, "file")
    assert (filing.state, filing.catalogue_versions) == (S.FILED, {"civil": 1})
    assert json.loads(filing.snapshots.last().content)["catalogues"] == {"civil": 1}


@pytest.mark.parametrize(
    ("state", "action", "versions"),
    [(S.SUBMITTED, "withdraw", {}), (S.IN_REVIEW, "return", {}), (S.FILED, "reopen", {}), (S.IN_REVIEW, "put_back", 1)],
)
def test_going_back_to_writing_brings_the_version_in_force(office, state, action, versions):
    filing = factories.filing(state)
    draft = next_version(office, add=[("MZ-04", "power", ["1401"])])
    by = factories.writer_of(filing) if action == "reopen" else None
    factories.move(filing, action, by=by)
    assert filing.catalogue_versions == ({"civil": 1} if versions else {})
    assert asked(filing) == ["MZ-01", "MZ-02", "MZ-03", *([] if versions else ["MZ-04"])]
    item = filing.declared_risks.get().item
    assert item.catalogue_id == (Catalogue.objects.get(version=1).pk if versions else draft.pk)


def test_a_snapshot_is_read_in_the_words_it_was_written_in(office):
    filing = factories.filing(S.SUBMITTED)
    content = json.loads(filing.snapshots.get().content)
    next_version(office, change={"MZ-01": {"name": "改了名的风险"}})
    assert words_of(content).items["check-civil-fire", "MZ-01"].name == "MZ风险01"
    assert words_of(content | {"catalogues": {}}).items["check-civil-fire", "MZ-01"].name == "改了名的风险"


# --- reports being written ------------------------------------------------------------------------------------------
def test_answers_follow_their_code_into_another_group_and_new_items_are_asked(office):
    filing = factories.filing(S.DRAFTING, present=("01", "03"))
    next_version(office, change={"MZ-01": {"group": "power"}}, add=[("MZ-04", "fire", ["1401"])])
    answers = {
        row.key: row.data["answers"] for row in FilingSection.objects.filter(filing=filing, key__startswith="check")
    }
    assert set(answers["check-civil-fire"]) == {"MZ-02"}
    assert {code: given["answer"] for code, given in answers["check-civil-power"].items()} == {
        "MZ-01": "present",
        "MZ-03": "present",
    }
    assert asked(filing) == ["MZ-02", "MZ-04", "MZ-01", "MZ-03"]
    assert {risk.item.catalogue.version for risk in filing.declared_risks.select_related("item__catalogue")} == {2}


def test_answers_go_to_a_page_that_was_never_saved(office):
    filing = factories.filing(S.DRAFTING)
    FilingSection.objects.filter(filing=filing, key="check-civil-power").delete()
    next_version(office, change={"MZ-02": {"group": "power"}})
    row = FilingSection.objects.get(filing=filing, key="check-civil-power")
    assert row.data == {"answers": {"MZ-02": {"answer": "absent", "note": ""}}}


def test_a_raised_level_is_the_new_floor_of_a_report_being_written(office):
    filing = factories.filing(S.DRAFTING)
    next_version(office, change={"MZ-01": {"level": "major", "may_be_lowered": False}})
    with pytest.raises(Refused, match="MZ"):
        factories.move(filing, "submit")
    assert filing.declared_risks.get().item.level == "major"


def test_a_risk_whose_item_is_gone_may_be_taken_off_by_hand_and_no_other(office):
    filing = factories.filing(S.DRAFTING, present=("01", "03"))
    writer = factories.writer_of(filing)
    first, last = filing.declared_risks.order_by("order")
    next_version(office, remove=["MZ-03"])
    with pytest.raises(Refused):
        withdraw_risk(filing_id=filing.pk, risk_id=first.pk, user=writer)
    withdraw_risk(filing_id=filing.pk, risk_id=last.pk, user=writer)
    assert [risk.pk for risk in filing.declared_risks.filter(is_withdrawn=False)] == [first.pk]


def test_a_report_started_later_gets_the_ledgers_risks_on_the_new_items(office):
    filed = factories.filing(S.FILED)
    draft = next_version(office, change={"MZ-01": {"group": "power"}})
    again = factories.filing(of=filed.enterprise, campaign=factories.campaign())
    factories.move(again, "start")
    assert again.declared_risks.get().item.catalogue_id == draft.pk
    assert again.sections.get(key="check-civil-power").data["answers"]["MZ-01"]["answer"] == "present"


# --- whom it concerns -----------------------------------------------------------------------------------------------
def test_a_new_item_concerns_the_units_of_its_category_on_the_roster(office):
    care = factories.enterprise(category_code="1401")
    relief = factories.enterprise(category_code="1402")
    further = factories.enterprise(category_code="1501", further=("1402",))
    factories.enterprise(category_code="1501")
    day = factories.clock.today()
    factories.enterprise(category_code="1402", lifecycle=Lifecycle.CLOSED, left_on=day)
    next_version(office, add=[("MZ-04", "power", ["1402"])])
    assert todos() == {relief.pk, further.pk}
    assert care.pk not in todos()


@pytest.mark.parametrize(
    ("change", "concerned"),
    [
        ({"remove": ["MZ-01"]}, True),
        ({"remove": ["MZ-03"]}, False),
        ({"change": {"MZ-01": {"level": "major"}}}, True),
        ({"change": {"MZ-03": {"level": "major"}}}, False),
        ({"change": {"MZ-02": {"level": "larger"}}}, False),
        ({"change": {"MZ-01": {"categories": ["1402"]}}}, True),
        ({"change": {"MZ-01": {"place": "别处"}}}, False),
    ],
    ids=str,
)
@pytest.mark.parametrize("state", [S.FILED, S.DRAFTING])
def test_items_removed_raised_or_left_concern_who_names_them(office, change, concerned, state):
    """The unit names MZ-01 alone: in its ledger when it has filed, in the report it writes when it has not."""
    filing = factories.filing(state)
    assert Risk.objects.exists() == (state == S.FILED)
    next_version(office, **change)
    assert todos() == ({filing.enterprise_id} if concerned else set())


def test_the_first_version_concerns_all_units_of_its_categories():
    care = factories.enterprise(category_code="1401")
    factories.enterprise(category_code="1501")
    first = factories.catalogue()
    assert follow_published(catalogue=first, former=None).units == [care.pk]
    assert todos() == {care.pk}
    assert follow_published(catalogue=first, former=None).units == [care.pk]
    assert CatalogueTodo.objects.count() == 1


def test_the_first_version_that_a_release_ships_tells_nobody(office):
    factories.enterprise(category_code="1401")
    for shipped in (True, False):
        draft = new_catalogue(
            user=office,
            key=f"first-{shipped}".lower(),
            line=factories.line(),
            sector=factories.sector("14"),
            title="目录",
        )
        source = factories.catalogue().items.first()
        given = item_values(source, source.catalogue) | {"group": "g1"}
        save_item(catalogue_id=draft.pk, user=office, values=given)
        bring_into_force(catalogue=draft, on=factories.clock.today(), actor=None, is_shipped=shipped)
    run_due_reactions(queue="bulk")
    assert [todo.catalogue.key for todo in CatalogueTodo.objects.select_related("catalogue")] == ["first-false"]


def test_people_get_a_notice_with_a_link_and_only_those_concerned(office, client):
    unit = factories.enterprise(category_code="1401")
    reader = factories.user(Role.ENTERPRISE_USER, of=unit)
    factories.user(Role.ENTERPRISE_USER, of=unit, is_active=False)
    factories.user(Role.ENTERPRISE_USER, of=factories.enterprise(category_code="1501"))
    factories.catalogue()
    draft = open_draft(key="civil", user=office)
    given = item_values(draft.items.first(), draft) | {"code": "MZ-04", "name": "新增"}
    save_item(catalogue_id=draft.pk, user=office, values=given)
    save_head(
        catalogue_id=draft.pk,
        user=office,
        values={"title": "新版目录"},
        seen_base=head_base(Catalogue.objects.get(pk=draft.pk)),
    )
    draft.refresh_from_db()
    bring_into_force(catalogue=draft, on=factories.clock.today(), actor=office)
    run_due_reactions(queue="bulk")
    notice = Notice.objects.get(kind="catalogue.changed")
    assert (notice.user, notice.url) == (reader, f"/catalogue-changes/{draft.pk}/")
    assert notice.data["catalogue"] == "新版目录"
    client.force_login(reader)
    assert client.get(notice.url).status_code == 200


# --- when it is done ------------------------------------------------------------------------------------------------
def test_looking_ends_the_todo_once_and_for_the_own_unit_alone(office):
    unit = factories.enterprise(category_code="1401")
    next_version(office, add=[("MZ-04", "power", ["1401"])])
    todo = CatalogueTodo.objects.get()
    with pytest.raises(CatalogueTodo.DoesNotExist):
        look_at_change(todo_id=todo.pk, user=factories.user(Role.ENTERPRISE_USER))
    person = factories.user(Role.ENTERPRISE_USER, of=unit)
    first = look_at_change(todo_id=todo.pk, user=person)
    assert look_at_change(todo_id=todo.pk, user=person).done_at == first.done_at
    assert (first.end, first.done_by) == (TodoEnd.LOOKED, person)


def test_a_report_by_the_new_version_ends_the_todo_and_one_by_the_old_does_not(office):
    old, new = factories.filing(S.SUBMITTED), factories.filing(S.DRAFTING)
    next_version(office, add=[("MZ-04", "power", ["1401"])])
    assert todos() == {old.enterprise_id, new.enterprise_id}
    factories.move(old, "claim")
    factories.move(old, "approve")
    factories.move(old, "file")
    factories.complete(new)
    factories.move(new, "submit")
    run_due_reactions(queue="quick")
    assert todos() == {old.enterprise_id}
    assert CatalogueTodo.objects.get(enterprise=new.enterprise_id).end == TodoEnd.REPORTED
    assert end_by_report(enterprise_id=old.enterprise_id, versions={"civil": 1}, user=None) == 0


def test_a_later_version_takes_the_open_todo_over_from_where_the_unit_last_looked(office):
    unit = factories.enterprise(category_code="1401")
    next_version(office, add=[("MZ-04", "power", ["1401"])])
    next_version(office, add=[("MZ-05", "power", ["1401"])])
    rows = list(CatalogueTodo.objects.filter(enterprise=unit).order_by("catalogue__version"))
    assert [row.end for row in rows] == [TodoEnd.REPLACED, ""]
    assert rows[1].former == Catalogue.objects.get(version=1)


@pytest.mark.parametrize("many", [1, 3])
def test_following_costs_the_same_queries_whatever_the_number_of_units(office, many):
    for _ in range(many):
        factories.filing(S.DRAFTING)
        factories.filing(S.FILED)
    EnterpriseCategory.objects.create(
        enterprise=factories.enterprise(category_code="1501"), category=factories.category("1401")
    )
    draft = open_draft(key="civil", user=office)
    row = draft.items.get(code="MZ-01")
    given = item_values(row, draft) | {"level": "major", "group": "power"}
    save_item(catalogue_id=draft.pk, user=office, values=given, item_id=row.pk, seen_version=1)
    draft.refresh_from_db()
    former = bring_into_force(catalogue=draft, on=factories.clock.today(), actor=office)
    with CaptureQueriesContext(connection) as queries:
        assert len(follow_published(catalogue=draft, former=former).units) == 2 * many
    assert len(queries) == 21
    assert Catalogue.objects.filter(state=CatalogueState.PUBLISHED).count() == 1


# --- step by step ---------------------------------------------------------------------------------------------------
@pytest.fixture
def small_steps(monkeypatch):
    monkeypatch.setattr(catalogue_todos, "CHUNK", 2)


def published(office) -> Catalogue:
    """Bring a version into force by the event alone; its reaction is still owed."""
    factories.catalogue()
    draft = open_draft(key="civil", user=office)
    given = item_values(draft.items.first(), draft) | {"code": "MZ-04", "name": "新增"}
    save_item(catalogue_id=draft.pk, user=office, values=given)
    draft.refresh_from_db()
    bring_into_force(catalogue=draft, on=factories.clock.today(), actor=office)
    return draft


def test_many_units_are_told_in_steps_of_one_short_transaction_each(office, small_steps):
    filings = [factories.filing(S.DRAFTING) for _ in range(5)]
    people = {factories.writer_of(filing).pk for filing in filings}
    draft = published(office)
    for step in range(1, 4):
        assert run_due_reactions(queue="bulk", limit=1) == 1
        assert CatalogueTodo.objects.count() == min(2 * step, 5)
        assert Notice.objects.filter(kind="catalogue.changed").count() == min(2 * step, 5)
        assert Pending.objects.get(reaction__endswith="tell_of_catalogue").done_at is None
    run_due_reactions(queue="bulk")
    row = Pending.objects.get(reaction__endswith="tell_of_catalogue")
    assert row.done_at is not None
    assert set(Notice.objects.values_list("user", flat=True)) == people
    items = {filing.declared_risks.get().item.catalogue_id for filing in filings}
    assert items == {draft.pk}


def test_a_worker_killed_within_a_step_loses_that_step_alone(office, small_steps, monkeypatch):
    for _ in range(5):
        factories.writer_of(factories.filing(S.DRAFTING))
    published(office)
    run_due_reactions(queue="bulk", limit=1)
    with monkeypatch.context() as broken:
        broken.setattr(reactions, "catalogue_notice_data", lambda catalogue: 1 / 0)
        run_due_reactions(queue="bulk", limit=1)
    row = Pending.objects.get(reaction__endswith="tell_of_catalogue")
    assert (CatalogueTodo.objects.count(), row.tries, row.done_at) == (2, 1, None)
    Pending.objects.update(due_at=factories.clock.now())
    run_due_reactions(queue="bulk")
    row.refresh_from_db()
    assert (CatalogueTodo.objects.count(), Notice.objects.count(), row.tries) == (5, 5, 0)
    assert row.done_at is not None


def test_doing_all_steps_again_changes_nothing(office, small_steps):
    for _ in range(5):
        factories.writer_of(factories.filing(S.DRAFTING))
    published(office)
    run_due_reactions(queue="bulk")
    before = list(CatalogueTodo.objects.order_by("pk").values())
    Pending.objects.filter(reaction__endswith="tell_of_catalogue").update(done_at=None, reached=0)
    run_due_reactions(queue="bulk")
    assert list(CatalogueTodo.objects.order_by("pk").values()) == before
    assert Notice.objects.count() == 5


# --- reminding ------------------------------------------------------------------------------------------------------
def remind(user, catalogue) -> int:
    return remind_of_change(user=user, catalogue=catalogue, rows=followed_todos(user))


def test_a_reminder_reaches_who_has_not_looked_in_ones_own_area_once_a_day(office, small_steps, at):
    units = [factories.enterprise(town=factories.HUAQIAO) for _ in range(3)]
    elsewhere = factories.enterprise(town=factories.YANGSHE)
    people = {unit.pk: factories.user(of=unit) for unit in (*units, elsewhere)}
    draft = published(office)
    run_due_reactions(queue="bulk")
    looked = CatalogueTodo.objects.get(enterprise=units[0])
    look_at_change(todo_id=looked.pk, user=people[units[0].pk])
    keeper = factories.user(Role.KEEPER, of=factories.bureau())
    assert remind(keeper, draft) == 2
    with pytest.raises(Refused, match="今天都已提醒过"):
        remind(keeper, draft)
    assert remind(office, draft) == 1
    run_due_reactions(queue="bulk")
    run_due_reactions(queue="bulk")
    found = Notice.objects.filter(kind="catalogue.reminder")
    assert sorted(found.values_list("user", flat=True)) == sorted(people[u.pk].pk for u in (*units[1:], elsewhere))
    assert Event.objects.filter(kind="catalogue.reminded").count() == 2
    assert "尚未查看" in notice_text(found[0])
    at(factories.clock.now() + dt.timedelta(days=1))
    assert remind(office, draft) == 3


def test_who_looks_before_the_reminder_is_sent_gets_none(office):
    unit = factories.enterprise(category_code="1401")
    reader = factories.user(of=unit)
    draft = published(office)
    run_due_reactions(queue="bulk")
    remind(office, draft)
    look_at_change(todo_id=CatalogueTodo.objects.get().pk, user=reader)
    run_due_reactions(queue="bulk")
    assert not Notice.objects.filter(kind="catalogue.reminder").exists()
