"""Regions, the taxonomy and the departments as shipped."""

import pytest

from enterprises.domain.reference import departments_by_rule, load_enterprise_reference, read_data
from enterprises.enums import DepartmentKind, RegionLevel
from enterprises.models import Category, Department, Line, Region, Sector
from riskreport.ground.models import Event

pytestmark = pytest.mark.django_db
CITY = 320500
COUNTIES_AS_READ = ["张家港", "常熟", "太仓", "昆山", "吴江", "吴中", "相城", "姑苏", "园区", "高新区"]


@pytest.fixture
def reference(db):
    return load_enterprise_reference()


def test_the_regions_are_one_city_ten_counties_and_118_towns(reference):
    levels = list(Region.objects.values_list("level", flat=True))
    assert [levels.count(level) for level in RegionLevel.values] == [1, 10, 118]


def test_the_counties_come_in_the_order_the_city_reads_its_boards(reference):
    counties = Region.objects.filter(level=RegionLevel.COUNTY)
    assert [county.display_name for county in counties] == COUNTIES_AS_READ


def test_all_regions_read_in_order_put_each_town_under_its_county(reference):
    county = None
    for region in Region.objects.exclude(level=RegionLevel.CITY):
        if region.level == RegionLevel.COUNTY:
            county = region
        assert region.level == RegionLevel.COUNTY or region.parent_id == county.code


def test_a_region_bounds_the_towns_below_it_and_no_other(reference):
    towns = set(Region.objects.filter(level=RegionLevel.TOWN).values_list("code", flat=True))
    city = Region.objects.get(code=CITY)
    assert city.bounds == (320500000, 320599999)
    for county in Region.objects.filter(level=RegionLevel.COUNTY):
        low, high = county.bounds
        children = set(county.children.values_list("code", flat=True))
        assert {code for code in towns if low <= code <= high} == children
    assert all(
        low == high == code
        for code, low, high in Region.objects.filter(code__in=towns).values_list("code", "low", "high")
    )


def test_every_region_has_a_display_name_of_its_own_and_an_english_one(reference):
    assert len(set(Region.objects.values_list("display_name", flat=True))) == 129
    assert not Region.objects.filter(name_en="").exists()


def test_there_are_17_key_sectors_with_38_categories_and_industry_stands_apart(reference):
    key = Sector.objects.filter(is_key=True)
    assert sorted(key.values_list("code", flat=True)) == [f"{number:02}" for number in range(1, 18)]
    assert Category.objects.filter(sector__is_key=True).count() == 38
    industry = Sector.objects.get(code="00")
    assert (industry.is_key, industry.lead_id) == (False, "emergency")
    assert industry.categories.count() == 8


def test_the_pilots_are_the_sectors_led_by_civil_affairs_religion_and_transport(reference):
    pilots = Sector.objects.filter(is_pilot=True)
    assert set(pilots.values_list("code", flat=True)) == {"01", "02", "03", "14", "15"}


def test_no_category_has_its_lead_among_its_co_leads(reference):
    assert not [c.code for c in Category.objects.prefetch_related("co_leads") if c.lead in c.co_leads.all()]


def test_every_category_names_the_posts_of_every_rank_in_both_languages(reference):
    ranks = {"principal", "deputy", "middle", "staff"}
    for category in Category.objects.all():
        assert set(category.rank_map) == ranks | {"en"}
        assert set(category.rank_map["en"]) == ranks
        assert all(category.rank_map[rank] and category.rank_map["en"][rank] for rank in ranks)
    assert Category.objects.get(code="1401").rank_map["deputy"] == "副院长"


def test_every_category_has_a_lead_department_at_the_city_and_in_each_county(reference):
    offices = set(Department.objects.filter(kind=DepartmentKind.BUREAU).values_list("line_id", "region_id", "level"))
    counties = list(Region.objects.filter(level=RegionLevel.COUNTY).values_list("code", flat=True))
    assert len(counties) == 10
    for line in Category.objects.values_list("lead_id", flat=True).distinct():
        assert (line, CITY, "city") in offices
        assert {(line, county, "county") for county in counties} <= offices


