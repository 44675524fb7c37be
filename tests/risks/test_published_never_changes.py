"""The database refuses to change what was published, whatever the code above it does."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from enterprises.models import Line
from risks.enums import CatalogueState
from risks.models import Catalogue, CatalogueItem

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 10, 19)


@pytest.fixture
def catalogue(db):
    line = Line.objects.create(key="civil", name="民政局")
    draft = Catalogue.objects.create(key="civil", line=line, title="目录", groups=[{"key": "fire"}])
    CatalogueItem.objects.create(
        catalogue=draft, code="MZ-01", order=1, group="fire", name="居室火灾", place="居室", level="larger"
    )
    return draft


@pytest.fixture(params=[CatalogueState.PUBLISHED, CatalogueState.RETIRED])
def published(request, catalogue):
    Catalogue.objects.update(state=CatalogueState.PUBLISHED, published_on=DAY)
    if request.param == CatalogueState.RETIRED:
        Catalogue.objects.update(state=CatalogueState.RETIRED)
    return catalogue


@pytest.mark.parametrize(
    "change",
    [
        {"title": "另一目录"},
        {"title_en": "Another"},
        {"note": "注"},
        {"version": 2},
        {"key": "other"},
        {"groups": []},
        {"parts": [{"key": "1"}]},
        {"quantified": {"method": "lc"}},
        {"published_on": DAY + dt.timedelta(days=1)},
        {"state": CatalogueState.DRAFT, "published_on": None},
    ],
    ids="-".join,
)
def test_no_content_of_a_published_catalogue_can_be_updated(published, change):
    before = Catalogue.objects.values().get()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Catalogue.objects.update(**change)
    assert Catalogue.objects.values().get() == before


@pytest.mark.parametrize("change", [{"name": "另一风险"}, {"level": "major"}, {"measures": {"training": ["练"]}}])
def test_an_item_of_a_published_catalogue_cannot_be_updated(published, change):
    before = CatalogueItem.objects.values().get()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        CatalogueItem.objects.update(**change)
    assert CatalogueItem.objects.values().get() == before


def test_an_item_cannot_be_moved_into_a_published_catalogue(published):
    other = Catalogue.objects.create(key="other", line_id="civil", title="草稿")
    item = CatalogueItem.objects.create(
        catalogue=other, code="MZ-02", order=2, group="fire", name="油锅起火", place="厨房", level="larger"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        CatalogueItem.objects.filter(pk=item.pk).update(catalogue=published)


def test_a_retired_catalogue_is_not_published_again(catalogue):
    Catalogue.objects.update(state=CatalogueState.PUBLISHED, published_on=DAY)
    Catalogue.objects.update(state=CatalogueState.RETIRED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Catalogue.objects.update(state=CatalogueState.PUBLISHED)
    assert Catalogue.objects.get().state == CatalogueState.RETIRED


def test_a_draft_and_its_items_can_be_mended(catalogue):
    Catalogue.objects.update(title="另一目录", groups=[])
    CatalogueItem.objects.update(name="另一风险")
    assert (Catalogue.objects.get().title, CatalogueItem.objects.get().name) == ("另一目录", "另一风险")
