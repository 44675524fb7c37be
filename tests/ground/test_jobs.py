"""Jobs: the lease, progress that renews it, a worker overtaken, the sweeper, refusal and poison."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from enterprises.enums import Role
from riskreport.ground import clock
from riskreport.ground.domain import jobs
from riskreport.ground.domain.jobs import JobRefused, LeaseLost, job_handler, run_job, start_job, sweep_jobs
from riskreport.ground.models import Job
from riskreport.ground.models.job import JobState
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
SUZHOU = ZoneInfo("Asia/Shanghai")
MORNING = dt.datetime(2021, 12, 1, 9, tzinfo=SUZHOU)
LEASE = dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)


@pytest.fixture(autouse=True)
def _handlers(monkeypatch):
    monkeypatch.setattr(jobs, "_handlers", {})


@pytest.fixture
def start(at):
    """A function that starts a job done by the function it is given, at nine in the morning."""
    at(MORNING)

    def make(handler, **fields):
        job_handler("test")(handler)
        return start_job(**{"kind": "test", "owner": None, "params": {}} | fields)

    return make


def test_a_job_is_done_and_its_worker_is_nudged_after_commit(start, nudges):
    owner = factories.user(Role.OFFICE)
    job = start(lambda job, progress: {"rows": job.params["n"]}, owner=owner, params={"n": 3}, title="名册", total=3)
    assert nudges == [("ground.run_job", "bulk", [job.pk])]
    assert job.state == JobState.WAITING
    assert run_job(job_id=job.pk) is True
    job.refresh_from_db()
    assert (job.state, job.result, job.tries, job.percent) == (JobState.DONE, {"rows": 3}, 1, 100)
    assert job.ended_at is not None
    assert job.lease_until is None


def test_a_kind_nobody_handles_is_refused(start):
    with pytest.raises(KeyError):
        start_job(kind="unknown", owner=None, params={})
    assert not Job.objects.exists()


def test_a_job_whose_act_is_taken_back_was_never_started(start, nudges):
    with transaction.atomic():
        start(lambda job, progress: None)
        transaction.set_rollback(True)
    assert (Job.objects.count(), nudges) == (0, [])


def test_a_second_worker_finds_nothing_to_do_while_it_runs_and_after_it_ended(start):
    seen = []

    def handle(job, progress):
        seen.append(run_job(job_id=job.pk))

    job = start(handle)
    assert run_job(job_id=job.pk) is True
    assert run_job(job_id=job.pk) is False
    assert seen == [False]


def test_progress_is_seen_and_renews_the_lease(start, at):
    def handle(job, progress):
        at(MORNING + LEASE - dt.timedelta(seconds=10))
        progress.at(2, total=4)
        row = Job.objects.get(pk=job.pk)
        assert (row.done, row.total, row.percent) == (2, 4, 50)
        assert row.lease_until > clock.now() + LEASE - dt.timedelta(seconds=5)
        at(MORNING + LEASE + dt.timedelta(seconds=60))
        assert run_job(job_id=job.pk) is False

    job = start(handle)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_percent_says_100_only_when_done(start):
    job = start(lambda job, progress: progress.at(5, total=5))
    job.done, job.total = 5, 5
    assert job.percent == 99
    job.total = 0
    assert job.percent == 0


def test_a_worker_overtaken_stops_at_its_next_progress_and_leaves_the_job_alone(start, at):
    log = []

    def handle(job, progress):
        log.append(job.tries)
        if job.tries == 1:
            at(MORNING + LEASE + dt.timedelta(seconds=1))
            assert run_job(job_id=job.pk) is True
            with pytest.raises(LeaseLost):
                progress.at(1)
            progress.at(1)
        return {"by": job.tries}

    job = start(handle)
    assert run_job(job_id=job.pk) is True
    job.refresh_from_db()
    assert log == [1, 2]
    assert (job.state, job.result, job.tries, job.done) == (JobState.DONE, {"by": 2}, 2, 0)


def test_a_worker_overtaken_that_never_looks_cannot_overwrite_the_result(start, at):
    def handle(job, progress):
        if job.tries == 1:
            at(MORNING + LEASE + dt.timedelta(seconds=1))
            run_job(job_id=job.pk)
        return {"by": job.tries}

    job = start(handle)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.result == {"by": 2}


def test_a_refused_job_is_not_tried_again_and_says_why(start):
    def handle(job, progress):
        raise JobRefused("The roster is empty.")

    job = start(handle)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, job.tries) == (JobState.FAILED, "The roster is empty.", 1)
    assert run_job(job_id=job.pk) is False


def test_a_failing_job_waits_for_the_sweeper_and_is_parked_after_five_tries(start, nudges, at):
    def handle(job, progress):
        raise ValueError("broken")

    job = start(handle)
    for turn in range(jobs.MOST_TRIES):
        assert run_job(job_id=job.pk) is True
        job.refresh_from_db()
        assert job.state == (JobState.FAILED if turn == jobs.MOST_TRIES - 1 else JobState.WAITING)
    assert job.error == "ValueError: broken"
    at(MORNING + dt.timedelta(hours=1))
    nudges.clear()
    assert (sweep_jobs(), run_job(job_id=job.pk), nudges) == (0, False, [])


def test_the_sweeper_leaves_alone_what_is_fresh_or_held(start, at, nudges):
    def handle(job, progress):
        nudges.clear()
        assert sweep_jobs() == 0

    job = start(handle)
    assert sweep_jobs() == 0
    run_job(job_id=job.pk)
    assert nudges == []


def test_the_sweeper_nudges_what_waits_and_what_a_dead_worker_dropped(start, at, nudges):
    waiting, dropped = start(lambda job, progress: None), start(lambda job, progress: None, queue="quick")
    Job.objects.filter(pk=dropped.pk).update(state=JobState.RUNNING, tries=1, lease_until=clock.now() + LEASE)
    at(MORNING + LEASE + dt.timedelta(seconds=1))
    nudges.clear()
    assert sweep_jobs() == 2
    assert nudges == [("ground.run_job", "bulk", [waiting.pk]), ("ground.run_job", "quick", [dropped.pk])]
    assert run_job(job_id=dropped.pk) is True
    dropped.refresh_from_db()
    assert (dropped.state, dropped.tries) == (JobState.DONE, 2)


def test_a_job_that_kills_its_worker_each_time_is_ended_by_the_sweeper(start, at):
    job = start(lambda job, progress: None)
    Job.objects.update(state=JobState.RUNNING, tries=jobs.MOST_TRIES, lease_until=clock.now())
    at(MORNING + dt.timedelta(seconds=1))
    assert sweep_jobs() == 0
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error


def test_the_database_wants_a_lease_while_running_and_an_end_when_ended(start):
    job = start(lambda job, progress: None)
    for wrong in ({"state": JobState.RUNNING}, {"state": JobState.DONE}, {"ended_at": MORNING}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(**wrong)


def test_the_file_a_job_made_is_kept_with_its_name(start):
    def handle(job, progress):
        job.file, job.file_name = "jobs/1.xlsx", "名册.xlsx"

    job = start(handle)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.file, job.file_name, job.result) == ("jobs/1.xlsx", "名册.xlsx", {})


def test_one_long_transaction_keeps_the_lease_as_long_as_it_says(start, at):
    def work(job, progress):
        progress.hold(900)
        at(MORNING + LEASE * 2)
        assert run_job(job_id=job.pk) is False
        at(MORNING + dt.timedelta(seconds=901))
        Job.objects.filter(pk=job.pk).update(tries=2)
        with pytest.raises(LeaseLost):
            progress.hold(900)

    run_job(job_id=start(work).pk)
    assert Job.objects.get().tries == 2
