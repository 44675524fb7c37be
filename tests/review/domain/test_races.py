"""Two at once, on PostgreSQL: double submit, two reviewers, an edit while it is decided, two saves of one section.

The order is fixed: one transaction holds the filing's row, the others are started and seen to wait for it in
pg_stat_activity, then it lets go. Each race is run a second time with its guard off, to show that the fault is seen.
"""

import threading
import time
import uuid
from contextlib import contextmanager, suppress

import pytest
from django.db import IntegrityError, connection, connections, transaction

from enterprises.enums import Role
from review.domain import sections, workflow
from review.domain.sections import ContentConflict, save_section
from review.domain.workflow import MoveRefused, StaleFiling, move_filing
from review.enums import FilingState
from review.models import Filing, FilingSection
from riskreport.ground.access import Refused
from riskreport.ground.domain import events
from riskreport.ground.domain.events import record_event, run_due_reactions
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.models import Event, RequestKey
from tests import factories

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race to lose")


class Race:
    """Starts each act in a thread with its own connection and keeps what it returned or raised."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.outcomes: dict[str, object] = {}

    def start(self, name: str, act) -> None:
        """Run ``act`` in a thread under ``name``."""

        def run() -> None:
            try:
                self.outcomes[name] = act()
            except Exception as error:  # the outcome of a race may be a refusal
                self.outcomes[name] = error
            finally:
                connections.close_all()

        thread = threading.Thread(target=run, daemon=True)
        self.threads.append(thread)
        thread.start()

    def finish(self) -> dict[str, object]:
        """Wait for all and return the outcomes by name."""
        for thread in self.threads:
            thread.join(15)
            assert not thread.is_alive(), "a race that does not end"
        return self.outcomes


def waiting_for_a_lock() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # inside a transaction the view stands still otherwise
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


@contextmanager
def held(filing, waiting: int):
    """Hold the filing's row while the body starts its acts, and let go when ``waiting`` of them wait for it."""
    with transaction.atomic():
        Filing.objects.select_for_update().get(pk=filing.pk)
        yield
        deadline = time.monotonic() + 10
        while waiting_for_a_lock() < waiting:
            assert time.monotonic() < deadline, "nobody waits: the acts do not lock the filing"
            time.sleep(0.02)


@contextmanager
def meeting(monkeypatch, module, name: str, parties: int = 2):
    """With the guard off: let ``parties`` acts all come past ``module.name`` before any of them goes on."""
    barrier = threading.Barrier(parties, timeout=10)
    original = getattr(module, name)

    def meet(*args, **options):
        found = original(*args, **options)
        barrier.wait()
        return found

    monkeypatch.setattr(module, name, meet)
    yield


def unlocked(monkeypatch) -> None:
    """Take the guard off: the filing is read without its lock, as a careless executor would."""

    def read(filing_id: int) -> Filing:
        return Filing.objects.select_related("campaign", "enterprise", "department", "category", "town").get(
            pk=filing_id
        )

    monkeypatch.setattr(workflow, "lock_filing", read)
    monkeypatch.setattr(sections, "lock_filing", read)


def move(filing, action, person, **options):
    defaults = {"seen_version": filing.version, "reason": factories.REASON, "given": {}}
    return lambda: move_filing(filing_id=filing.pk, action=action, user=person, **defaults | options)


# --- double submit --------------------------------------------------------------------------------------------------
def test_a_double_click_submits_once_and_both_get_the_same_receipt():
    filing, key = factories.filing(FilingState.DRAFTING), str(uuid.uuid4())
    race = Race()
    with held(filing, waiting=2):
        for name in ("first", "second"):
            race.start(name, move(filing, "submit", factories.writer_of(filing), key=key))
    outcomes = race.finish()
    assert sorted(moved.repeated for moved in outcomes.values()) == [False, True]
    assert outcomes["first"].answer == outcomes["second"].answer
    assert filing.snapshots.count() == 1
    assert Event.objects.filter(kind="filing.submit").count() == 1


def test_without_a_key_the_second_click_is_told_that_the_report_has_moved_on():
    filing = factories.filing(FilingState.DRAFTING)
    race = Race()
    with held(filing, waiting=2):
        for name in ("first", "second"):
            race.start(name, move(filing, "submit", factories.writer_of(filing)))
    outcomes = race.finish()
    assert sum(isinstance(outcome, StaleFiling) for outcome in outcomes.values()) == 1
    assert filing.snapshots.count() == 1


