"""The roster of enterprises from a file."""

import pytest

from enterprises.enums import ContactKind, Role
from enterprises.models import Contact, Enterprise
from riskreport.ground.models import EventLine
from tests import factories
from tests.imports import problems, send, take, take_in, undo, workbook

pytestmark = pytest.mark.django_db
HEAD = [
    "单位名称",
    "统一社会信用代码",
    "类别",
    "所属镇街",
    "地址",
    "主要负责人",
    "主要负责人联系电话",
    "从业人员",
    "其他类别",
]


@pytest.fixture
def keeper():
    factories.category("1401")
    factories.category("1402")
    factories.category("0001")
    return factories.user(Role.KEEPER, of=factories.bureau("civil"))


def code(number: int) -> str:
    return factories.credit_code(number)


def row(number: int, **changes) -> list:
    values = {
        "name": f"昆山第{number}养老院",
        "code": code(number),
        "category": "养老机构",
        "town": "花桥镇",
        "address": f"光明路{number}号",
        "principal": "钱丽华",
        "phone": "13812345678",
        "employees": 35,
        "further": "工业企业",
    }
    return list((values | changes).values())


@pytest.mark.parametrize(
    ("county", "named"),
    [("昆山", {"玉山镇", "花桥镇"}), ("张家港", {"杨舍镇"}), ("", {"玉山镇", "花桥镇", "杨舍镇"})],
)
def test_an_unknown_town_is_answered_with_towns_of_the_rows_own_county(county, named):
    factories.category("1401")
    office = factories.user(Role.OFFICE)
    content = workbook([[*HEAD, "区县"], [*row(1, town="无此镇", further=""), county]])
    ((cell, found, wanted),) = problems(send("enterprises", office, content))
    assert (cell, found) == ("D2", "无此镇")
    assert {town for town in ("玉山镇", "花桥镇", "杨舍镇") if town in wanted} == named


def test_a_file_becomes_units_with_their_people_and_further_categories(keeper):
    batch = send("enterprises", keeper, workbook([HEAD, row(1), row(2)]))
    assert (batch.state, batch.counts["new"], problems(batch)) == ("preview", 2, [])
    batch = take(batch, keeper)
    assert batch.state == "applied", batch.job.error
    unit = Enterprise.objects.get(credit_code=code(1))
    assert (unit.name, unit.town_id, unit.category_id, unit.address) == (
        "昆山第1养老院",
        factories.HUAQIAO,
        "1401",
        "光明路1号",
    )
    assert unit.profile == {"employees": "35"}
    assert [(one.kind, one.name, one.phone) for one in unit.contacts.all()] == [("principal", "钱丽华", "13812345678")]
    assert [link.category_id for link in unit.category_links.all()] == ["0001"]
    assert EventLine.objects.filter(event=batch.event).count() == 2
    again = send("enterprises", keeper, workbook([HEAD, row(1), row(2)]))
    assert again.counts["same"] == 2


def test_a_change_is_shown_field_by_field_and_can_be_undone(keeper):
    take_in("enterprises", keeper, workbook([HEAD, row(1), row(2)]))
    batch = send(
        "enterprises", keeper, workbook([HEAD, row(1, town="玉山镇", phone="13900000000", further=""), row(2)])
    )
    changed = batch.rows.get(state="changed")
    assert changed.old == {"town": factories.HUAQIAO, "principal_phone": "13812345678", "further": ["0001"]}
    assert changed.values == {"town": factories.YUSHAN, "principal_phone": "13900000000", "further": []}
    take(batch, keeper)
    unit = Enterprise.objects.get(credit_code=code(1))
    assert (unit.town_id, unit.version) == (factories.YUSHAN, 2)
    assert Contact.objects.get(enterprise=unit, kind=ContactKind.PRINCIPAL).phone == "13900000000"
    assert not unit.category_links.exists()
    batch = undo(batch, keeper)
    assert batch.state == "undone", batch.job.error
    unit.refresh_from_db()
    assert unit.town_id == factories.HUAQIAO
    assert unit.category_links.get().category_id == "0001"
    assert Contact.objects.get(enterprise=unit, kind=ContactKind.PRINCIPAL).phone == "13812345678"


def test_undoing_a_first_import_takes_its_units_away(keeper):
    batch = take_in("enterprises", keeper, workbook([HEAD, row(1), row(2)]))
    assert undo(batch, keeper).state == "undone"
    assert not Enterprise.objects.exists()


def test_a_unit_without_a_code_gets_a_temporary_one_and_later_its_credit_code(keeper):
    head = [*HEAD, "无信用代码原因"]
    reason = factories.Enterprise._meta.get_field("no_code_reason").choices[1][1]
    take_in("enterprises", keeper, workbook([head, [*row(1, code=""), str(reason)]]))
    unit = Enterprise.objects.get()
    assert unit.temporary_code.startswith("LS320583")
    assert take_in("enterprises", keeper, workbook([HEAD, row(1)])).counts["applied"] == {"changed": 1}
    unit.refresh_from_db()
    assert (unit.credit_code, unit.temporary_code, unit.no_code_reason) == (code(1), None, "")


def test_a_later_key_joins_no_unit_of_another_code(keeper):
    take_in("enterprises", keeper, workbook([HEAD, row(1)]))
    batch = send("enterprises", keeper, workbook([HEAD, row(2, name="昆山第1养老院")]))
    assert batch.counts["new"] == 1
    same = send("enterprises", keeper, workbook([HEAD, row(2, name="昆山第1养老院", code="", address="光明路1号")]))
    assert same.counts["same"] == 1
