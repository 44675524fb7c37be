"""A keeper's work on a draft: opened as a copy, written, put in order, thrown away; never a published version."""

import pytest
from django.db import IntegrityError, transaction

from enterprises.enums import Role
from riskreport.ground.access import Refused
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.models import Event
from risks.checks.catalogue_difference import difference_of
from risks.domain.drafts import (
    discard_draft,
    head_base,
    item_values,
    move_item,
    new_catalogue,
    open_draft,
    remove_item,
    save_head,
    save_item,
)
from risks.enums import CatalogueState
from risks.models import Catalogue, CatalogueItem
from risks.queries.drafts import content_of, drafts_kept_by, former_version
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY))


@pytest.fixture
def draft(keeper):
    factories.catalogue()
    return open_draft(key="civil", user=keeper)


def codes(draft) -> list[str]:
    return list(draft.items.order_by("order").values_list("code", flat=True))


def changed(draft, known, **values):
    return item_values(draft.items.get(code=known), draft) | values


def test_a_draft_is_a_copy_of_the_version_in_force(keeper, draft):
    published = Catalogue.objects.get(state=CatalogueState.PUBLISHED)
    assert (draft.version, draft.state, draft.published_on) == (2, CatalogueState.DRAFT, None)
    assert difference_of(content_of(published), content_of(draft)).is_empty
    assert former_version(draft) == published


def test_one_key_has_one_draft_whoever_opens_it(keeper, draft):
    colleague = factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY))
    assert open_draft(key="civil", user=colleague).pk == draft.pk
    assert open_draft(key="civil", user=factories.user(Role.OFFICE)).pk == draft.pk
    assert Event.objects.filter(kind="catalogue.opened").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Catalogue.objects.create(key="civil", version=9, line=draft.line, title="另一份草稿")


@pytest.mark.parametrize(
    "owner",
    [lambda: factories.bureau("civil", factories.KUNSHAN), lambda: factories.bureau("religion", factories.CITY)],
    ids=["the county's keeper", "another line's keeper"],
)
def test_another_keeper_finds_no_draft(draft, owner):
    stranger = factories.user(Role.KEEPER, of=owner())
    assert list(drafts_kept_by(stranger)) == []
    with pytest.raises(Catalogue.DoesNotExist):
        open_draft(key="civil", user=stranger)
    with pytest.raises(Catalogue.DoesNotExist):
        remove_item(catalogue_id=draft.pk, item_id=draft.items.first().pk, user=stranger)
    assert draft.items.count() == 3


def test_an_item_is_saved_with_its_categories_and_counts_the_draft_up(keeper, draft):
    before = Catalogue.objects.get(pk=draft.pk).edit_version
    values = changed(draft, "MZ-01", name="新名称", level="major", categories=["1402"])
    row = save_item(
        catalogue_id=draft.pk, user=keeper, values=values, item_id=draft.items.get(code="MZ-01").pk, seen_version=1
    )
    row.refresh_from_db()
    assert (row.name, row.level, row.edit_version) == ("新名称", "major", 2)
    assert [one.pk for one in row.categories.all()] == ["1402"]
    assert Catalogue.objects.get(pk=draft.pk).edit_version == before + 1
    save_item(catalogue_id=draft.pk, user=keeper, values=values, item_id=row.pk, seen_version=1)
    assert Catalogue.objects.get(pk=draft.pk).edit_version == before + 1


def test_a_new_item_stands_last_and_a_code_stands_once(keeper, draft):
    values = changed(draft, "MZ-01", code="MZ-09", name="另一条")
    row = save_item(catalogue_id=draft.pk, user=keeper, values=values)
    assert codes(draft) == ["MZ-01", "MZ-02", "MZ-03", "MZ-09"]
    with pytest.raises(Refused, match="MZ-02"):
        save_item(catalogue_id=draft.pk, user=keeper, values=values | {"code": "MZ-02"}, item_id=row.pk, seen_version=1)
    assert codes(draft) == ["MZ-01", "MZ-02", "MZ-03", "MZ-09"]


def test_two_windows_on_one_item_are_told_apart_with_both_texts(keeper, draft):
    item = draft.items.get(code="MZ-01")
    first, second = changed(draft, "MZ-01", name="甲写的"), changed(draft, "MZ-01", name="乙写的")
    save_item(catalogue_id=draft.pk, user=keeper, values=first, item_id=item.pk, seen_version=1)
    with pytest.raises(ContentConflict) as caught:
        save_item(catalogue_id=draft.pk, user=keeper, values=second, item_id=item.pk, seen_version=1)
    assert (caught.value.theirs["name"], caught.value.yours["name"], caught.value.version) == ("甲写的", "乙写的", 2)
    item.refresh_from_db()
    assert item.name == "甲写的"