def test_a_bureau_goes_by_the_name_people_call_it(reference):
    named = {office.code: (office.name, office.short_name) for office in Department.objects.all()}
    assert named["civil-320500"] == ("苏州市民政局", "市民政局")
    assert named["civil-320583"] == ("昆山市民政局", "昆山市民政局")
    assert named["civil-320576"] == ("苏州工业园区民政局", "园区民政局")
    assert named["fire-320505"] == ("虎丘区消防救援大队", "高新区消防大队")
    assert named["committee-320500"] == ("苏州市安全生产委员会办公室", "苏州市安委办")
    assert named["safety-320505001"] == ("横塘街道安全生产监督管理办公室", "横塘街道安监办")


def test_department_codes_and_names_are_each_used_once(reference):
    rows = list(Department.objects.values_list("code", "name", "short_name", "name_en"))
    assert len(rows) == 15 * 11 + 108 + 11 + 10 + 2
    for column in zip(*rows, strict=True):
        assert len(set(column)) == len(rows)


def test_a_unit_without_a_safety_office_gets_none_and_the_others_do(reference):
    towns = [region for region in read_data("regions.json")["regions"] if region["level"] == "town"]
    without = {town["code"] for town in towns if not town["has_safety_office"]}
    assert {320505405, 320505408, 320506400, 320581407} <= without
    offices = Department.objects.filter(kind=DepartmentKind.TOWNSHIP)
    assert set(offices.values_list("region_id", flat=True)) == {town["code"] for town in towns} - without


def test_ten_inspection_groups_watch_every_county(reference):
    groups = Department.objects.filter(kind=DepartmentKind.INSPECTION).prefetch_related("areas")
    assert [group.code for group in groups] == [f"inspection-{number:02}" for number in range(1, 11)]
    watched = [{area.code for area in group.areas.all()} for group in groups]
    assert {len(areas) for areas in watched} == {1, 2}
    assert set().union(*watched) == set(Region.objects.filter(level=RegionLevel.COUNTY).values_list("code", flat=True))


def test_an_office_other_than_an_inspection_group_handles_its_own_region(reference):
    others = Department.objects.exclude(kind=DepartmentKind.INSPECTION).prefetch_related("areas")
    assert all([area.code for area in office.areas.all()] == [office.region_id] for office in others)


def test_a_second_load_writes_nothing_and_records_nothing(reference):
    before = Event.objects.count()
    done = load_enterprise_reference()
    assert not any(tally.touched for tally in done.values())
    assert Event.objects.count() == before == 1


def test_a_load_mends_what_differs_and_leaves_what_the_city_added(reference):
    Region.objects.filter(code=320583).update(display_name="昆")
    Department.objects.filter(code="civil-320583").update(phone="0512-1234")
    Line.objects.create(key="tobacco", name="烟草专卖局", order=16)
    Department.objects.get(code="inspection-01").areas.set([320583])
    done = load_enterprise_reference()
    assert {kind: tally.changed for kind, tally in done.items() if tally.touched} == {"regions": 1, "departments": 1}
    assert Region.objects.get(code=320583).display_name == "昆山"
    assert Department.objects.get(code="civil-320583").phone == "0512-1234"
    assert Line.objects.filter(key="tobacco").exists()
    assert list(Department.objects.get(code="inspection-01").areas.values_list("code", flat=True)) == [320582]


def test_a_new_line_gets_an_office_at_the_city_and_in_each_county():
    taxonomy = {"lines": [{"key": "post", "name": "邮政管理局", "name_en": "Postal Bureau", "short_name": "邮政局"}]}
    rule = {"bureaus": {"levels": ["city", "county"]}, "offices": [], "inspection_groups": []}
    offices = departments_by_rule(rule, taxonomy, read_data("regions.json")["regions"])
    assert len(offices) == 11
    assert {office["line_id"] for office in offices} == {"post"}
