"""Publishing: today, on a later day by itself, once whoever tries; the database holds that one is in force."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from enterprises.enums import Role
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.models import Event
from risks.domain import publishing
from risks.domain.drafts import open_draft, remove_item, save_item
from risks.domain.publishing import NotSound, publish_draft, recall_scheduled, take_due_into_force
from risks.domain.reference import load_risk_reference
from risks.enums import CatalogueState
from risks.models import Catalogue, CatalogueItem
from risks.tasks import catalogues_into_force
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY))


@pytest.fixture
def draft(keeper):
    return sound_draft(keeper)


def sound_draft(keeper) -> Catalogue:
    """A draft of the small catalogue with all that the checklist asks."""
    factories.catalogue()
    row = open_draft(key="civil", user=keeper)
    for item in row.items.all():
        item.look_for = [f"看通道{item.code}", f"看标志{item.code}"]
        item.measures = {
            kind: ["措施"] for kind in ("engineering", "management", "training", "protection", "emergency")
        }
        item.save()
    Catalogue.objects.filter(pk=row.pk).update(title_en="Civil", note="示例口径")
    row.refresh_from_db()
    return row


def publish(draft, keeper, on=None, seen=None):
    version = Catalogue.objects.get(pk=draft.pk).edit_version if seen is None else seen
    return publish_draft(catalogue_id=draft.pk, user=keeper, on=on or clock.today(), seen_version=version)


def states() -> list[tuple[int, str]]:
    return list(Catalogue.objects.order_by("version").values_list("version", "state"))


def test_published_today_the_former_version_is_superseded(draft, keeper):
    publish(draft, keeper)
    assert states() == [(1, "retired"), (2, "published")]
    event = Event.objects.get(kind="catalogue.published")
    former = Catalogue.objects.get(version=1)
    assert event.data == {"key": "civil", "version": 2, "items": 3, "former": former.pk}
    assert event.actor == keeper


def test_a_later_day_takes_effect_by_itself_also_after_a_missed_night(draft, keeper, at):
    day = clock.today() + dt.timedelta(days=3)
    publish(draft, keeper, on=day)
    assert states() == [(1, "published"), (2, "scheduled")]
    assert take_due_into_force() == 0
    at(dt.datetime.combine(day + dt.timedelta(days=2), dt.time(9), timezone.get_default_timezone()))
    catalogues_into_force()
    assert states() == [(1, "retired"), (2, "published")]
    assert Catalogue.objects.get(version=2).published_on == day
    assert take_due_into_force() == 0
    assert Event.objects.filter(kind="catalogue.published").count() == 1


def test_a_fixed_version_can_be_made_a_draft_again_until_its_day(draft, keeper):
    publish(draft, keeper, on=clock.today() + dt.timedelta(days=3))
    item = draft.items.first()
    with pytest.raises(Catalogue.DoesNotExist):
        remove_item(catalogue_id=draft.pk, item_id=item.pk, user=keeper)
    assert recall_scheduled(catalogue_id=draft.pk, user=keeper).published_on is None
    remove_item(catalogue_id=draft.pk, item_id=item.pk, user=keeper)
    with pytest.raises(Catalogue.DoesNotExist):
        recall_scheduled(catalogue_id=draft.pk, user=keeper)
    assert states() == [(1, "published"), (2, "draft")]


def test_no_day_gone_by_and_no_draft_with_open_points(draft, keeper):
    with pytest.raises(Refused):
        publish(draft, keeper, on=clock.today() - dt.timedelta(days=1))
    CatalogueItem.objects.filter(catalogue=draft, code="MZ-01").update(place="")
    with pytest.raises(NotSound) as caught:
        publish(draft, keeper)
    assert caught.value.count == 1
    assert states() == [(1, "published"), (2, "draft")]


def test_what_is_published_is_what_was_looked_at(draft, keeper):
    seen = draft.edit_version
    item = draft.items.get(code="MZ-03")
    remove_item(catalogue_id=draft.pk, item_id=draft.items.get(code="MZ-01").pk, user=keeper)
    with pytest.raises(Refused):
        publish(draft, keeper, seen=seen)
    assert states() == [(1, "published"), (2, "draft")]
    assert item.pk


def test_a_second_publishing_finds_no_draft(draft, keeper):
    seen = draft.edit_version
    publish(draft, factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY)), seen=seen)
    with pytest.raises(Catalogue.DoesNotExist):
        publish(draft, keeper, seen=seen)
    assert Event.objects.filter(kind="catalogue.published").count() == 1
    assert states() == [(1, "retired"), (2, "published")]


def test_the_database_holds_that_one_version_is_in_force(draft, keeper, monkeypatch):
    """Were the former version not superseded, the constraint would refuse the new one and undo everything."""
    monkeypatch.setattr(publishing, "CatalogueState", Superseding)
    with pytest.raises(IntegrityError), transaction.atomic():
        publish(draft, keeper)
    assert states() == [(1, "published"), (2, "draft")]


class Superseding:
    """States with a wrong name for superseded: the control of the test above."""

    PUBLISHED = RETIRED = CatalogueState.PUBLISHED
    SCHEDULED, DRAFT = CatalogueState.SCHEDULED, CatalogueState.DRAFT


@pytest.mark.parametrize("state", [CatalogueState.SCHEDULED, CatalogueState.PUBLISHED])
def test_a_fixed_or_published_version_takes_no_item_and_no_change(draft, keeper, state):
    later = dt.timedelta(days=0 if state == CatalogueState.PUBLISHED else 3)
    publish(draft, keeper, on=clock.today() + later)
    assert Catalogue.objects.get(pk=draft.pk).state == state
    item = draft.items.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        CatalogueItem.objects.create(
            catalogue=draft, code="MZ-77", order=9, group="fire", name="多出", place="院内", level="larger"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        CatalogueItem.objects.filter(pk=item.pk).update(name="改名")
    with pytest.raises(IntegrityError), transaction.atomic():
        Catalogue.objects.filter(pk=draft.pk).update(title="改题")
    with pytest.raises(Catalogue.DoesNotExist):
        save_item(catalogue_id=draft.pk, user=keeper, values={"code": "MZ-01"}, item_id=item.pk, seen_version=1)


def test_a_shipped_version_leaves_a_keepers_open_draft_alone(keeper, tmp_path):
    factories.category("1401")
    factories.category("1402")
    load_risk_reference(folder=tmp_path)
    sound = sound_draft(keeper)
    (tmp_path / "civil.json").write_text(SHIPPED, encoding="utf-8")
    load_risk_reference(folder=tmp_path)
    assert states() == [(1, "published"), (2, "draft")]
    assert Catalogue.objects.get(version=2).pk == sound.pk


SHIPPED = """{"key": "civil", "line": "civil", "sector": "14", "title": "目录", "title_en": "Catalogue", "version": 5,
 "note": "示例口径", "parts": [{"key": "1", "name": "一", "name_en": "One"}],
 "groups": [{"key": "fire", "name": "消防", "name_en": "Fire"}],
 "items": [{"code": "MZ-01", "part": "1", "group": "fire", "categories": ["1401"], "name": "火", "name_en": "Fire",
  "look_for": ["一", "二"], "place": "院", "accident_types": ["08"], "consequence": "伤亡", "level": "larger",
  "may_be_lowered": true, "basis": "", "measures": {"engineering": ["一"], "management": ["一"], "training": ["一"],
  "protection": ["一"], "emergency": ["一"]}}]}"""
