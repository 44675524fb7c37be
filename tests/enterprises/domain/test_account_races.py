"""Two at once, on PostgreSQL: one code used twice, two administrators demoting each other, two offices issuing.

One transaction holds the row that the acts must lock; both are started and seen to wait for it; then it lets go. Each
race runs a second time with the lock off, to show that the fault would be seen.
"""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from enterprises.domain import issuing, people
from enterprises.domain.first_use import use_code
from enterprises.domain.issuing import make_accounts
from enterprises.domain.people import change_person
from enterprises.enums import Role
from enterprises.models import Enterprise, FirstUse, LetterBatch, User
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.models import Job
from tests import factories
from tests.review.domain.test_races import Race, waiting_for_a_lock

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race to lose")


@contextmanager
def holding(rows):
    """Hold rows while the body starts two acts, until both wait."""
    with transaction.atomic():
        list(rows.select_for_update())
        yield
        deadline = time.monotonic() + 10
        while waiting_for_a_lock() < 2:
            assert time.monotonic() < deadline, "nobody waits: the acts do not lock"
            time.sleep(0.02)


@pytest.fixture
def unlocked(monkeypatch):
    """A function that takes the locks off and lets two acts come past ``module.name`` before either goes on."""

    def take_off(module, name: str) -> None:
        monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, *_, **__: self)
        barrier = threading.Barrier(2, timeout=10)
        original = getattr(module, name)

        def meet(*arguments, **options):
            barrier.wait()
            return original(*arguments, **options)

        monkeypatch.setattr(module, name, meet)

    return take_off


def uses(person, code_digest, name):
    details = {"name": name, "post": "", "phone": "", "password": f"own-words-{name}"}
    return lambda: use_code(user_id=person.pk, digest=code_digest, **details)


def a_code() -> tuple[User, str]:
    person = factories.user(Role.ENTERPRISE_ADMIN)
    factories.first_code(person)
    return person, FirstUse.objects.get().digest


def test_of_two_with_one_code_one_gets_in():
    (person, digest), race = a_code(), Race()
    with holding(FirstUse.objects.all()):
        for name in ("first", "second"):
            race.start(name, uses(person, digest, name))
    outcomes = race.finish().values()
    assert sorted(type(one).__name__ for one in outcomes) == ["Refused", "User"]


def test_without_the_lock_both_would(unlocked):
    (person, digest), race = a_code(), Race()
    unlocked(FirstUse, "is_open")
    for name in ("first", "second"):
        race.start(name, uses(person, digest, name))
    assert [type(one).__name__ for one in race.finish().values()] == ["User", "User"]


def demotes(user, other):
    return lambda: change_person(user=user, person_id=other.pk, role=Role.ENTERPRISE_USER, post="")


def test_of_two_administrators_who_demote_each_other_one_remains():
    one = factories.user(Role.ENTERPRISE_ADMIN)
    other = factories.user(Role.ENTERPRISE_ADMIN, of=one.enterprise)
    race = Race()
    with holding(Enterprise.objects.all()):
        race.start("one", demotes(one, other))
        race.start("other", demotes(other, one))
    outcomes = race.finish().values()
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert User.objects.filter(role=Role.ENTERPRISE_ADMIN).count() == 1


def test_without_the_lock_nobody_would_remain(unlocked):
    one = factories.user(Role.ENTERPRISE_ADMIN)
    other = factories.user(Role.ENTERPRISE_ADMIN, of=one.enterprise)
    unlocked(people, "_record")
    race = Race()
    race.start("one", demotes(one, other))
    race.start("other", demotes(other, one))
    race.finish()
    assert User.objects.filter(role=Role.ENTERPRISE_ADMIN).count() == 0


def offices() -> list[tuple[LetterBatch, User]]:
    found = []
    for region in (factories.KUNSHAN, factories.CITY):
        keeper = factories.user(Role.KEEPER, of=factories.bureau("civil", region))
        job = Job.objects.create(kind="issue_accounts", owner=keeper, created_at=clock.now())
        found.append((LetterBatch.objects.create(job=job, issued_by=keeper, created_at=clock.now()), keeper))
    return found


def issues(batch, keeper, unit):
    return lambda: make_accounts(batch=batch, enterprise_ids=[unit.pk], actor=keeper)


def test_two_offices_issuing_at_once_make_one_account():
    unit, race = factories.enterprise(), Race()
    both = offices()
    with holding(Enterprise.objects.all()):
        for number, (batch, keeper) in enumerate(both):
            race.start(str(number), issues(batch, keeper, unit))
    assert sorted(len(made) for made in race.finish().values()) == [0, 1]
    assert User.objects.filter(enterprise=unit).count() == 1


def test_without_the_lock_they_would_make_two(unlocked):
    unit, race = factories.enterprise(), Race()
    both = offices()
    unlocked(issuing, "new_accounts")
    for number, (batch, keeper) in enumerate(both):
        race.start(str(number), issues(batch, keeper, unit))
    race.finish()
    assert User.objects.filter(enterprise=unit).count() == 2
