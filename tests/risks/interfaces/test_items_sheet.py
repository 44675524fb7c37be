"""Items of drafts from a sheet: what is exported comes back unchanged, new and changed rows become items."""

import json

import pytest
from django.core.management import call_command
from django.http import QueryDict

from enterprises.enums import Role
from enterprises.models import Category
from riskreport.ground.sheets import get_sheet
from riskreport.ground.sheets.selection import Selection
from risks.domain.drafts import open_draft
from risks.enums import CatalogueState, MeasureClass
from risks.models import Catalogue, CatalogueItem
from risks.queries.drafts import content_of
from tests import factories
from tests.imports import problems, send, take_in, undo, workbook

pytestmark = pytest.mark.django_db
SHEET = "catalogue_items"


@pytest.fixture
def keeper():
    return factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY))


@pytest.fixture
def draft(keeper):
    factories.catalogue()
    return open_draft(key="civil", user=keeper)


def exported(user) -> list[list]:
    """The rows a person would find in the workbook with every column, headings first."""
    sheet = get_sheet(SHEET)
    selection = Selection(sheet, user, QueryDict("cols=" + ",".join(sheet.by_key)), {})
    columns = selection.columns
    readers = [column.reader() for column in columns]
    rows = [[_cell(read(row)) for read in readers] for row in selection.full_rows.order_by("catalogue", "order")]
    return [[str(column.heading) for column in columns], *rows]


def _cell(value) -> str:
    return "" if value is None else str(value)


def column(rows, key) -> int:
    return rows[0].index(str(get_sheet(SHEET).by_key[key].heading))


def test_the_sheet_says_names_beside_codes(keeper, draft):
    rows = exported(keeper)
    assert rows[1][column(rows, "catalogue")] == f"{draft.title}（civil）"
    assert rows[1][column(rows, "categories")].split("\n")[0] == "1401 养老机构"


@pytest.mark.parametrize("written", ["civil", "民政目录（civil）", "Civil affairs (civil)"])
def test_a_catalogue_is_named_by_its_short_name_alone_or_behind_its_name(keeper, draft, written):
    rows = exported(keeper)
    for row in rows[1:]:
        row[column(rows, "catalogue")] = written
    assert send(SHEET, keeper, workbook(rows)).counts["same"] == 3


def test_a_category_whose_name_holds_a_separator_stays_whole(keeper, draft):
    Category.objects.filter(pk="1401").update(name="养老、托育机构")
    rows = exported(keeper)
    assert "1401 养老、托育机构" in rows[1][column(rows, "categories")]
    assert send(SHEET, keeper, workbook(rows)).counts["same"] == 3


def test_exporting_and_taking_in_again_changes_nothing(keeper, draft):
    before = content_of(Catalogue.objects.get(pk=draft.pk))
    batch = send(SHEET, keeper, workbook(exported(keeper)))
    assert problems(batch) == []
    assert {key: batch.counts.get(key, 0) for key in ("new", "changed", "same")} == {"new": 0, "changed": 0, "same": 3}
    assert content_of(Catalogue.objects.get(pk=draft.pk)) == before


def test_the_shipped_catalogues_survive_it_too(keeper):
    call_command("load_reference", verbosity=0)
    office = factories.user(Role.OFFICE)
    for key in ("civil", "religion", "transport", "industry"):
        open_draft(key=key, user=office)
    batch = send(SHEET, office, workbook(exported(office)))
    assert problems(batch) == []
    assert (batch.counts.get("changed", 0), batch.counts.get("new", 0)) == (0, 0)
    assert batch.counts["same"] == CatalogueItem.objects.filter(catalogue__state=CatalogueState.DRAFT).count()


def test_changed_and_new_rows_become_items_and_can_be_undone(keeper, draft):
    rows = exported(keeper)
    place, code, name = (column(rows, key) for key in ("place", "code", "name"))
    rows[1][place] = "新场所"
    rows[1][column(rows, "categories")] = "1402"
    rows[1][column(rows, "engineering")] = "加装报警\n更换线路"
    fresh = list(rows[3])
    fresh[code], fresh[name], fresh[column(rows, "group")] = "MZ-09", "新增风险", "消防"
    fresh[column(rows, "accidents")] = "08 火灾"
    before = Catalogue.objects.get(pk=draft.pk)
    batch = take_in(SHEET, keeper, workbook([*rows, fresh]))
    assert batch.state == "applied", (problems(batch), batch.job.error)
    first, new = draft.items.get(code="MZ-01"), draft.items.get(code="MZ-09")
    assert (first.place, first.measures["engineering"], first.edit_version) == ("新场所", ["加装报警", "更换线路"], 2)
    assert first.measures["management"] == ["每日巡查"]
    assert [row.pk for row in first.categories.all()] == ["1402"]
    assert (new.name, new.group, new.order, new.accident_types) == ("新增风险", "fire", 4, ["08"])
    assert new.look_for == ["看通道", "看标志"]
    assert set(new.measures) == set(MeasureClass.values)
    assert Catalogue.objects.get(pk=draft.pk).edit_version == before.edit_version + 1
    undo(batch, keeper)
    assert not draft.items.filter(code="MZ-09").exists()
    assert draft.items.get(code="MZ-01").place == "住宿楼"


def test_what_cannot_be_is_named_with_what_is_wanted(keeper, draft):
    rows = exported(keeper)
    rows[1][column(rows, "group")] = "没有这组"
    rows[2][column(rows, "categories")] = "9999"
    rows[3][column(rows, "catalogue")] = "religion"
    batch = send(SHEET, keeper, workbook(rows))
    assert [found for _cell, found, _wanted in problems(batch)] == ["没有这组", "9999", "religion"]
    assert batch.counts["wrong"] == 3


def test_another_lines_draft_and_a_published_version_are_not_written(keeper, draft):
    office = factories.user(Role.OFFICE)
    factories.catalogue("religion", categories=("1501",), prefix="ZJ")
    open_draft(key="religion", user=office)
    rows = exported(office)
    assert len(rows) == 7
    batch = send(SHEET, keeper, workbook(rows))
    assert batch.counts["same"] == 3
    assert {found.rpartition("（")[2] for _cell, found, _wanted in problems(batch)} == {"religion）"}
    published = Catalogue.objects.get(key="civil", state=CatalogueState.PUBLISHED)
    assert json.dumps(content_of(published)["items"]) == json.dumps(content_of(draft)["items"])
