"""Two ratings of one enterprise at once, on PostgreSQL: one becomes current, the other finds nothing left to write."""

import time

import pytest
from django.db import connection, transaction

from enterprises.models import Enterprise
from risks.domain.rating import rate_enterprises
from risks.models import Rating
from tests import factories
from tests.review.domain.test_races import Race, waiting_for_a_lock

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race to lose")


def test_two_ratings_at_once_write_one():
    factories.rating_rule()
    unit = factories.enterprise()
    race = Race()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {Enterprise._meta.db_table} WHERE id = %s FOR UPDATE", [unit.pk])
        for name in ("one", "two"):
            race.start(name, lambda: rate_enterprises([unit.pk]))
        deadline = time.monotonic() + 10
        while waiting_for_a_lock() < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
    assert sorted(race.finish().values()) == [0, 1]
    assert Rating.objects.get().is_current
