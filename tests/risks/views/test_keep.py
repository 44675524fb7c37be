"""The keeper's pages in a browser's stead: the way of a draft from opening to force, and what two windows see."""

import datetime as dt

import pytest
from django.urls import reverse

from enterprises.enums import Role
from riskreport.ground import clock
from risks.domain.drafts import item_values, open_draft, save_item
from risks.enums import CatalogueState
from risks.models import Catalogue
from tests import factories
from tests.risks.domain.test_publishing import sound_draft
from tests.risks.interfaces.test_draft_forms import form_of, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY))


@pytest.fixture
def desk(client, keeper):
    client.force_login(keeper)
    return client


@pytest.fixture
def draft(keeper):
    return sound_draft(keeper)


def url(name, draft, *more):
    return reverse(name, args=[draft.pk, *more])


def test_the_way_from_opening_to_force(desk):
    published = factories.catalogue()
    answer = desk.post(reverse("catalogue_open", args=[published.pk]))
    draft = Catalogue.objects.get(state=CatalogueState.DRAFT)
    assert answer.headers["Location"] == url("draft", draft)
    assert desk.get(url("draft_check", draft)).context["open_points"] > 0
    sound_draft(draft.line.departments.first().people.first())
    assert desk.get(url("draft_check", draft)).context["open_points"] == 0
    preview = desk.get(url("draft_preview", draft), {"category": "1402"})
    assert (preview.context["chosen"].pk, preview.context["count"]) == ("1402", 3)
    page = desk.get(url("draft_publish", draft))
    seen = page.context["form"]["version"].value()
    desk.post(url("draft_publish", draft), {"on": clock.today().isoformat(), "version": seen})
    draft.refresh_from_db()
    assert draft.state == CatalogueState.PUBLISHED


def test_a_later_day_is_shown_and_taken_back(desk, draft):
    day = clock.today() + dt.timedelta(days=5)
    desk.post(url("draft_publish", draft), {"on": day.isoformat(), "version": draft.edit_version})
    page = desk.get(url("draft", draft))
    assert page.context["is_fixed"]
    assert day.isoformat() in page.content.decode()
    item = draft.items.first()
    assert desk.get(url("draft_item", draft, item.pk)).headers["Location"] == url("draft", draft)
    desk.post(url("draft_recall", draft))
    assert not desk.get(url("draft", draft)).context["is_fixed"]


def test_a_draft_that_changed_meanwhile_is_looked_at_again(desk, draft, keeper):
    seen = draft.edit_version
    row = draft.items.get(code="MZ-01")
    values = item_values(row, draft) | {"place": "院外"}
    save_item(catalogue_id=draft.pk, user=keeper, values=values, item_id=row.pk, seen_version=row.edit_version)
    answer = desk.post(url("draft_publish", draft), {"on": clock.today().isoformat(), "version": seen})
    assert answer.status_code == 422
    assert Catalogue.objects.get(pk=draft.pk).state == CatalogueState.DRAFT


def test_two_windows_see_both_texts_and_what_is_chosen_stands(desk, draft, keeper):
    row = draft.items.get(code="MZ-01")
    stored = item_values(row, draft)
    values = stored | {"place": "同事写的场所", "categories": ["1402"]}
    save_item(catalogue_id=draft.pk, user=keeper, values=values, item_id=row.pk, seen_version=row.edit_version)
    data = posted(form_of(draft, stored=stored)).copy()
    data["place"], data["version"] = "我写的场所", str(row.edit_version)
    answer = desk.post(url("draft_item", draft, row.pk), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "同事写的场所" in page
    assert "我写的场所" in page
    same = answer.context["same"]
    chosen = same | {clash.name: clash.theirs for clash in answer.context["clashes"]} | {"place": "我写的场所"}
    again = desk.post(url("draft_item", draft, row.pk), chosen | {"version": answer.context["version"]})
    assert again.status_code == 302, again.context and again.context["form"].errors
    row.refresh_from_db()
    assert row.place == "我写的场所"
    assert [one.pk for one in row.categories.all()] == ["1402"]


def test_two_windows_on_the_head(desk, draft):
    first = desk.get(url("draft_head", draft)).context
    data = {name: str(first["form"][name].value() or "") for name in first["form"].fields}
    data["version"] = first["version"]
    assert desk.post(url("draft_head", draft), data | {"title": "甲的标题"}).status_code == 302
    answer = desk.post(url("draft_head", draft), data | {"title": "乙的标题"})
    assert answer.status_code == 409
    assert [clash.name for clash in answer.context["clashes"]] == ["title"]
    assert Catalogue.objects.get(pk=draft.pk).title == "甲的标题"


def test_what_changes_is_shown_field_by_field(desk, draft, keeper):
    row = draft.items.get(code="MZ-01")
    values = item_values(row, draft) | {"level": "major"}
    save_item(catalogue_id=draft.pk, user=keeper, values=values, item_id=row.pk, seen_version=row.edit_version)
    desk.post(url("draft_item_remove", draft, draft.items.get(code="MZ-03").pk))
    context = desk.get(url("draft_compare", draft)).context
    assert context["counts"] == {"added": 0, "removed": 1, "changed": 2}
    assert context["raised"] == 1


def test_a_new_catalogue_is_begun(desk):
    factories.category("1401")
    data = {"line": "civil", "sector": "14", "key": "pets", "title": "宠物目录", "title_en": ""}
    answer = desk.post(reverse("catalogue_new"), data)
    assert answer.status_code == 302
    assert desk.post(reverse("catalogue_new"), data).status_code == 422
    assert desk.get(answer.headers["Location"]).context["count"] == 0


def test_text_from_outside_stays_text(desk, draft, keeper):
    row = draft.items.get(code="MZ-01")
    values = item_values(row, draft) | {"name": "<script>alert(1)</script>"}
    save_item(catalogue_id=draft.pk, user=keeper, values=values, item_id=row.pk, seen_version=row.edit_version)
    for name in ("draft", "draft_check", "draft_preview", "draft_compare"):
        page = desk.get(url(name, draft)).content.decode()
        assert "<script>alert" not in page, name


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_kept_catalogues_costs_the_same_queries(client, django_assert_num_queries, many):
    keys = (("civil", ("1401",), "MZ"), ("religion", ("1501",), "ZJ"), ("industry", ("0001",), "GY"))
    office = factories.user(Role.OFFICE)
    for key, categories, prefix in keys[:many]:
        factories.catalogue(key, categories=categories, prefix=prefix)
        open_draft(key=key, user=office)
    client.force_login(office)
    with django_assert_num_queries(7):
        client.get(reverse("catalogues_keep"))


@pytest.mark.parametrize("many", [1, 3])
def test_a_draft_costs_the_same_queries(desk, draft, django_assert_num_queries, many):
    for code in ("MZ-02", "MZ-03")[many - 1 :]:
        draft.items.get(code=code).delete()
    assert draft.items.count() == many
    for name, queries in (("draft", 15), ("draft_check", 12), ("draft_preview", 9), ("draft_compare", 13)):
        with django_assert_num_queries(queries):
            desk.get(url(name, draft))
