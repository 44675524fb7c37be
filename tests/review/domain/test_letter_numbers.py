"""Numbers without gap or double: twenty writers at once, each with a connection of its own, and the control."""

import sqlite3
import threading
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper

from review.domain.letters import numbering
from review.domain.letters.numbering import take_number
from review.domain.letters.workflow import move_letter
from review.enums import LetterAction, LetterKind
from review.models import Letter, LetterCounter
from tests import factories, letters

WRITERS = 20


def at_once(acts) -> list[object]:
    """Run the acts in a thread each, all let go together; return what each returned or raised."""
    barrier, outcomes = threading.Barrier(len(acts), timeout=60), [None] * len(acts)

    def run(place: int, act) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            outcomes[place] = act()
        except Exception as error:  # the outcome of a race may be a refusal
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
        assert not thread.is_alive()
    return outcomes


def drafts(count: int):
    """Letters of one kind to as many enterprises, ready to be issued, and who issues them."""
    made = letters.world(units=count)
    rows = [letters.letter(made, to=f"enterprise-{one.enterprise_id}") for one in made.filings]
    return made, rows


def issuing(row: Letter, user):
    return lambda: move_letter(letter_id=row.pk, action=LetterAction.ISSUE, user=user, seen_version=row.version)


def numbers() -> list[int]:
    return sorted(Letter.objects.exclude(number=None).values_list("number", flat=True))


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_twenty_writers_at_once_get_twenty_numbers_in_a_row():
    if connection.vendor != "postgresql":
        pytest.skip("the tests' SQLite lies in memory; a file of it is tried below")
    made, rows = drafts(WRITERS)
    outcomes = at_once([issuing(row, made.office) for row in rows])
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert numbers() == list(range(1, WRITERS + 1))
    assert LetterCounter.objects.get().last == WRITERS


@contextmanager
def without_the_lock(monkeypatch):
    """The control: the counter is read without its lock, as a careless writer would, and all read before any writes."""
    barrier = threading.Barrier(WRITERS, timeout=20)

    def careless(**named) -> LetterCounter:
        row = LetterCounter.objects.get(**named)
        barrier.wait()
        return row

    with monkeypatch.context() as patched:
        patched.setattr(numbering, "lock_counter", careless)
        yield


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_writers_take_the_same_number(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race to lose")
    made, rows = drafts(WRITERS)
    LetterCounter.objects.create(issuer=factories.office(), kind=LetterKind.WARNING, year=letters.clock.today().year)
    with without_the_lock(monkeypatch):
        outcomes = at_once([issuing(row, made.office) for row in rows])
    refused = [one for one in outcomes if isinstance(one, IntegrityError)]
    assert len(refused) == WRITERS - 1  # the database's own constraint is the last guard
    assert numbers() == [1]


@pytest.mark.django_db
def test_a_number_that_is_rolled_back_is_given_again():
    office = factories.office()
    named = {"issuer_id": office.pk, "kind": LetterKind.NOTICE, "year": 2021}
    with transaction.atomic():
        assert take_number(**named) == 1
        transaction.set_rollback(True)
    with transaction.atomic():
        assert take_number(**named) == 1
        assert take_number(**named | {"kind": LetterKind.WARNING}) == 1
        assert take_number(**named | {"year": 2022}) == 1
        assert take_number(**named) == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_is_taken_in_a_transaction_only():
    with pytest.raises(RuntimeError, match="transaction"):
        take_number(issuer_id=1, kind=LetterKind.NOTICE, year=2021)


@pytest.mark.django_db(transaction=True)
def test_twenty_writers_to_a_file_of_sqlite(tmp_path):
    """As `make run` has it: one file, twenty connections, each write beginning with the lock of the whole database."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is tried above")
    path = tmp_path / "numbers.sqlite3"
    with sqlite3.connect(path) as file:
        connection.ensure_connection()
        office = factories.office()
        LetterCounter.objects.create(issuer=office, kind=LetterKind.NOTICE, year=2021)
        connection.connection.backup(file)
    outcomes = at_once([lambda: _take_in_file(path, office.pk) for _ in range(WRITERS)])
    assert sorted(outcomes) == list(range(1, WRITERS + 1))


def _take_in_file(path, office: int) -> int:
    """Take a number through a connection of this thread's own to the file."""
    known = connections["default"].settings_dict
    opened = DatabaseWrapper(
        known | {"NAME": str(path), "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 60}}, "default"
    )
    connections["default"] = opened
    with transaction.atomic():
        return take_number(issuer_id=office, kind=LetterKind.NOTICE, year=2021)
