"""The roster of enterprises: scoped, filtered, sorted, paged, in the address; and what every list page gets from it."""

import pytest
from django.urls import reverse

from enterprises.enums import ContactKind, DepartmentKind, Lifecycle, Role, Scale
from enterprises.models import Contact
from riskreport.ground.sheets import paging
from riskreport.ground.ui import list_page
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/enterprises/"


@pytest.fixture
def office(client):
    person = factories.user(Role.OFFICE)
    client.force_login(person)
    return person


def names(answer) -> list[str]:
    return [row.name for row in answer.context["list"].page.rows]


@pytest.mark.parametrize("count", [1, 3])
def test_the_roster_asks_as_often_for_three_as_for_one(client, office, django_assert_num_queries, count):
    for _number in range(count):
        unit = factories.enterprise()
        Contact.objects.create(enterprise=unit, kind=ContactKind.SAFETY, name="孙建国", phone="13987654321")
    client.get(URL)
    with django_assert_num_queries(9):
        answer = client.get(URL)
    assert len(names(answer)) == count


def test_the_roster_shows_the_scope_and_nothing_else(client):
    civil, relief = factories.enterprise(), factories.enterprise(category_code="1402")
    other_line = factories.enterprise(category_code="1501")
    other_county = factories.enterprise(town=factories.YANGSHE)
    seen = {
        factories.bureau("civil"): {civil.name, relief.name},
        factories.bureau("religion"): {other_line.name},
        factories.township(): {civil.name, relief.name, other_line.name},
        factories.office(factories.ZHANGJIAGANG): {other_county.name},
        factories.office(): {civil.name, relief.name, other_line.name, other_county.name},
    }
    for department, expected in seen.items():
        role = Role.OFFICE if department.kind == DepartmentKind.COMMITTEE else Role.REVIEWER
        client.force_login(factories.user(role, of=department))
        assert set(names(client.get(URL))) == expected


@pytest.mark.parametrize("role", [Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN, Role.OPERATOR])
def test_enterprises_and_the_operator_have_no_roster(client, role):
    client.force_login(factories.user(role))
    assert client.get(URL).status_code == 403


def test_filters_narrow_and_pills_undo_them(client, office):
    wanted = factories.enterprise(name="花桥颐养院", town=factories.HUAQIAO, scale="above")
    factories.enterprise(name="花桥护理院", town=factories.HUAQIAO, scale="below")
    factories.enterprise(name="玉山颐养院", town=factories.YUSHAN, scale="above")
    answer = client.get(URL + "?q=颐养&scale=above&town=320583104&sort=-name")
    assert names(answer) == [wanted.name]
    pills = {pill["words"]: pill["url"] for pill in answer.context["list"].pills}
    assert list(pills) == ["颐养", "花桥镇", str(Scale.ABOVE.label)]
    assert set(names(client.get(URL + pills["花桥镇"]))) == {"花桥颐养院", "玉山颐养院"}
    assert "sort=-name" in pills["花桥镇"]
    assert len(names(client.get(URL + answer.context["list"].clear_url))) == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("county=320583", {"a", "b"}),
        ("county=320582", {"c"}),
        ("sector=14", {"a", "c"}),
        ("sector=15", {"b"}),
        ("category=1501", {"b"}),
        ("lifecycle=closed", {"c"}),
        ("lifecycle=active", {"a", "b"}),
        ("q=%20B%20", {"b"}),
        ("q=temp-7", {"b"}),
        ("scale=above", {"c"}),
    ],
)
def test_each_filter_finds_its_rows(client, office, query, found):
    no_code = {"credit_code": None, "temporary_code": "TEMP-7X", "no_code_reason": "venue"}
    factories.enterprise(name="a", credit_code=factories.credit_code(900001))  # no B in it, nor in the next one
    factories.enterprise(name="b", category_code="1501", **no_code)
    other = {"town": factories.YANGSHE, "scale": "above", "credit_code": factories.credit_code(900002)}
    closed = factories.enterprise(name="c", **other)
    type(closed).objects.filter(pk=closed.pk).update(lifecycle=Lifecycle.CLOSED, left_on=closed.joined_on)
    assert set(names(client.get(f"{URL}?{query}"))) == found


