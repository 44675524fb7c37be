"""The office's pages of sectors and categories."""

import pytest
from django.urls import reverse

from enterprises.enums import Role
from enterprises.models import Category, Sector
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(factories.user(Role.OFFICE))
    return client


def test_a_new_line_is_all_or_not_at_all(office):
    factories.line("civil")
    data = {"code": "18", "name": "林业", "name_en": "", "lead": "", "line_key": "", "line_name": ""}
    answer = office.post(reverse("sector_new"), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"line_key", "line_name"}
    both = data | {"lead": "civil", "line_key": "forestry"}
    assert set(office.post(reverse("sector_new"), both).context["form"].errors) == {"line_key"}
    assert not Sector.objects.filter(pk="18").exists()
    assert office.post(reverse("sector_new"), data | {"lead": "civil"}).status_code == 302


@pytest.mark.parametrize("code", ["1", "181", "ab", "18 "])
def test_a_sectors_code_is_two_digits(office, code):
    factories.line("civil")
    status = office.post(reverse("sector_new"), {"code": code, "name": "林业", "lead": "civil"}).status_code
    assert status == (302 if code.strip() == "18" else 422)


def test_a_category_of_another_sector_is_refused_at_its_field(office):
    factories.sector("14")
    form = office.get(reverse("category_new", args=["14"])).context["form"]
    data = {name: str(form[name].value() or "") for name in form.fields if name != "co_leads"} | {"name": "新类"}
    data |= {f"rank-{key}": "职务" for key in ("principal", "deputy", "middle", "staff")}
    answer = office.post(reverse("category_new", args=["14"]), data | {"code": "1501"})
    assert set(answer.context["form"].errors) == {"code"}
    assert office.post(reverse("category_new", args=["14"]), data | {"code": "1409"}).status_code == 302
    row = Category.objects.get(pk="1409")
    assert (row.lead_id, row.rank_map["deputy"]) == ("civil", "职务")


def test_names_change_and_a_day_of_retirement_is_set_and_taken_back(office):
    factories.category("1401")
    office.post(reverse("sector", args=["14"]), {"name": "养老", "name_en": "Care"})
    assert Sector.objects.get(pk="14").name == "养老"
    day = clock.today().isoformat()
    for name, model, pk in (("sector_retire", Sector, "14"), ("category_retire", Category, "1401")):
        office.post(reverse(name, args=[pk]), {"on": day})
        assert model.objects.get(pk=pk).retired_on == clock.today()
        office.post(reverse(name, args=[pk]), {"on": "gestern"})
        office.post(reverse(name, args=[pk]), {"on": "2001-01-01"})
        assert model.objects.get(pk=pk).retired_on == clock.today()
        office.post(reverse(name, args=[pk]), {"on": ""})
        assert model.objects.get(pk=pk).retired_on is None


@pytest.mark.parametrize("many", [1, 3])
def test_the_pages_cost_the_same_queries(office, django_assert_num_queries, many):
    for code in ("14", "15", "00")[:many]:
        factories.sector(code)
    for code in ("1401", "1402")[: min(many, 2)]:
        factories.category(code)
    office.get(reverse("sectors"))
    with django_assert_num_queries(4):
        office.get(reverse("sectors"))
    with django_assert_num_queries(6):
        office.get(reverse("sector", args=["14"]))
