"""Seats given to two at once, on PostgreSQL: with the lock one is told that they are taken; without it both get one."""

import threading

import pytest
from django.db import connection, connections

from review.domain.training import attendance
from review.domain.training.attendance import sign_up
from review.domain.training.sessions import TrainingRefused
from review.models import TrainingSession
from tests import factories

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
PARTIES = 4


@pytest.fixture(autouse=True)
def _postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race to lose")


def race(session, people) -> list[object]:
    """Let everybody sign up at once and return what each got: the row or the refusal."""
    outcomes: list[object] = []
    start = threading.Barrier(len(people), timeout=10)

    def act(person) -> None:
        try:
            start.wait()
            outcomes.append(sign_up(session_id=session.pk, user=person, name="学员"))
        except Exception as error:  # the outcome of a race may be a refusal
            outcomes.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(person,), daemon=True) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive(), "a race that does not end"
    return outcomes


def people() -> list:
    return [factories.user(of=factories.enterprise()) for _number in range(PARTIES)]


def test_the_last_seat_is_given_once():
    session = factories.training_session(capacity=1)
    outcomes = race(session, people())
    assert session.attendances.count() == 1
    assert sum(isinstance(one, TrainingRefused) for one in outcomes) == PARTIES - 1


def test_without_the_lock_more_sit_than_there_are_seats(monkeypatch):
    """The control: everybody has read the session before anybody takes a seat, and nobody is held up by its row."""
    session = factories.training_session(capacity=1)
    met = threading.Barrier(PARTIES, timeout=10)
    original = attendance.is_offered_to

    def meet(*arguments) -> bool:
        found = original(*arguments)
        met.wait()
        return found

    def unlocked(session_id: int) -> TrainingSession:
        return TrainingSession.objects.select_related("department", "region").get(pk=session_id)

    monkeypatch.setattr(attendance, "lock_session", unlocked)
    monkeypatch.setattr(attendance, "is_offered_to", meet)
    race(session, people())
    assert session.attendances.count() > 1


def test_a_double_click_gives_one_seat():
    session, person = factories.training_session(capacity=5), people()[0]
    outcomes = race(session, [person] * PARTIES)
    assert session.attendances.count() == 1
    assert [one for one in outcomes if isinstance(one, Exception)] == []
