"""What the filters of rosters offer: kept for a while, and still each person's own."""

import pytest
from django.urls import reverse

from enterprises.enums import Role
from enterprises.interfaces.filters import EnterpriseFilter, offered_areas, offered_taxonomy
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _choices_are_kept(settings):
    settings.CHOICES_KEPT_SECONDS = 3600
    yield
    offered_areas.forget()
    offered_taxonomy.forget()


def page_of(client, person, **asked):
    client.force_login(person)
    return client.get(reverse("enterprises"), asked)


def offered(answer, name: str) -> list[str]:
    return [value for value, _label in answer.context["list"].selection.filters.form.fields[name].choices if value]


def test_each_person_is_offered_the_areas_and_lines_of_their_own(client):
    factories.enterprise()
    factories.enterprise(town=factories.YANGSHE, category_code="1501")
    office, bureau = factories.user(Role.OFFICE), factories.user(Role.REVIEWER)
    assert offered(page_of(client, office), "county") == [str(factories.ZHANGJIAGANG), str(factories.KUNSHAN)]
    assert offered(page_of(client, bureau), "county") == [str(factories.KUNSHAN)]
    assert "1501" in offered(page_of(client, office), "category")
    assert "1501" not in offered(page_of(client, bureau), "category")
    assert offered(page_of(client, office), "county") == [str(factories.ZHANGJIAGANG), str(factories.KUNSHAN)]


def test_the_words_are_kept_by_language(client):
    unit = factories.enterprise()
    type(unit.category).objects.update(name_en="Care homes")
    chinese, english = factories.user(Role.OFFICE), factories.user(Role.OFFICE, language="en")
    assert unit.category.name in page_of(client, chinese).content.decode()
    assert 'value="1401">Care homes' in page_of(client, english).content.decode()
    assert f'value="1401">{unit.category.name}' in page_of(client, chinese).content.decode()


def test_a_second_page_asks_for_no_choices(client, django_assert_num_queries):
    factories.enterprise()
    office = factories.user(Role.OFFICE)
    page_of(client, office)
    with django_assert_num_queries(7):
        client.get(reverse("enterprises"))


def test_a_category_that_has_just_been_added_can_be_asked_for_at_once(client):
    factories.enterprise()
    office = factories.user(Role.OFFICE)
    assert page_of(client, office, category="1501").context["list"].problem
    unit = factories.enterprise(category_code="1501")
    answer = page_of(client, office, category="1501")
    assert not answer.context["list"].problem
    assert [row.pk for row in answer.context["list"].page.rows] == [unit.pk]


def test_a_choice_nobody_knows_is_refused(client):
    factories.enterprise()
    answer = page_of(client, factories.user(Role.OFFICE), category="9999")
    assert "9999" in answer.context["list"].problem


def test_the_towns_follow_the_chosen_county(client):
    factories.enterprise()
    office = factories.user(Role.OFFICE)
    assert len(offered(page_of(client, office), "town")) == 2  # two groups
    towns = [str(factories.YUSHAN), str(factories.HUAQIAO)]
    assert offered(page_of(client, office, county=str(factories.KUNSHAN)), "town") == towns
    assert len(offered(page_of(client, office), "town")) == 2


def test_the_filters_of_one_request_are_not_those_of_the_next(client):
    kunshan, other = factories.enterprise(), factories.enterprise(town=factories.YANGSHE)
    office = factories.user(Role.OFFICE)
    first = page_of(client, office, county=str(factories.KUNSHAN)).context["list"].selection.filters
    second = page_of(client, office, county=str(factories.ZHANGJIAGANG)).context["list"].selection.filters
    assert [row.pk for row in first.qs.all()] == [kunshan.pk]
    assert [row.pk for row in second.qs.all()] == [other.pk]
    assert first.filters["county"] is not EnterpriseFilter.base_filters["county"]
    assert not hasattr(EnterpriseFilter.base_filters["county"], "parent")
