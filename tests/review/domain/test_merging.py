"""Merging two units: what hangs on the one goes to the other, ledger and figures are right afterwards."""

import datetime as dt

import pytest

from enterprises.domain.basic_information import read_basic, store_basic
from enterprises.domain.likeness import refresh_likeness
from enterprises.domain.upkeep import RosterRefused, StaleUnit
from enterprises.enums import Lifecycle, Role
from enterprises.models import Enterprise, User
from review.domain import merging
from review.domain.merging import Merge, merge_units
from review.enums import FilingState, TodoEnd
from review.management.commands.check_progress import move_exists
from review.models import CatalogueTodo, Filing
from review.queries.completion import Figures, completion
from review.queries.consistency import prove_everything
from review.queries.timeline import timeline_of
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.models import Event
from risks.enums import RiskState
from risks.models import Rating, Risk, Standing
from tests import factories

pytestmark = pytest.mark.django_db
REASON = "两条记录是同一家单位，现合并。"


def twins(state="not_started", other="not_started", **options):
    """Two units with a report each in one campaign, the first and the second state."""
    factories.rating_rule()
    row = factories.campaign()
    present = options.get("present", (("01",), ("02",)))
    pair = []
    for wanted, items in zip((state, other), present, strict=True):
        unit = factories.enterprise()
        factories.filing(wanted, of=unit, campaign=row, present=items)
        pair.append(unit)
    return row, *pair


def merge(survivor, absorbed, person=None, **fields):
    fresh = {row.pk: row.version for row in Enterprise.objects.filter(pk__in=[survivor.pk, absorbed.pk])}
    given = {
        "survivor_id": survivor.pk,
        "absorbed_id": absorbed.pk,
        "seen_versions": (fresh[survivor.pk], fresh.get(absorbed.pk, 0)),
        "on": clock.today(),
        "reason": REASON,
    }
    return merge_units(user=person or factories.user(Role.OFFICE), merge=Merge(**given | fields))


def nothing_differs():
    while run_due_reactions(queue="quick"):
        pass
    assert prove_everything(move_exists).differences == []


def test_the_merged_unit_points_to_the_survivor_and_leaves_the_roster(db):
    row, survivor, absorbed = twins()
    merge(survivor, absorbed)
    absorbed.refresh_from_db()
    assert (absorbed.merged_into, absorbed.lifecycle, absorbed.left_on) == (survivor, Lifecycle.MERGED, clock.today())
    assert completion(campaign=row, as_of=clock.today())[0].figures == Figures(1, 0, 0)
    assert completion(campaign=row, as_of=clock.today() - dt.timedelta(days=1))[0].figures == Figures(2, 0, 0)
    nothing_differs()


@pytest.mark.parametrize(
    ("own", "other", "kept"),
    [
        ("not_started", "drafting", "other"),
        ("drafting", "not_started", "own"),
        ("submitted", "returned", "own"),
        ("returned", "approved", "other"),
        ("filed", "approved", "own"),
        ("approved", "filed", "other"),
        ("in_review", "supplement_open", "other"),
        ("filed", "filed", "own"),
        ("exempt", "not_started", "own"),
        ("exempt", "drafting", "other"),
        ("void", "not_started", "other"),
    ],
)
def test_the_further_report_is_kept_and_the_other_is_void_with_the_reason(own, other, kept):
    row, survivor, absorbed = twins(own, other)
    mine, theirs = (Filing.objects.get(enterprise=unit) for unit in (survivor, absorbed))
    merge(survivor, absorbed)
    standing, ended = (mine, theirs) if kept == "own" else (theirs, mine)
    states = {one.pk: one.state for one in (mine, theirs)}
    for filing in (standing, ended):
        filing.refresh_from_db()
        assert filing.enterprise == survivor
    assert (standing.state, ended.state) == (states[standing.pk], FilingState.VOID)
    if states[ended.pk] != FilingState.VOID:
        event = Event.objects.get(kind="filing.supersede")
        assert (event.object_id, REASON in event.data["reason"]) == (ended.pk, True)
    expected = int(standing.state != FilingState.EXEMPT)
    filed = int(standing.first_filed_on is not None)
    assert completion(campaign=row, as_of=clock.today())[0].figures == Figures(expected, filed, filed)
    nothing_differs()


@pytest.mark.parametrize(("own", "other", "items"), [("filed", "filed", "01"), ("approved", "filed", "02")])
def test_ledger_standing_and_colour_are_those_of_the_report_that_stands(own, other, items):
    _row, survivor, absorbed = twins(own, other)
    lineages = set(Risk.objects.values_list("lineage", flat=True))
    merge(survivor, absorbed)
    assert set(Risk.objects.filter(enterprise=survivor).values_list("lineage", flat=True)) == lineages
    active = Risk.objects.filter(state=RiskState.ACTIVE)
    assert [(risk.enterprise, risk.item.code[-2:]) for risk in active] == [(survivor, items)]
    assert list(Standing.objects.values_list("pk", "zero_risk")) == [(survivor.pk, False)]
    assert Standing.objects.get().first_reported_on == clock.today()
    assert list(Rating.objects.filter(is_current=True).values_list("enterprise", flat=True)) == [survivor.pk]
    nothing_differs()


def test_reports_of_different_tasks_both_stand_and_the_last_final_rules_the_ledger():
    _row, survivor, absorbed = twins("filed", "not_started")
    second = factories.campaign()
    factories.filing(FilingState.FILED, of=absorbed, campaign=second, present=("03",))
    merge(survivor, absorbed)
    standing = Filing.objects.exclude(state=FilingState.VOID)
    assert set(standing.values_list("enterprise", "state")) == {(survivor.pk, "filed")}
    assert standing.count() == 2
    assert [risk.item.code[-2:] for risk in Risk.objects.filter(state=RiskState.ACTIVE)] == ["03"]
    nothing_differs()