def test_two_windows_on_the_head_are_told_apart(keeper, draft):
    base = head_base(draft)
    save_head(catalogue_id=draft.pk, user=keeper, values={"title": "甲的标题"}, seen_base=base)
    with pytest.raises(ContentConflict) as caught:
        save_head(catalogue_id=draft.pk, user=keeper, values={"title": "乙的标题"}, seen_base=base)
    assert caught.value.theirs["title"] == "甲的标题"
    assert Catalogue.objects.get(pk=draft.pk).title == "甲的标题"
    save_item(
        catalogue_id=draft.pk,
        user=keeper,
        values=changed(draft, "MZ-01", place="院内"),
        item_id=draft.items.get(code="MZ-01").pk,
        seen_version=1,
    )
    again = head_base(Catalogue.objects.get(pk=draft.pk))
    save_head(catalogue_id=draft.pk, user=keeper, values={"title": "乙的标题"}, seen_base=again)
    assert Catalogue.objects.get(pk=draft.pk).title == "乙的标题"


def test_items_move_within_their_group_only(keeper, draft):
    second = draft.items.get(code="MZ-02")
    move_item(catalogue_id=draft.pk, item_id=second.pk, user=keeper, up=True)
    assert codes(draft) == ["MZ-02", "MZ-01", "MZ-03"]
    move_item(catalogue_id=draft.pk, item_id=second.pk, user=keeper, up=True)
    move_item(catalogue_id=draft.pk, item_id=draft.items.get(code="MZ-01").pk, user=keeper, up=False)
    assert codes(draft) == ["MZ-02", "MZ-01", "MZ-03"]


def test_the_quantified_table_follows_codes_and_removals(keeper, draft):
    rows = [{"key": "a", "name": "指标", "name_en": "", "weight": 100, "bands": []}]
    table = {"method": "lc", "indicators": {"MZ-01": rows, "MZ-02": rows, "MZ-03": rows}}
    Catalogue.objects.filter(pk=draft.pk).update(quantified=table)
    draft.refresh_from_db()
    first = draft.items.get(code="MZ-01")
    save_item(
        catalogue_id=draft.pk,
        user=keeper,
        values=changed(draft, "MZ-01", code="MZ-07"),
        item_id=first.pk,
        seen_version=1,
    )
    remove_item(catalogue_id=draft.pk, item_id=draft.items.get(code="MZ-02").pk, user=keeper)
    draft.refresh_from_db()
    assert draft.quantified == {"method": "lc", "indicators": {"MZ-03": rows, "MZ-07": rows}}
    assert codes(draft) == ["MZ-07", "MZ-03"]


def test_a_discarded_draft_leaves_the_version_in_force_alone(keeper, draft):
    published = Catalogue.objects.get(state=CatalogueState.PUBLISHED)
    discard_draft(catalogue_id=draft.pk, user=keeper)
    assert list(Catalogue.objects.all()) == [published]
    assert CatalogueItem.objects.count() == 3
    with pytest.raises(Catalogue.DoesNotExist):
        discard_draft(catalogue_id=draft.pk, user=keeper)
    with pytest.raises(Catalogue.DoesNotExist):
        discard_draft(catalogue_id=published.pk, user=keeper)
    assert open_draft(key="civil", user=keeper).version == 2


def test_a_new_catalogue_has_a_key_of_its_own(keeper):
    factories.catalogue()
    made = new_catalogue(
        user=keeper, key="pets", line=factories.line("civil"), sector=factories.sector("14"), title="宠物目录"
    )
    assert (made.version, made.state, made.items.count()) == (1, CatalogueState.DRAFT, 0)
    for taken in ("pets", "civil"):
        with pytest.raises(Refused, match=taken):
            new_catalogue(user=keeper, key=taken, line=factories.line("civil"), sector=None, title="重复")
    assert Catalogue.objects.count() == 2


def test_a_retired_category_is_not_copied_into_a_draft(keeper):
    factories.catalogue()
    relief = factories.category("1402")
    relief.retired_on = factories.clock.today()
    relief.save(update_fields=["retired_on"])
    draft = open_draft(key="civil", user=keeper)
    assert {tuple(item["categories"]) for item in content_of(draft)["items"]} == {("1401",)}
