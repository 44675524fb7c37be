"""Events, the reactions they owe, and how those are run: once, put off, parked, released."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from enterprises.enums import Role
from riskreport.ground import clock, reactions
from riskreport.ground.domain.events import (
    BACK_OFF_SECONDS,
    MOST_TRIES,
    Line,
    owe_reactions,
    record_event,
    release_parked,
    run_due_reactions,
)
from riskreport.ground.models import Event, EventLine, Pending
from riskreport.ground.request import set_request_id
from tests import factories

SUZHOU = ZoneInfo("Asia/Shanghai")
MORNING = dt.datetime(2021, 12, 1, 9, tzinfo=SUZHOU)


@pytest.fixture
def registry(monkeypatch):
    """The registry of reactions, empty for the test."""
    monkeypatch.setattr(reactions, "_reactions", {})
    return reactions.reaction


@pytest.fixture
def calls(registry):
    """The events that a reaction to test.happened has seen."""
    seen = []

    @registry("test.happened")
    def note(event):
        seen.append(event.pk)

    return seen


def happen(**fields) -> Event:
    with transaction.atomic():
        return record_event(**{"kind": "test.happened", "actor": None} | fields)


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused(registry):
    with pytest.raises(transaction.TransactionManagementError):
        record_event(kind="test.happened", actor=None)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_an_event_says_when_who_for_whom_what_and_in_which_request(registry, at):
    at(MORNING)
    set_request_id("request-12345678")
    person = factories.user(Role.REVIEWER)
    event = happen(actor=person, about=person, enterprise_id=7, data={"note": "x"})
    event.refresh_from_db()
    assert abs((event.at - MORNING).total_seconds()) < 5
    assert (event.actor, event.object_type, event.object_id) == (person, "enterprises.user", person.pk)
    assert (event.enterprise_id, event.data, event.request_id) == (7, {"note": "x"}, "request-12345678")
    set_request_id("")


@pytest.mark.django_db
def test_a_bulk_act_records_one_event_with_a_line_per_object(registry):
    lines = [Line("x", number, {"a": 1}, {"a": 2}) for number in range(3)]
    event = happen(lines=lines)
    assert list(event.lines.values_list("object_id", flat=True)) == [0, 1, 2]
    with pytest.raises(TypeError):  # a line is the tuple, and nothing else
        happen(lines=[EventLine(object_type="x", object_id=1)])
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_each_reaction_is_owed_once_and_its_queue_is_nudged_after_commit(registry, nudges):
    registry("test.happened", "test.other", queue="quick")(lambda event: None)

    @registry("test.happened", queue="bulk")
    def slow(event):
        pass

    with transaction.atomic():
        event = record_event(kind="test.happened", actor=None)
        assert nudges == []
    assert sorted(event.reactions.values_list("queue", flat=True)) == ["bulk", "quick"]
    assert sorted(nudges) == [
        ("ground.run_reactions", "bulk", ["bulk"]),
        ("ground.run_reactions", "quick", ["quick"]),
    ]


@pytest.mark.django_db(transaction=True)
def test_an_act_taken_back_leaves_no_event_no_reaction_and_no_nudge(calls, nudges):
    with transaction.atomic():
        record_event(kind="test.happened", actor=None)
        transaction.set_rollback(True)
    assert (Event.objects.count(), Pending.objects.count(), nudges) == (0, 0, [])


@pytest.mark.django_db
def test_owing_the_same_reaction_twice_is_refused_by_the_database(calls):
    event = happen()
    with pytest.raises(IntegrityError), transaction.atomic():
        owe_reactions(events=[event])


@pytest.mark.django_db(transaction=True)
def test_a_reaction_runs_once(calls):
    event = happen()
    assert run_due_reactions(queue="quick") == 1
    assert run_due_reactions(queue="quick") == 0
    assert calls == [event.pk]
    assert event.reactions.get().done_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_queue_runs_its_own_reactions_only(calls):
    happen()
    assert run_due_reactions(queue="bulk") == 0
    assert calls == []


@pytest.mark.django_db(transaction=True)
def test_reactions_run_oldest_first_and_no_more_than_asked_for(calls):
    events = [happen().pk for _ in range(5)]
    assert run_due_reactions(queue="quick", limit=3) == 3
    assert calls == events[:3]
    assert run_due_reactions(queue="quick", limit=3) == 2
    assert calls == events


@pytest.mark.django_db(transaction=True)
def test_a_worker_whose_clock_is_a_little_behind_still_finds_what_it_was_nudged_for(calls, monkeypatch):
    happen()
    behind = clock.now() - dt.timedelta(milliseconds=500)
    monkeypatch.setattr(clock, "now", lambda: behind)
    assert run_due_reactions(queue="quick") == 1


@pytest.fixture
def failing(registry):
    """A reaction that writes a row and then fails, as often as ``left`` says."""
    state = {"left": 99, "tries": 0}

    @registry("test.happened")
    def stumble(event):
        state["tries"] += 1
        factories.line(f"half-{state['tries']}")
        if state["left"]:
            state["left"] -= 1
            raise ValueError("not yet")

    return state


@pytest.mark.django_db(transaction=True)
def test_a_failure_takes_its_half_work_back_and_is_put_off(failing, at):
    at(MORNING)
    event = happen()
    run_due_reactions(queue="quick")
    row = event.reactions.get()
    assert (row.tries, row.done_at, row.parked_at) == (1, None, None)
    assert row.error == "ValueError: not yet"
    assert (row.due_at - clock.now()).total_seconds() == pytest.approx(BACK_OFF_SECONDS[0], abs=2)
    assert not factories.Line.objects.filter(key__startswith="half").exists()


@pytest.mark.django_db(transaction=True)
def test_it_is_tried_again_when_due_and_then_done(failing, at):
    at(MORNING)
    failing["left"] = 1
    event = happen()
    run_due_reactions(queue="quick")
    assert run_due_reactions(queue="quick") == 0
    at(MORNING + dt.timedelta(seconds=BACK_OFF_SECONDS[0] + 3))
    assert run_due_reactions(queue="quick") == 1
    assert event.reactions.get().done_at is not None
    assert factories.Line.objects.filter(key__startswith="half").count() == 1


@pytest.mark.django_db(transaction=True)
def test_after_five_tries_it_is_parked_and_stands_in_nobodys_way(failing, at):
    moment = MORNING
    at(moment)
    event = happen()
    for wait in (*BACK_OFF_SECONDS, 3600):
        assert run_due_reactions(queue="quick") == 1
        moment += dt.timedelta(seconds=wait + 3)
        at(moment)
    row = event.reactions.get()
    assert (row.tries, failing["tries"]) == (MOST_TRIES, MOST_TRIES)
    assert row.parked_at is not None
    assert run_due_reactions(queue="quick") == 0
    failing["left"] = 0
    later = happen()
    assert run_due_reactions(queue="quick") == 1
    assert later.reactions.get().done_at is not None


@pytest.mark.django_db(transaction=True)
def test_one_failing_reaction_does_not_hold_up_the_others(failing, registry):
    seen = []
    registry("test.happened")(lambda event: seen.append(event.pk))
    event = happen()
    run_due_reactions(queue="quick")
    assert seen == [event.pk]


@pytest.mark.django_db(transaction=True)
def test_a_parked_reaction_is_released_once_and_runs_again(failing, nudges, at):
    at(MORNING)
    event = happen()
    Pending.objects.update(parked_at=clock.now(), tries=MOST_TRIES)
    operator = factories.user(Role.OPERATOR)
    nudges.clear()
    for _ in range(2):
        release_parked(pending_id=event.reactions.get().pk, actor=operator)
    assert nudges == [("ground.run_reactions", "quick", ["quick"])]
    assert Event.objects.filter(kind="reaction.released", actor=operator).count() == 1
    failing["left"] = 0
    assert run_due_reactions(queue="quick") == 1
    assert event.reactions.get().done_at is not None


@pytest.mark.django_db
def test_releasing_what_is_not_there_is_said_so():
    with pytest.raises(Pending.DoesNotExist):
        release_parked(pending_id=0, actor=None)


@pytest.mark.django_db(transaction=True)
def test_a_reaction_the_code_no_longer_has_is_put_off_and_not_lost(calls, monkeypatch):
    event = happen()
    monkeypatch.setattr(reactions, "_reactions", {})
    assert run_due_reactions(queue="quick") == 1
    assert (event.reactions.get().tries, event.reactions.get().done_at) == (1, None)


@pytest.mark.django_db
def test_done_and_parked_exclude_each_other(calls):
    happen()
    with pytest.raises(IntegrityError), transaction.atomic():
        Pending.objects.update(done_at=clock.now(), parked_at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_looking_for_work_with_nothing_due_is_one_short_transaction(registry, django_assert_num_queries):
    clock.now()
    with django_assert_num_queries(3):
        run_due_reactions(queue="quick")
