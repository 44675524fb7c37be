"""Sectors, lines and categories kept by the office: added with their bureaus, renamed for good, retired with a day."""

import datetime as dt

import pytest

from enterprises.domain.reference import load_enterprise_reference
from enterprises.domain.taxonomy import (
    add_line,
    add_sector,
    rename_sector,
    retire_category,
    retire_sector,
    save_category,
)
from enterprises.enums import DepartmentKind, Role
from enterprises.models import Category, Department, Line, Sector
from enterprises.queries.taxonomy import categories_in_force, sectors_in_force
from review.domain.campaigns import CampaignRefused, create_campaign
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
NEW_LINE = {"key": "forestry", "name": "林业局", "name_en": "Forestry Bureau", "short_name": "林业局"}
RANKS = {"principal": "场长", "deputy": "副场长", "middle": "科长", "staff": "职工", "en": {}}


@pytest.fixture
def office():
    return factories.user(Role.OFFICE)


def category_values(lead="civil", name="林场"):
    return {"name": name, "name_en": "", "lead_id": lead, "rank_map": RANKS}


def test_a_new_line_gets_a_bureau_at_the_city_and_in_each_county(office):
    factories.region()
    add_line(user=office, **NEW_LINE)
    rows = Department.objects.filter(line="forestry").order_by("region")
    assert [(row.code, row.name, row.level) for row in rows] == [
        ("forestry-320500", "苏州市林业局", "city"),
        ("forestry-320582", "张家港林业局", "county"),
        ("forestry-320583", "昆山林业局", "county"),
    ]
    assert {row.kind for row in rows} == {DepartmentKind.BUREAU}
    assert [list(row.areas.values_list("code", flat=True)) for row in rows] == [[320500], [320582], [320583]]
    with pytest.raises(Refused, match="forestry"):
        add_line(user=office, **NEW_LINE)
    assert Department.objects.filter(line="forestry").count() == 3


def test_a_sector_takes_a_line_there_is_or_a_new_one_and_all_or_nothing(office):
    factories.region()
    own = add_sector(user=office, code="18", name="林业", name_en="Forestry", lead=None, new_line=NEW_LINE)
    led = add_sector(user=office, code="19", name="殡葬", name_en="", lead=factories.line("civil"))
    assert (own.lead_id, led.lead_id, own.is_key) == ("forestry", "civil", True)
    with pytest.raises(Refused, match="18"):
        add_sector(user=office, code="18", name="又一个", name_en="", lead=None, new_line=NEW_LINE | {"key": "other"})
    assert not Line.objects.filter(pk="other").exists()


def save(office, code="1409", *, co_leads=(), is_new=True, **values):
    return save_category(
        user=office,
        sector=factories.sector("14"),
        code=code,
        values=category_values(**values),
        co_leads=co_leads,
        is_new=is_new,
    )


def test_a_category_belongs_to_its_sector_by_code(office):
    factories.line("fire")
    row = save(office, co_leads=["fire", "civil"])
    assert list(row.co_leads.values_list("key", flat=True)) == ["fire"]
    for code in ("1409", "1501"):
        with pytest.raises(Refused):
            save(office, code)
    assert Category.objects.count() == 1


def test_saving_what_stands_changes_nothing_and_a_change_is_told_with_old_and_new(office):
    save(office)
    save(office, is_new=False)
    assert not Event.objects.filter(kind="taxonomy.category_changed").exists()
    save(office, name="苗圃", is_new=False)
    event = Event.objects.get(kind="taxonomy.category_changed")
    assert (event.data["old"]["name"], event.data["new"]["name"]) == ("林场", "苗圃")


def test_what_the_office_changed_is_not_taken_back_by_the_shipped_rows(office):
    load_enterprise_reference()
    shipped = Category.objects.get(pk="1401")
    rename_sector(user=office, code="14", name="养老与救助", name_en="Care and relief")
    values = {"name": "养老院", "name_en": "", "lead_id": "civil", "rank_map": shipped.rank_map}
    save_category(user=office, sector=shipped.sector, code="1401", values=values, co_leads=["market"], is_new=False)
    day = clock.today()
    retire_category(user=office, code="1402", on=day)
    done = load_enterprise_reference()
    assert not any(tally.touched for tally in done.values())
    assert Sector.objects.get(pk="14").name == "养老与救助"
    kept = Category.objects.get(pk="1401")
    assert (kept.name, list(kept.co_leads.values_list("key", flat=True))) == ("养老院", ["market"])
    assert Category.objects.get(pk="1402").retired_on == day
    assert Sector.objects.get(pk="15").name == "民族宗教"


def test_what_is_retired_is_offered_for_nothing_new_from_that_day(office):
    factories.category("1401")
    factories.category("1402")
    factories.category("1501")
    today = clock.today()
    with pytest.raises(Refused):
        retire_category(user=office, code="1402", on=today - dt.timedelta(days=1))
    retire_category(user=office, code="1402", on=today + dt.timedelta(days=2))
    assert [row.pk for row in categories_in_force()] == ["1401", "1402", "1501"]
    assert [row.pk for row in categories_in_force(today + dt.timedelta(days=2))] == ["1401", "1501"]
    retire_sector(user=office, code="14", on=today)
    assert [row.pk for row in categories_in_force()] == ["1501"]
    assert [row.pk for row in sectors_in_force()] == ["15"]
    days = {"opens_on": today, "due_on": today + dt.timedelta(days=30)}
    with pytest.raises(CampaignRefused, match="1401"):
        create_campaign(user=office, code="new", name="新任务", categories=["1401", "1501"], **days)
    retire_sector(user=office, code="14", on=None)
    create_campaign(user=office, code="new", name="新任务", categories=["1401", "1501"], **days)
