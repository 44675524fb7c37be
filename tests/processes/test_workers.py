"""Workers killed, brokers wiped, poison, jobs dropped: it still happens, once. Each with the guard off as control."""

import time

import pytest
from django.db import transaction

from riskreport.ground import clock
from riskreport.ground.domain.events import MOST_TRIES, record_event
from riskreport.ground.domain.jobs import start_job, sweep_jobs
from riskreport.ground.domain.nudge import nudge_job, nudge_reactions
from riskreport.ground.models import Event, Job, Pending
from riskreport.ground.models.job import JobState

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def happen(kind="test.process") -> Event:
    with transaction.atomic():
        return record_event(kind=kind, actor=None)


def effects(event) -> int:
    return Event.objects.filter(kind="test.effect", data__of=event.pk).count()


def is_done(event) -> bool:
    return event.reactions.filter(done_at__isnull=False).exists()


# --- killed between the effect and its mark -------------------------------------------------------------------------
def kill_between_effect_and_mark(worker, stone, eventually, **environment) -> Event:
    """Let one worker die between effect and mark and a second one run what is due."""
    first = worker(STUMBLE=str(stone), **environment)
    event = happen()
    eventually(lambda: first.poll() is not None)
    assert not stone.exists()
    assert first.returncode == -9
    worker(**environment)
    nudge_reactions("quick")
    later = happen()
    eventually(lambda: is_done(later))
    return event


def test_a_worker_killed_between_effect_and_mark_leaves_one_effect(worker, stone, eventually):
    event = kill_between_effect_and_mark(worker, stone, eventually)
    assert is_done(event)
    assert effects(event) == 1


def test_control_with_the_mark_in_a_second_transaction_the_effect_is_doubled(worker, stone, eventually):
    event = kill_between_effect_and_mark(worker, stone, eventually, GUARD_OFF="mark")
    assert effects(event) == 2


def test_control_with_the_mark_written_first_the_effect_is_lost(worker, stone, eventually):
    event = kill_between_effect_and_mark(worker, stone, eventually, GUARD_OFF="mark first")
    assert is_done(event)
    assert effects(event) == 0


# --- the broker wiped -----------------------------------------------------------------------------------------------
def test_a_wiped_broker_delays_a_reaction_and_beat_brings_it(worker, beat, wipe_broker, eventually):
    event = happen()
    wipe_broker()
    worker()
    time.sleep(2)
    assert effects(event) == 0, "the control: with its message gone nobody asks for it"
    beat()
    eventually(lambda: is_done(event))
    assert effects(event) == 1


# --- poison ---------------------------------------------------------------------------------------------------------
def test_poison_is_parked_after_five_tries_and_the_queue_goes_on(worker, eventually):
    worker(FAST="1")
    poisoned, sound = happen("test.poison"), happen()
    eventually(lambda: is_done(sound) and poisoned.reactions.get().parked_at)
    row = poisoned.reactions.get()
    assert (row.tries, row.error) == (MOST_TRIES, "ValueError: poison")


def test_control_without_parking_poison_is_tried_for_ever(worker, eventually):
    worker(FAST="1", GUARD_OFF="parking")
    poisoned = happen("test.poison")
    eventually(lambda: poisoned.reactions.get().tries > 3 * MOST_TRIES)
    assert Pending.objects.get(event=poisoned).parked_at is None


# --- jobs -----------------------------------------------------------------------------------------------------------
def test_a_job_whose_worker_is_killed_is_taken_over_when_its_lease_has_lapsed(worker, stone, eventually):
    first = worker("bulk", STUMBLE=str(stone), JOB_LEASE_SECONDS="600")
    job = start_job(kind="test.kill", owner=None, params={})
    eventually(lambda: first.poll() is not None)
    worker("bulk")
    job.refresh_from_db()
    assert (job.state, job.tries, job.done) == (JobState.RUNNING, 1, 1)
    nudge_job(job.pk, "bulk")
    assert sweep_jobs() == 0, "the control: as long as the lease holds nobody takes the job over"
    Job.objects.filter(pk=job.pk).update(lease_until=clock.now())
    assert sweep_jobs() == 1
    eventually(lambda: Job.objects.filter(pk=job.pk, state=JobState.DONE).exists())
    job.refresh_from_db()
    assert (job.tries, job.result) == (2, {"by_try": 2})


def tries_of(job) -> list[int]:
    return sorted(row.data["try"] for row in Event.objects.filter(kind="test.try", data__job=job.pk))


def run_twice_at_once(worker, eventually, **environment) -> Job:
    """Give one job to two workers, the second while the first is at it."""
    for _ in range(2):
        worker("bulk", **environment)
    job = start_job(kind="test.slow", owner=None, params={})
    eventually(lambda: tries_of(job) == [1])
    nudge_job(job.pk, "bulk")
    eventually(lambda: Job.objects.filter(pk=job.pk, state=JobState.DONE).exists())
    time.sleep(0.5)
    return job


def test_a_job_that_tells_of_its_progress_outlives_its_first_lease_and_runs_once(worker, eventually):
    job = run_twice_at_once(worker, eventually, JOB_LEASE_SECONDS="1")
    assert tries_of(job) == [1]


def test_control_without_a_lease_two_workers_do_the_same_job(worker, eventually):
    job = run_twice_at_once(worker, eventually, GUARD_OFF="lease")
    assert tries_of(job) == [1, 2]
