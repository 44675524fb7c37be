"""How the headings of a file are recognised: the sheet's own names, the words of lists from elsewhere, the memory."""

import pytest
from django.urls import get_resolver

from enterprises.enums import Role
from riskreport.ground.imports.headings import known_headings, match, remember, remembered
from riskreport.ground.models import HeadingMemory
from riskreport.ground.reader.cells import heading_key
from riskreport.ground.sheets import get_sheet, sheet_names
from tests import factories
from tests.ground.imports.hostile import line
from tests.imports import problems, send, take, workbook

get_resolver().url_patterns  # noqa: B018  every sheet is made known by the pages that show it
IMPORTED = [name for name in sheet_names() if get_sheet(name).importer]

# What the lists of civil affairs, religious affairs and industry offices say over their columns.
SAID = {
    "enterprises": {
        "name": ["单位全称", "养老机构名称", "宗教活动场所名称", "*企业名称（与执照一致）", "单位名称：", "1.单位名称"],
        "credit_code": ["统一社会信用代码（18位）", "统一社会信用代码/证号", "信用代码（必填）"],
        "county": ["所在区县", "区县", "县（市、区）", "县(市、区)", "所属县（市、区）", "区/县", "板块"],
        "town": ["镇（街道）", "镇(街道)", "乡镇街道", "乡镇（街道）", "乡镇/街道"],
        "address": ["详细地址", "生产经营地址", "场所地址", "住所（经营场所）", "地址（具体到门牌号）"],
        "principal": ["主要负责人姓名", "院长", "场所负责人", "负责人"],
        "principal_phone": ["联系电话", "负责人（电话）", "主要负责人（联系电话）", "手机号码"],
        "legal": ["法人", "法定代表人（负责人）", "法定代表人姓名"],
        "phone": ["安全员联系电话", "安全管理人员手机"],
        "employees": ["从业人员数量（人）", "职工总数", "从业人数（名）"],
        "scale": ["规上/规下", "规模类型"],
        "joined": ["纳入时间", "列入日期（年月日）", "纳入日期（如2021-10-01）"],
        "trade_code": ["行业代码（GB/T4754）", "国民经济行业代码"],
    },
    "risks": {
        "name": ["较大以上风险名称"], "code": ["统一社会信用代码"], "place": ["场所/部位/环节", "所在位置"],
        "accident": ["可能导致的事故类型"], "person": ["管控责任人"], "phone": ["责任人联系电话"],
        "measures": ["主要管控措施"],
    },
    "filings": {"unit": ["企业名称"], "code": ["统一社会信用代码（18位）"], "campaign": ["任务名称"]},
    "catalogue_items": {"name": ["风险名称"], "accidents": ["可能导致的事故类型"], "emergency": ["应急措施"]},
    "people": {"account": ["用户名"], "phone": ["手机号码"], "post": ["岗位"]},
    "departments": {"name": ["部门名称"], "phone": ["办公电话"]},
}  # fmt: skip
# Alike to the eye, and something else.
ELSE = ["企业规模", "机构类别", "注册资本", "成立日期", "经营范围", "联系人", "床位数（张）", "教别"]


@pytest.mark.parametrize(
    ("sheet", "column", "heading"),
    [(sheet, column, one) for sheet, said in SAID.items() for column, words in said.items() for one in words],
)
def test_a_heading_of_a_real_list_is_recognised(sheet, column, heading):
    assert [one.column for one in match(get_sheet(sheet), [heading], {})] == [column]


@pytest.mark.parametrize("heading", ELSE)
def test_a_heading_that_may_mean_something_else_is_asked_about(heading):
    assert match(get_sheet("enterprises"), [heading], {})[0].column == ""


@pytest.mark.parametrize("name", IMPORTED)
def test_no_word_stands_for_two_columns(name):
    sheet = get_sheet(name)
    known = known_headings(sheet)
    lost = [(column.key, alias) for column in sheet.imported for alias in column.aliases
            if known[heading_key(alias)] != column.key]  # fmt: skip
    assert lost == []


def test_of_two_headings_for_one_column_the_better_known_counts():
    found = match(get_sheet("enterprises"), ["注册地址", "实际经营地址", "联系电话", "负责人电话"], {})
    assert [one.column for one in found] == ["", "address", "", "principal_phone"]
    assert [one.is_double for one in found] == [True, False, True, False]
    own = match(get_sheet("enterprises"), ["注册地址", "实际经营地址"], {"注册地址": "address"})
    assert [one.column for one in own] == ["address", ""]


@pytest.mark.django_db
def test_what_is_left_out_is_asked_about_once_and_what_is_usual_again_is_forgotten():
    sheet = get_sheet("enterprises")
    known, heads = known_headings(sheet), ["单位名称", "注册资本", "院名"]
    remember(sheet, 7, heads, ["name", "", "town"], known)
    assert remembered(sheet, 7) == {"注册资本": "", "院名": "town"}
    remember(sheet, 7, heads, ["", "", "name"], known)
    assert remembered(sheet, 7) == {"单位名称": "", "注册资本": "", "院名": "name"}
    remember(sheet, 7, heads, ["name", "", "name"], known)
    assert remembered(sheet, 7) == {"注册资本": "", "院名": "name"}
    assert remembered(sheet, 8) == {}


@pytest.mark.django_db
def test_people_without_a_department_share_no_memory():
    sheet = get_sheet("risks")
    remember(sheet, None, ["叫法"], ["name"], known_headings(sheet))
    assert not HeadingMemory.objects.exists()
    HeadingMemory.objects.create(sheet="risks", home=0, heading="叫法", column="name")
    assert remembered(sheet, None) == {}


@pytest.mark.django_db
def test_a_memory_of_a_column_that_is_no_more_is_not_followed():
    HeadingMemory.objects.create(sheet="enterprises", home=7, heading="院名", column="gone")
    assert remembered(get_sheet("enterprises"), 7) == {}


@pytest.mark.django_db
def test_a_list_of_an_office_comes_in_without_a_question():
    factories.category("1401")
    factories.region()
    keeper = factories.user(Role.KEEPER, of=factories.bureau("civil"))
    head = ["养老机构名称", "统一社会信用代码（18位）", "行业类别", "镇（街道）", "详细地址（具体到门牌号）",
            "从业人员（人）", "纳入时间（如2021-10-01）"]  # fmt: skip
    batch = send("enterprises", keeper, workbook([["2021年底数清单"], head, line()]))
    assert problems(batch) == []
    assert batch.state == "preview"
    assert take(batch, keeper).counts["applied"] == {"new": 1}
