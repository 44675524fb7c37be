"""Two keepers at once, on PostgreSQL: both publish, both open a draft. Each with a control whose guard is off."""

import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from enterprises.enums import Role
from riskreport.ground.models import Event
from risks.domain import publishing
from risks.domain.drafts import open_draft
from risks.models import Catalogue
from tests import factories
from tests.review.domain.test_races import Race, waiting_for_a_lock
from tests.risks.domain.test_publishing import publish, sound_draft

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race to lose")


@contextmanager
def held(row: Catalogue, waiting: int):
    """Hold a catalogue's row while the body starts its acts, and let go when ``waiting`` of them wait for it."""
    with transaction.atomic():
        Catalogue.objects.select_for_update().get(pk=row.pk)
        yield
        deadline = time.monotonic() + 10
        while waiting_for_a_lock() < waiting:
            assert time.monotonic() < deadline, "nobody waits: the acts do not lock the catalogue"
            time.sleep(0.02)


def keepers() -> list:
    home = factories.bureau("civil", factories.CITY)
    return [factories.user(Role.KEEPER, of=home), factories.user(Role.KEEPER, of=home)]


def both_publish(draft, row) -> list:
    race, people = Race(), keepers()
    with held(row, waiting=2):
        for name, keeper in zip("ab", people, strict=True):
            race.start(name, lambda keeper=keeper: publish(draft, keeper, seen=draft.edit_version))
    return list(race.finish().values())


def test_of_two_keepers_who_publish_one_does():
    draft = sound_draft(keepers()[0])
    outcomes = both_publish(draft, draft)
    assert sorted(isinstance(outcome, Catalogue) for outcome in outcomes) == [False, True]
    assert any(isinstance(outcome, Catalogue.DoesNotExist) for outcome in outcomes)
    assert Event.objects.filter(kind="catalogue.published").count() == 1


def test_control_without_the_lock_both_publish(monkeypatch):
    draft = sound_draft(keepers()[0])
    monkeypatch.setattr(publishing, "lock_draft", lambda pk, user: Catalogue.objects.get(pk=pk, state="draft"))
    both_publish(draft, Catalogue.objects.get(version=1))
    assert Event.objects.filter(kind="catalogue.published").count() == 2


def test_two_keepers_who_open_a_draft_get_the_same():
    published = factories.catalogue()
    race = Race()
    with held(published, waiting=2):
        for name, keeper in zip("ab", keepers(), strict=True):
            race.start(name, lambda keeper=keeper: open_draft(key="civil", user=keeper).pk)
    found = set(race.finish().values())
    assert found == {Catalogue.objects.get(version=2).pk}
    assert Event.objects.filter(kind="catalogue.opened").count() == 1