def test_people_contacts_categories_and_chosen_values_go_along():
    _row, survivor, absorbed = twins()
    person = factories.user(of=absorbed)
    factories.EnterpriseCategory.objects.create(enterprise=absorbed, category=factories.category("1402"))
    store_basic(enterprise=absorbed, values=factories.BASIC)
    store_basic(enterprise=survivor, values=factories.BASIC | {"address": "旧址1号", "employees": "9"})
    code = absorbed.credit_code
    merge(survivor, absorbed, taken=frozenset({"name", "code", "employees", "town_id"}))
    survivor.refresh_from_db()
    absorbed_after = Enterprise.objects.get(pk=absorbed.pk)
    assert User.objects.get(pk=person.pk).enterprise == survivor
    assert (survivor.name, survivor.credit_code) == (absorbed.name, code)
    assert absorbed_after.credit_code not in {None, code}
    told = read_basic(survivor)
    assert (told["address"], told["employees"], told["principal_name"]) == ("旧址1号", "35", "钱丽华")
    assert list(survivor.further_categories.values_list("code", flat=True)) == ["1402"]


def test_a_temporary_code_gives_way_to_the_credit_code():
    survivor = factories.enterprise(credit_code=None, temporary_code="LS32058300001", no_code_reason="awaiting")
    absorbed = factories.enterprise()
    code = absorbed.credit_code
    merge(survivor, absorbed, taken=frozenset({"code"}))
    survivor.refresh_from_db()
    absorbed.refresh_from_db()
    assert (survivor.credit_code, survivor.temporary_code, survivor.no_code_reason) == (code, None, "")
    assert (absorbed.credit_code, absorbed.temporary_code) == (None, "LS32058300001")


def test_the_timeline_of_both_is_read_from_the_survivor_by_its_people_too():
    _row, survivor, absorbed = twins("drafting", "submitted")
    person = factories.user(of=survivor)
    merge(survivor, absorbed)
    for reader in (person, factories.user(Role.OFFICE)):
        texts = [entry.text for entry in timeline_of(reader, survivor.pk).entries]
        assert sum("hand-in" in text or "提交" in text for text in texts) == 1
        assert len(texts) == 5  # two beginnings, a hand-in, a report made void, the merge


def test_a_chain_of_merges_leads_to_the_last_survivor():
    first, second, third = (factories.enterprise() for _number in range(3))
    merge(second, first)
    merge(third, second)
    assert set(Enterprise.objects.filter(merged_into=third).values_list("pk", flat=True)) == {first.pk, second.pk}


def test_a_second_call_with_the_same_key_changes_nothing():
    _row, survivor, absorbed = twins("drafting", "submitted")
    person = factories.user(Role.OFFICE)
    versions = (survivor.version, absorbed.version)
    for _time in range(2):
        merge(survivor, absorbed, person, seen_versions=versions, key="once")
    assert Event.objects.filter(kind="enterprise.merged").count() == 1


def test_who_does_not_keep_both_may_not_merge():
    own, venue = factories.enterprise(), factories.enterprise(category_code="1501")
    keeper = factories.user(Role.KEEPER, of=factories.bureau())
    for pair in ((own, venue), (venue, own)):
        with pytest.raises(Refused, match="牵头部门"):
            merge(*pair, person=keeper)
    assert Enterprise.objects.filter(merged_into__isnull=False).count() == 0


def test_what_cannot_be_merged_is_refused():
    _row, survivor, absorbed = twins()
    with pytest.raises(RosterRefused):
        merge(survivor, survivor, seen_versions=(1, 1))
    with pytest.raises(StaleUnit):
        merge(survivor, absorbed, seen_versions=(1, 7))
    with pytest.raises(RosterRefused, match="晚于今天"):
        merge(survivor, absorbed, on=clock.today() + dt.timedelta(days=1))
    merge(survivor, absorbed)
    with pytest.raises(Refused, match="已并入其他单位"):
        merge(factories.enterprise(), absorbed)


def test_keys_of_a_merged_unit_are_compared_no_more():
    survivor, absorbed = factories.enterprise(), factories.enterprise()
    refresh_likeness(enterprise_ids=[survivor.pk, absorbed.pk])
    merge(survivor, absorbed)
    assert list(merging.Likeness.objects.values_list("pk", flat=True)) == [survivor.pk]


def test_every_table_that_points_to_a_unit_says_what_becomes_of_it():
    found = {
        f"{relation.related_model._meta.label_lower}.{relation.field.name}"
        for relation in Enterprise._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.many_to_many
    }
    assert found == merging.HANDED_ON | merging.BROUGHT_TOGETHER | merging.LEFT_BEHIND


def test_the_survivor_looks_once_at_what_either_unit_had_to_look_at():
    _row, survivor, absorbed = twins()
    both, theirs, seen = (factories.catalogue(version=version) for version in (1, 2, 3))
    moment = clock.now()
    for unit, catalogue in ((survivor, both), (absorbed, both), (absorbed, theirs)):
        CatalogueTodo.objects.create(enterprise=unit, catalogue=catalogue, created_at=moment)
    CatalogueTodo.objects.create(
        enterprise=absorbed, catalogue=seen, created_at=moment, done_at=moment, end=TodoEnd.LOOKED
    )
    merge(survivor, absorbed)
    rows = CatalogueTodo.objects.order_by("catalogue").values_list("enterprise", "catalogue")
    assert sorted(rows) == sorted([(survivor.pk, both.pk), (survivor.pk, theirs.pk), (absorbed.pk, seen.pk)])