def test_the_choices_hold_the_scope_alone(client):
    for town, kind in ((factories.HUAQIAO, "1401"), (factories.YANGSHE, "1501")):
        factories.enterprise(town=town, category_code=kind)
    client.force_login(factories.user(Role.REVIEWER, of=factories.bureau("civil")))
    page = client.get(URL).content.decode()
    assert "养老机构" in page
    assert "宗教活动场所" not in page
    assert "张家港" not in page


def test_a_value_that_cannot_be_is_said_and_shows_nothing(client, office):
    factories.enterprise()
    answer = client.get(URL + "?county=999999")
    assert answer.status_code == 200
    assert names(answer) == []
    assert "alert-danger" in answer.content.decode()


def test_a_town_of_another_county_can_be_put_right(client, office):
    factories.enterprise()
    answer = client.get(URL + "?county=320582&town=320583104")
    assert names(answer) == []
    assert not answer.context["list"].problem


def test_sorting_both_ways_is_announced(client, office):
    for name in "bac":
        factories.enterprise(name=name)
    up = client.get(URL + "?sort=name")
    assert names(up) == ["a", "b", "c"]
    assert 'aria-sort="ascending"' in up.content.decode()
    assert "?sort=-name" in up.content.decode()
    assert names(client.get(URL + "?sort=-name")) == ["c", "b", "a"]
    assert len(names(client.get(URL + "?sort=--name"))) == 3
    assert len(names(client.get(URL + "?sort=profile"))) == 3


def test_pages_follow_each_other_and_forget_their_place_on_a_new_filter(client, office, monkeypatch):
    monkeypatch.setattr(list_page.Selection, "size", 2)
    for name in "abcde":
        factories.enterprise(name=name)
    first = client.get(URL + "?sort=name")
    second = client.get(URL + first.context["list"].next_url)
    assert names(first) + names(second) == ["a", "b", "c", "d"]
    back = client.get(URL + second.context["list"].previous_url)
    assert names(back) == ["a", "b"]
    assert "after=" not in second.context["list"].clear_url


def test_more_than_the_cap_is_said_as_such(client, office, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_CAP", 2)
    monkeypatch.setattr(list_page, "COUNT_CAP", 2)
    for _number in range(4):
        factories.enterprise()
    assert client.get(URL).context["list"].count_text == "2+"


def test_columns_are_chosen_in_the_address(client, office):
    factories.enterprise()
    answer = client.get(URL + "?cols=joined&cols=town,nonsense")
    assert [column.key for column in answer.context["list"].selection.columns] == ["name", "town", "joined"]
    usual = client.get(URL).context["list"].selection.columns
    assert "joined" not in [column.key for column in usual]


def test_people_are_masked_on_the_roster(client, office):
    unit = factories.enterprise()
    Contact.objects.create(enterprise=unit, kind=ContactKind.SAFETY, name="孙建国", phone="13987654321")
    page = client.get(URL + "?cols=safety&cols=phone").content.decode()
    assert "139****4321" in page
    assert "13987654321" not in page
    assert "孙建国" not in page


def test_names_are_escaped_and_cells_are_labelled_for_the_phone(client, office):
    factories.enterprise(name="<script>alert(1)</script>", address='"><b>')
    page = client.get(URL + "?cols=address").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "&quot;&gt;&lt;b&gt;" in page
    assert "data-label=" in page


def test_nothing_there_says_what_to_do(client, office):
    page = client.get(URL).content.decode()
    assert "rr-empty" in page
    factories.enterprise()
    filtered = client.get(URL + "?q=nothing-like-it")
    assert filtered.context["list"].clear_url in filtered.content.decode()


def test_names_of_places_come_in_the_readers_language(client):
    factories.enterprise()
    type(factories.region(factories.HUAQIAO)).objects.filter(pk=factories.HUAQIAO).update(name_en="Huaqiao")
    client.force_login(factories.user(Role.OFFICE, language="en"))
    assert "Huaqiao" in client.get(URL).content.decode()
    client.force_login(factories.user(Role.OFFICE, language="zh-hans"))
    page = client.get(reverse("enterprises")).content.decode()
    assert "花桥镇" in page
    assert "Huaqiao" not in page