def test_control_without_lock_and_constraint_a_double_click_submits_twice(monkeypatch):
    """The lock off, one guard is left: the unique number of a snapshot. With that gone too, both clicks count."""
    filing, key = factories.filing(FilingState.DRAFTING), str(uuid.uuid4())
    unlocked(monkeypatch)
    numbers = iter((1, 2))
    real = workflow.effects.snapshots.take_snapshot

    def numbered(**options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(1)")
        options["filing"].snapshots.aggregate = lambda **names: {"last": next(numbers) - 1}
        return real(**options)

    race = Race()
    with monkeypatch.context() as patch:
        patch.setattr(workflow.effects.snapshots, "take_snapshot", numbered)
        patch.setattr(workflow, "keep_answer", lambda **options: None)
        with meeting(patch, workflow, "_allowed_move"):
            for name in ("first", "second"):
                race.start(name, move(filing, "submit", factories.writer_of(filing), key=key))
            outcomes = race.finish()
    assert [getattr(outcome, "repeated", outcome) for outcome in outcomes.values()] == [False, False]
    assert Event.objects.filter(kind="filing.submit").count() == 2


def test_one_key_for_two_reports_at_once_counts_for_one_of_them():
    first = factories.filing(FilingState.DRAFTING)
    second = factories.filing(FilingState.DRAFTING, of=first.enterprise, campaign=factories.campaign())
    key, race = str(uuid.uuid4()), Race()
    with held(first, waiting=2), held(second, waiting=0):
        for filing in (first, second):
            race.start(str(filing.pk), move(filing, "submit", factories.writer_of(first), key=key))
    outcomes = race.finish()
    assert sum(isinstance(outcome, KeyReused | IntegrityError) for outcome in outcomes.values()) == 1
    assert RequestKey.objects.filter(key=key).count() == 1
    assert Event.objects.filter(kind="filing.submit").count() == 1


# --- two reviewers --------------------------------------------------------------------------------------------------
def test_two_reviewers_claiming_at_once_one_gets_it():
    filing = factories.filing(FilingState.SUBMITTED)
    reviewers = {name: factories.user(Role.REVIEWER, of=filing.department) for name in ("first", "second")}
    race = Race()
    with held(filing, waiting=2):
        for name, person in reviewers.items():
            race.start(name, move(filing, "claim", person))
    outcomes = race.finish()
    (winner,) = [name for name, outcome in outcomes.items() if not isinstance(outcome, Exception)]
    (loser,) = set(outcomes) - {winner}
    assert isinstance(outcomes[loser], StaleFiling)
    filing.refresh_from_db()
    assert (filing.state, filing.claimed_by) == (FilingState.IN_REVIEW, reviewers[winner])
    assert Event.objects.filter(kind="filing.claim").count() == 1


def test_control_without_the_lock_two_reviewers_both_believe_they_have_it(monkeypatch):
    filing = factories.filing(FilingState.SUBMITTED)
    unlocked(monkeypatch)
    race = Race()
    with meeting(monkeypatch, workflow, "_allowed_move"):
        for name in ("first", "second"):
            race.start(name, move(filing, "claim", factories.user(Role.REVIEWER, of=filing.department)))
        outcomes = race.finish()
    assert not any(isinstance(outcome, Exception) for outcome in outcomes.values())
    assert Event.objects.filter(kind="filing.claim").count() == 2


def test_return_and_approve_at_once_one_is_decided():
    filing = factories.filing(FilingState.IN_REVIEW)
    race = Race()
    with held(filing, waiting=2):
        race.start("return", move(filing, "return", filing.claimed_by))
        race.start("approve", move(filing, "approve", filing.claimed_by))
    outcomes = race.finish()
    assert sum(isinstance(outcome, StaleFiling) for outcome in outcomes.values()) == 1
    assert filing.decisions.count() == 1
    filing.refresh_from_db()
    assert filing.state == {"returned": "returned", "approved": "approved"}[filing.decisions.get().outcome]


# --- an edit while it is handed in ----------------------------------------------------------------------------------
def save(filing, text, seen_version):
    data = {**factories.BASIC, "employees": text}
    return lambda: save_section(
        filing_id=filing.pk,
        key="basic",
        data=data,
        user=factories.writer_of(filing),
        seen_version=seen_version,
    )


def last_snapshot_says(filing) -> str:
    return filing.snapshots.order_by("number").last().content


def test_an_edit_that_comes_while_it_is_submitted_is_refused_and_not_smuggled_in():
    filing = factories.filing(FilingState.DRAFTING)
    version = filing.sections.get(key="basic").version
    writer = factories.writer_of(filing)
    race = Race()
    with transaction.atomic():
        move(filing, "submit", writer)()
        race.start("edit", save(filing, "999", version))
        deadline = time.monotonic() + 10
        while waiting_for_a_lock() < 1:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert isinstance(race.finish()["edit"], Refused)
    assert filing.sections.get(key="basic").data["employees"] == "35"
    assert '"employees":"35"' in last_snapshot_says(filing)


def test_control_without_the_lock_an_edit_slips_in_behind_the_snapshot(monkeypatch):
    filing = factories.filing(FilingState.DRAFTING)
    version = filing.sections.get(key="basic").version
    unlocked(monkeypatch)
    race = Race()
    with transaction.atomic():
        move(filing, "submit", factories.writer_of(filing))()
        race.start("edit", save(filing, "999", version))
        outcome = race.finish()["edit"]
    assert isinstance(outcome, FilingSection)
    filing.refresh_from_db()
    assert filing.state == FilingState.SUBMITTED
    assert filing.sections.get(key="basic").data["employees"] == "999"
    assert '"employees":"35"' in last_snapshot_says(filing)


# --- two saves of one section ---------------------------------------------------------------------------------------
def test_two_saves_of_one_section_keep_both_texts():
    filing = factories.filing(FilingState.DRAFTING)
    version = filing.sections.get(key="basic").version
    race = Race()
    with held(filing, waiting=2):
        race.start("41", save(filing, "41", version))
        race.start("42", save(filing, "42", version))
    outcomes = race.finish()
    (loser,) = [name for name, outcome in outcomes.items() if isinstance(outcome, ContentConflict)]
    (winner,) = set(outcomes) - {loser}
    assert filing.sections.get(key="basic").data["employees"] == winner
    assert (outcomes[loser].theirs["employees"], outcomes[loser].yours["employees"]) == (winner, loser)


def test_control_without_the_version_the_first_text_is_gone(monkeypatch):
    filing = factories.filing(FilingState.DRAFTING)
    race = Race()

    def overwrite(text):
        def act():
            row = FilingSection.objects.get(filing=filing, key="basic")
            barrier.wait()
            row.data = {**factories.BASIC, "employees": text}
            row.save()
            return row

        return act

    barrier = threading.Barrier(2, timeout=10)
    for text in ("41", "42"):
        race.start(text, overwrite(text))
    outcomes = race.finish()
    assert not any(isinstance(outcome, Exception) for outcome in outcomes.values())
    assert filing.sections.get(key="basic").data["employees"] in {"41", "42"}


def test_two_colleagues_saving_two_new_sections_both_succeed():
    filing = factories.filing()
    factories.move(filing, "start")
    writer = factories.writer_of(filing)
    race = Race()
    with held(filing, waiting=2):
        for key, code in (("check-civil-fire", "MZ-01"), ("check-civil-power", "MZ-03")):
            data = {"answers": {code: {"answer": "present", "note": ""}}}
            race.start(
                key,
                lambda key=key, data=data: save_section(
                    filing_id=filing.pk, key=key, data=data, user=writer, seen_version=0
                ),
            )
    outcomes = race.finish()
    assert all(isinstance(outcome, FilingSection) for outcome in outcomes.values())
    assert sorted(filing.declared_risks.values_list("order", flat=True)) == [0, 1]


# --- two workers ----------------------------------------------------------------------------------------------------
@pytest.fixture
def slow_reaction(monkeypatch):
    """A reaction that two workers would both run, were its row not locked: each waits a moment for the other."""
    from riskreport.ground import reactions

    monkeypatch.setattr(reactions, "_reactions", {})
    barrier = threading.Barrier(2, timeout=2)

    @reactions.reaction("test.race")
    def run(event):
        with suppress(threading.BrokenBarrierError):
            barrier.wait()
        record_event(kind="test.effect", actor=None, data={"of": event.pk})

    return run


def run_in_two_workers() -> dict[str, object]:
    race = Race()
    for name in ("first", "second"):
        race.start(name, lambda: run_due_reactions(queue="quick"))
    return race.finish()


def test_two_workers_run_a_reaction_once(slow_reaction):
    with transaction.atomic():
        record_event(kind="test.race", actor=None)
    outcomes = run_in_two_workers()
    assert sorted(outcomes.values()) == [0, 1]
    assert Event.objects.filter(kind="test.effect").count() == 1


def test_control_without_the_row_lock_two_workers_run_it_twice(slow_reaction, monkeypatch):
    with transaction.atomic():
        record_event(kind="test.race", actor=None)
    rows = events.Pending.objects
    monkeypatch.setattr(type(rows), "select_for_update", lambda self, **options: self.get_queryset())
    run_in_two_workers()
    assert Event.objects.filter(kind="test.effect").count() == 2


def test_of_ten_reviewers_at_once_one_claims_and_nine_are_told():
    filing = factories.filing(FilingState.SUBMITTED)
    race = Race()
    with held(filing, waiting=10):
        for number in range(10):
            person = factories.user(Role.REVIEWER, of=filing.department)
            race.start(str(number), move(filing, "claim", person))
    outcomes = race.finish()
    assert sum(isinstance(outcome, StaleFiling | MoveRefused) for outcome in outcomes.values()) == 9
