"""Comparing the roster with a list from elsewhere, and settling what differs."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from enterprises.checks.matching import Entry
from enterprises.domain import settling
from enterprises.domain.joining import LooksLike, NewUnit
from enterprises.domain.leaving import disable_person
from enterprises.domain.reconciling import (
    KeptFile,
    ReadList,
    assign_headings,
    start_reconciliation,
    store_comparison,
)
from enterprises.domain.settling import Hand, Settled
from enterprises.domain.upkeep import RosterRefused
from enterprises.enums import Lifecycle, Role
from enterprises.models import Difference, Enterprise, Reconciliation
from enterprises.models.reconciliation import Bucket, Outcome
from enterprises.queries.reconciliation import counts_of, differences_for_user
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.domain.kept_files import keep_file
from riskreport.ground.imports.headings import remembered
from riskreport.ground.models import Event
from riskreport.ground.sheets import get_sheet
from tests import factories

pytestmark = pytest.mark.django_db
HUAQIAO, YUSHAN, YANGSHE = factories.HUAQIAO, factories.YUSHAN, factories.YANGSHE
FULL = {"name", "code", "town", "address", "category", "scale"}


@pytest.fixture
def keeper():
    factories.region()
    return factories.user(Role.KEEPER, of=factories.bureau())


def listed(*rows):
    """A list B of (values) rows, numbered from 2."""
    return ReadList([Entry(number, dict(row)) for number, row in enumerate(rows, 2)], set(FULL))


def compare(user, b, a=None, **asked):
    row = start_reconciliation(user=user, title="十月对账", b=KeptFile("x.csv", "市场监管.csv", "0" * 64), **asked)
    store_comparison(reconciliation_id=row.pk, user=user, b=b, a=a)
    row.refresh_from_db()
    return row


def values_of(unit, **changed):
    return {
        "name": unit.name,
        "code": unit.code,
        "town": unit.town_id,
        "address": unit.address,
        "category": unit.category_id,
        "scale": unit.scale,
    } | changed


def found(row, bucket):
    return list(row.differences.filter(bucket=bucket).order_by("pk"))


def hand(user, difference):
    difference.refresh_from_db()
    return Hand(user, difference.pk, difference.version)


def test_three_buckets_and_what_agrees(keeper):
    same, moved, missing = (factories.enterprise() for _number in range(3))
    row = compare(
        keeper,
        listed(
            values_of(same),
            values_of(moved, address="新址9号", town=YUSHAN),
            {"name": "新办护理站", "code": factories.credit_code(800001), "town": HUAQIAO},
        ),
    )
    assert row.counts == {"a": 3, "b": 3, "same": 1}
    assert [one.enterprise for one in found(row, Bucket.ONLY_A)] == [missing]
    assert [(one.name, one.enterprise, one.b_row) for one in found(row, Bucket.ONLY_B)] == [("新办护理站", None, 4)]
    differs = found(row, Bucket.DIFFERS)
    assert [(one.enterprise, one.fields) for one in differs] == [(moved, ["town", "address"])]
    assert differs[0].b["town_label"] == "玉山镇"
    assert Event.objects.filter(kind="reconciliation.compared", object_id=row.pk).count() == 1


def test_comparing_again_after_it_is_compared_changes_nothing(keeper):
    unit = factories.enterprise()
    row = compare(keeper, listed(values_of(unit, address="新址9号")))
    before = list(row.differences.values_list("pk", flat=True))
    store_comparison(reconciliation_id=row.pk, user=keeper, b=listed())
    assert list(row.differences.values_list("pk", flat=True)) == before


def test_the_roster_is_narrowed_by_category_and_area_and_the_rest_is_known(keeper):
    factories.enterprise(category_code="1402")
    inside = factories.enterprise(town=HUAQIAO)
    outside = factories.enterprise(town=YUSHAN)
    row = compare(keeper, listed(values_of(outside)), category_id="1401", area_id=HUAQIAO)
    assert [one.enterprise for one in found(row, Bucket.ONLY_A)] == [inside]
    assert found(row, Bucket.ONLY_B) == []
    assert row.counts == {"a": 1, "b": 1, "same": 1}


def test_a_code_of_another_area_looks_like_one_nobody_has(keeper):
    """Nothing may tell a keeper which codes stand on the roster elsewhere."""
    hidden = factories.enterprise(town=YANGSHE)
    other_line = factories.enterprise(category_code="1501")
    unknown = factories.credit_code(800002)
    rows = [{"name": "某院", "code": code, "town": HUAQIAO} for code in (hidden.code, other_line.code, unknown)]
    row = compare(keeper, listed(*rows))
    told = [
        (one.name, one.enterprise_id, one.near_id, one.a, one.fields, one.outcome) for one in found(row, Bucket.ONLY_B)
    ]
    assert told == [("某院", None, None, {}, [], "")] * 3
    from_file = compare(keeper, listed(*rows), a=listed())
    assert {one.enterprise_id for one in found(from_file, Bucket.ONLY_B)} == {None}


def test_a_department_sees_its_own_and_in_it_only_its_scope(keeper):
    unit = factories.enterprise()
    row = compare(keeper, listed())
    colleague = factories.user(Role.KEEPER, of=keeper.department)
    stranger = factories.user(Role.KEEPER, of=factories.bureau("civil", factories.ZHANGJIAGANG))
    office = factories.user(Role.OFFICE)
    assert differences_for_user(colleague).get().enterprise == unit
    assert not differences_for_user(stranger).exists()
    assert not differences_for_user(office).exists()
    with pytest.raises(Difference.DoesNotExist):
        settling.settle_by_reason(hand=hand(stranger, row.differences.get()), outcome=Outcome.KEPT)
    Enterprise.objects.filter(pk=unit.pk).update(town=YANGSHE)
    assert not differences_for_user(colleague).exists()
    assert counts_of(colleague, row.pk)["total"] == 0


def test_only_who_keeps_rosters_may_compare():
    with pytest.raises(Refused):
        start_reconciliation(user=factories.user(Role.REVIEWER), title="x", b=KeptFile("x.csv"))
    assert not Reconciliation.objects.exists()


def test_taking_over_writes_the_ticked_fields_through_the_roster(keeper):
    unit = factories.enterprise(name="旧名院")
    b = values_of(unit, name="新名院", address="新址9号", town=YUSHAN)
    difference = found(compare(keeper, listed(b)), Bucket.DIFFERS)[0]
    settled = settling.take_over(
        hand=hand(keeper, difference), on=clock.today(), reason="对账", fields=["name", "town"]
    )
    unit.refresh_from_db()
    assert (unit.name, unit.town_id, unit.address) == ("新名院", YUSHAN, values_of(unit)["address"])
    assert unit.address != "新址9号"
    assert (settled.outcome, settled.settled_by, settled.reason) == (Outcome.TAKEN_OVER, keeper, "对账")
    kinds = Event.objects.filter(enterprise_id=unit.pk).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["enterprise.changed", "enterprise.moved", "difference.settled"]
    with pytest.raises(Settled, match=keeper.name):
        settling.take_over(hand=hand(keeper, difference), on=clock.today(), reason="对账")


def test_taking_over_a_changed_entry_is_refused_and_writes_nothing(keeper):
    unit = factories.enterprise()
    difference = found(compare(keeper, listed(values_of(unit, address="新址9号"))), Bucket.DIFFERS)[0]
    Enterprise.objects.filter(pk=unit.pk).update(address="别人改过的地址")
    with pytest.raises(Settled):
        settling.take_over(hand=hand(keeper, difference), on=clock.today(), reason="对账")
    difference.refresh_from_db()
    unit.refresh_from_db()
    assert (difference.outcome, unit.address) == ("", "别人改过的地址")


def test_a_refusal_of_the_second_act_undoes_the_first(keeper):
    """A keeper may rename a unit and may not give it to another line: neither happens."""
    unit = factories.enterprise(name="旧名院")
    factories.category("1501")
    b = values_of(unit, name="新名院", category="1501")
    difference = found(compare(keeper, listed(b)), Bucket.DIFFERS)[0]
    with pytest.raises(RosterRefused):
        settling.take_over(hand=hand(keeper, difference), on=clock.today(), reason="对账")
    unit.refresh_from_db()
    difference.refresh_from_db()
    assert (unit.name, difference.outcome) == ("旧名院", "")


def test_a_temporary_code_is_replaced_and_a_credit_code_is_not(keeper):
    bare = factories.enterprise(
        name="无码院", credit_code=None, temporary_code="LS32058300001", no_code_reason="awaiting"
    )
    coded = factories.enterprise(name="有码院")
    codes = factories.credit_code(800003), factories.credit_code(800004)
    row = compare(keeper, listed(values_of(bare, code=codes[0]), values_of(coded, code=codes[1])))
    first, second = found(row, Bucket.DIFFERS)
    assert (first.fields, second.fields) == (["code"], ["code"])
    settling.take_over(hand=hand(keeper, first), on=clock.today(), reason="对账")
    bare.refresh_from_db()
    assert (bare.credit_code, bare.temporary_code) == (codes[0], None)
    with pytest.raises(RosterRefused, match=coded.credit_code):
        settling.take_over(hand=hand(keeper, second), on=clock.today(), reason="对账")


def test_a_unit_that_left_and_is_on_their_list_can_come_back(keeper):
    unit = factories.enterprise()
    gone = {"lifecycle": Lifecycle.CLOSED, "left_on": clock.today(), "lifecycle_on": clock.today()}
    Enterprise.objects.filter(pk=unit.pk).update(**gone)
    difference = found(compare(keeper, listed(values_of(unit))), Bucket.DIFFERS)[0]
    assert difference.fields == ["lifecycle"]
    settling.take_over(hand=hand(keeper, difference), on=clock.today(), reason="仍在经营")
    unit.refresh_from_db()
    assert (unit.lifecycle, unit.left_on) == (Lifecycle.ACTIVE, None)


def test_a_unit_their_list_does_not_name_leaves_with_day_and_reason(keeper):
    unit = factories.enterprise()
    difference = found(compare(keeper, listed()), Bucket.ONLY_A)[0]
    day = clock.today() - dt.timedelta(days=3)
    settling.mark_left(hand=hand(keeper, difference), on=day, reason="已注销", written_off=True)
    unit.refresh_from_db()
    assert (unit.lifecycle, unit.left_on, unit.left_reason) == (Lifecycle.WRITTEN_OFF, day, "已注销")
    difference.refresh_from_db()
    assert (difference.outcome, difference.reason) == (Outcome.LEFT, "已注销")


def new_unit(**changed):
    basic = {"address": "光明路800号"}
    named = {"name": "新办护理站", "town_id": HUAQIAO, "category_id": "1401", "scale": "none", "basic": basic}
    return NewUnit(joined_on=clock.today(), credit_code=factories.credit_code(800005), **named | changed)


def test_a_unit_of_their_list_is_added_once(keeper):
    factories.category("1401")
    difference = found(compare(keeper, listed({"name": "新办护理站"})), Bucket.ONLY_B)[0]
    settling.add_to_roster(hand=hand(keeper, difference), unit=new_unit(), reason="对账新增")
    added = Enterprise.objects.get(name="新办护理站")
    difference.refresh_from_db()
    assert (difference.outcome, difference.enterprise) == (Outcome.ADDED, added)
    with pytest.raises(Settled):
        settling.add_to_roster(hand=hand(keeper, difference), unit=new_unit(), reason="对账新增")
    assert Enterprise.objects.count() == 1


def test_adding_one_that_looks_like_another_asks_first(keeper):
    factories.category("1401")
    difference = found(compare(keeper, listed({"name": "新办护理站"})), Bucket.ONLY_B)[0]
    settling.add_to_roster(hand=hand(keeper, difference), unit=new_unit(), reason="对账新增")
    again = found(compare(keeper, listed({"name": "另一站"})), Bucket.ONLY_B)[0]
    twin = new_unit()
    twin = NewUnit(**{**twin.__dict__, "credit_code": factories.credit_code(800006)})
    with pytest.raises(LooksLike):
        settling.add_to_roster(hand=hand(keeper, again), unit=twin, reason="对账新增")
    settling.add_to_roster(hand=hand(keeper, again), unit=twin, reason="对账新增", not_the_same="两层楼两家")
    assert Enterprise.objects.count() == 2


def test_keeping_ours_needs_no_reason_and_explaining_does(keeper):
    unit = factories.enterprise()
    difference = found(compare(keeper, listed(values_of(unit, address="新址9号"))), Bucket.DIFFERS)[0]
    with pytest.raises(Refused, match=r"."):
        settling.settle_by_reason(hand=hand(keeper, difference), outcome=Outcome.EXPLAINED)
    settling.settle_by_reason(hand=hand(keeper, difference), outcome=Outcome.KEPT)
    assert counts_of(keeper, difference.reconciliation_id) == {"differs": 0, "total": 1, "open": 0, "settled": 1}
    settling.open_again(hand=hand(keeper, difference))
    settling.settle_by_reason(hand=hand(keeper, difference), outcome=Outcome.EXPLAINED, reason="分支机构")
    difference.refresh_from_db()
    assert (difference.outcome, difference.reason) == (Outcome.EXPLAINED, "分支机构")
    with pytest.raises(ValueError, match="taken_over"):
        settling.settle_by_reason(hand=hand(keeper, difference), outcome=Outcome.TAKEN_OVER)


def test_what_was_written_to_the_roster_is_not_opened_again(keeper):
    factories.enterprise()
    difference = found(compare(keeper, listed()), Bucket.ONLY_A)[0]
    settling.mark_left(hand=hand(keeper, difference), on=clock.today(), reason="已关闭")
    with pytest.raises(Settled):
        settling.open_again(hand=hand(keeper, difference))


def test_two_colleagues_do_not_settle_one_line_twice(keeper):
    unit = factories.enterprise()
    difference = found(compare(keeper, listed(values_of(unit, address="新址9号"))), Bucket.DIFFERS)[0]
    colleague = factories.user(Role.KEEPER, of=keeper.department)
    seen = hand(colleague, difference)
    settling.settle_by_reason(hand=hand(keeper, difference), outcome=Outcome.KEPT)
    with pytest.raises(Settled, match=keeper.name):
        settling.take_over(hand=seen, on=clock.today(), reason="对账")
    unit.refresh_from_db()
    assert unit.address != "新址9号"


def near_pair(keeper):
    unit = factories.enterprise(name="昆山市花桥镇光明颐养院")
    b = {"name": "昆山花桥镇光明颐养院", "town": YUSHAN, "address": "新址9号"}
    row = compare(keeper, listed(b))
    return unit, row, found(row, Bucket.ONLY_A)[0], found(row, Bucket.ONLY_B)[0]


def test_a_proposal_that_is_right_becomes_one_line_that_differs(keeper):
    unit, row, ours, theirs = near_pair(keeper)
    assert theirs.near == ours
    settling.pair(hand=hand(keeper, theirs))
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.outcome, theirs.outcome, theirs.bucket) == (Outcome.PAIRED, "", Bucket.DIFFERS)
    assert (theirs.enterprise, theirs.fields) == (unit, ["name", "town", "address"])
    assert counts_of(keeper, row.pk) == {"differs": 1, "only_a": 0, "total": 2, "open": 1, "settled": 1}


def test_a_proposal_that_is_wrong_is_dropped_and_a_settled_one_cannot_be_paired(keeper):
    _unit, _row, ours, theirs = near_pair(keeper)
    seen = hand(keeper, theirs)
    settling.settle_by_reason(hand=hand(keeper, ours), outcome=Outcome.KEPT)
    with pytest.raises(Settled):
        settling.pair(hand=seen)
    settling.drop_proposal(hand=hand(keeper, theirs))
    theirs.refresh_from_db()
    assert (theirs.near, theirs.outcome) == (None, "")


def test_two_files_are_compared_and_their_codes_name_units_of_the_scope(keeper):
    unit = factories.enterprise(name="本区院")
    a = listed(values_of(unit), {"name": "去年有今年无", "code": factories.credit_code(800007)})
    b = listed(values_of(unit, address="新址9号"))
    row = compare(keeper, b, a=a)
    differs, missing = found(row, Bucket.DIFFERS)[0], found(row, Bucket.ONLY_A)[0]
    assert (differs.enterprise, differs.a_row, missing.enterprise, missing.a_row) == (unit, 2, None, 3)
    with pytest.raises(Settled):
        settling.mark_left(hand=hand(keeper, missing), on=clock.today(), reason="已关闭")


CSV = "单位名称,统一社会信用代码,所属街道,住所,备注\n{}"


def kept(text, encoding="gb18030", name="名单.csv"):
    path, digest = keep_file(file=SimpleUploadedFile(name, text.encode(encoding)), folder="t", extension="csv")
    return KeptFile(path, name, digest)


def run(user, b, **asked):
    row = start_reconciliation(user=user, title="十月对账", b=b, **asked)
    run_job(job_id=row.job_id)
    row.refresh_from_db()
    return row


def test_a_file_with_headings_of_its_own_is_read_and_compared(keeper):
    unit = factories.enterprise(name="花桥颐养院")
    lines = [
        f"花桥颐养院,{unit.code.lower()},花桥镇,新址9号,x",
        "杨舍福利院,,杨舍镇,某路1号,x",
        "花桥护理站,91320583MA0000000X,未知镇,某路2号,x",
        ",,花桥镇,,x",
    ]
    row = run(keeper, kept(CSV.format("\n".join(lines))), category_id="1401")
    assert row.counts == {"a": 1, "b": 2, "same": 0}
    assert row.fields == ["name", "code", "town", "address"]
    assert [(one.name, one.fields) for one in found(row, Bucket.DIFFERS)] == [("花桥颐养院", ["address"])]
    assert [(one.name, one.b_row, one.town_id) for one in found(row, Bucket.ONLY_B)] == [("花桥护理站", 4, None)]
    assert [(side, number) for side, number, _text in row.remarks] == [("B", 4), ("B", 4), ("B", 5), ("B", 0)]
    assert "未知镇" in row.remarks[1][2]


def test_headings_nobody_knows_are_asked_about_and_remembered_with_those_of_imports(keeper):
    unit = factories.enterprise(name="花桥颐养院")
    text = f"机构,编码,街镇,法人电话\n花桥颐养院,{unit.code},花桥镇,13800000000"
    row = run(keeper, kept(text))
    assert (row.state, row.counts) == ("mapping", {})
    assert row.lists["b"]["asked"] == [0, 1, 3]
    assert row.lists["b"]["samples"] == [["花桥颐养院", unit.code, "花桥镇", "13800000000"]]
    columns = ["name", "credit_code", "town", ""]
    row = assign_headings(user=keeper, reconciliation_id=row.pk, columns={"b": columns})
    again = assign_headings(user=keeper, reconciliation_id=row.pk, columns={"b": columns})
    assert again.job_id == row.job_id
    run_job(job_id=row.job_id)
    row.refresh_from_db()
    assert (row.state, row.counts["same"]) == ("ready", 1)
    assert row.lists == {"b": {"headings": ["机构", "编码", "街镇", "法人电话"], "columns": columns}}
    memory = remembered(get_sheet("enterprises"), keeper.department_id)
    assert memory == {"机构": "name", "编码": "credit_code", "法人电话": ""}
    assert run(keeper, kept(text)).state == "ready"
    stranger = factories.user(Role.KEEPER, of=factories.bureau("religion"))
    assert run(stranger, kept(text)).state == "mapping"


@pytest.mark.parametrize(
    "columns", [[], ["name"], ["", "town", ""], ["name", "name", ""], ["nonsense", "name", ""], ["name", "code", ""]]
)
def test_columns_that_do_not_fit_are_refused_and_nothing_is_remembered(keeper, columns):
    row = run(keeper, kept("甲,乙,丙\n1,2,3"))
    with pytest.raises(Refused):
        assign_headings(user=keeper, reconciliation_id=row.pk, columns={"b": columns})
    row.refresh_from_db()
    assert row.state == "mapping"
    assert remembered(get_sheet("enterprises"), keeper.department_id) == {}


def test_headings_are_assigned_by_the_department_alone(keeper):
    row = run(keeper, kept("甲,乙\n1,2"))
    stranger = factories.user(Role.KEEPER, of=factories.bureau("religion"))
    with pytest.raises(Reconciliation.DoesNotExist):
        assign_headings(user=stranger, reconciliation_id=row.pk, columns={"b": ["name", ""]})
    reader = factories.user(Role.REVIEWER, of=keeper.department)
    with pytest.raises(Refused):
        assign_headings(user=reader, reconciliation_id=row.pk, columns={"b": ["name", ""]})


def test_both_files_are_asked_about_at_once_and_a_known_one_is_not(keeper):
    row = run(keeper, kept("甲,乙\n某院,2"), a=kept("机构,乙\n某院,2"))
    assert sorted(row.lists) == ["a", "b"]
    row = run(keeper, kept("甲,乙\n某院,2"), a=kept("单位名称\n某院"))
    assert sorted(row.lists) == ["b"]


def test_our_own_export_is_compared_without_a_question_and_its_code_column_counts(keeper):
    own = factories.enterprise(name="甲院", credit_code=None, temporary_code="LS32058300001", no_code_reason="venue")
    row = run(keeper, kept(f"名称,信用代码（临时代码）,行业领域\n乙院,{own.temporary_code},x"))
    assert [(one.enterprise, one.fields) for one in found(row, Bucket.DIFFERS)] == [(own, ["name"])]
    row = run(keeper, kept(f"名称,统一社会信用代码,临时代码\n甲院,,{own.temporary_code}"))
    assert row.counts["same"] == 1


def test_a_file_that_cannot_be_read_says_so_to_the_department(keeper):
    row = run(keeper, kept("单位名称"))
    assert row.state == "failed"
    row.job.refresh_from_db()
    assert (row.job.state, row.job.error) == ("failed", row.problem)


def settled_together(user, row, rows, settle, **options):
    hands = [Hand(user, one.pk, one.version) for one in rows]
    wanted = {"how": "close", "reason": "已注销"} | options
    return settling.settle_together(user=user, reconciliation_id=row.pk, hands=hands, settle=settle, **wanted)


def test_several_are_settled_as_one_act_and_what_is_refused_is_named_and_left(keeper):
    first, second, moved = (factories.enterprise() for _number in range(3))
    row = compare(keeper, listed())
    rows = found(row, Bucket.ONLY_A)
    factories.category("1501")
    Enterprise.objects.filter(pk=second.pk).update(category="1501")
    stale = Difference.objects.get(enterprise=moved)
    settling.settle_by_reason(hand=hand(keeper, stale), outcome=Outcome.KEPT)

    def close(one):
        return settling.mark_left(hand=one, on=clock.today(), reason="已注销")

    left = settled_together(keeper, row, rows, close)
    assert [number for number, _why in left] == [rows[1].pk, rows[2].pk]
    assert all(why for _number, why in left)
    assert [unit.lifecycle for unit in (first, second, moved) if not unit.refresh_from_db()] == [
        Lifecycle.CLOSED, Lifecycle.ACTIVE, Lifecycle.ACTIVE,
    ]  # fmt: skip
    event = Event.objects.get(kind="differences.settled_together")
    assert event.data == {"how": "close", "reason": "已注销", "settled": 1, "left": 2}
    assert [number for number, _why in settled_together(keeper, row, rows, close)] == [one.pk for one in rows]
    assert Event.objects.filter(kind="differences.settled_together").count() == 1


def test_open_comparisons_pass_on_when_their_owner_leaves(keeper):
    factories.enterprise()
    chief = factories.user(Role.REVIEWER, of=keeper.department, is_chief=True)
    heir = factories.user(Role.KEEPER, of=keeper.department)
    is_open, settled = compare(keeper, listed()), compare(keeper, listed())
    for one in settled.differences.all():
        settling.settle_by_reason(hand=hand(keeper, one), outcome=Outcome.KEPT)
    waiting = run(keeper, kept("甲,乙\n1,2"))
    handed = disable_person(user=chief, person_id=keeper.pk, heir_id=heir.pk)
    assert handed["reconciliations"] == 2
    for row in (is_open, settled, waiting):
        row.refresh_from_db()
    assert [row.created_by for row in (is_open, settled, waiting)] == [heir, keeper, heir]


def test_who_keeps_no_roster_any_more_gets_no_comparison(keeper):
    factories.enterprise()
    row = start_reconciliation(user=keeper, title="十月对账", b=kept(CSV.format("某院,,,,")))
    type(keeper).objects.filter(pk=keeper.pk).update(role=Role.REVIEWER)
    run_job(job_id=row.job_id)
    row.refresh_from_db()
    assert not row.differences.exists()
    assert row.state == "failed"
