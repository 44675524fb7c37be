"""Nightly work: what is due, once, caught up after a night that was missed, and what each kind leaves."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from riskreport.ground import tasks
from riskreport.ground.domain import jobs, nightly
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.domain.nightly import last_night, start_due
from riskreport.ground.jobs import clean
from riskreport.ground.models import Job
from riskreport.ground.models.job import JobState
from tests import factories

pytestmark = pytest.mark.django_db
SUZHOU = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def done(monkeypatch):
    """Two kinds of nightly work; what they were asked to do."""
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(nightly, "_kinds", {})
    asked = []
    for kind in ("one", "two"):
        nightly.nightly(kind, kind, {"n": "n"})(lambda job, progress: asked.append(job.kind) or {"n": len(asked)})
    return asked


def moment(day, hour, minute=0):
    return dt.datetime(2021, 12, day, hour, minute, tzinfo=SUZHOU)


@pytest.mark.parametrize(("hour", "minute", "day"), [(1, 59, 1), (2, 0, 2), (23, 0, 2)])
def test_a_night_is_due_when_its_hour_has_struck(at, hour, minute, day):
    at(moment(2, hour, minute))
    assert last_night() == dt.date(2021, 12, day)


def test_each_kind_runs_once_a_night_however_often_the_clock_asks(done, at, nudges):
    at(moment(2, 2, 5))
    tasks.start_nightly()
    assert start_due() == 0
    assert [name for name, *_rest in nudges] == []  # told after commit
    for job in Job.objects.all():
        run_job(job_id=job.pk)
    assert start_due() == 0
    assert done == ["one", "two"]
    at(moment(3, 2, 5))
    assert start_due() == 2


def test_after_five_nights_off_the_last_one_is_made_up_once(done, at):
    at(moment(2, 3))
    start_due()
    Job.objects.update(state=JobState.DONE, ended_at=moment(2, 4))
    at(moment(7, 9))
    assert start_due() == 2
    assert start_due() == 0
    assert Job.objects.filter(params__night="2021-12-07").count() == 2
    assert Job.objects.count() == 4


def test_work_of_the_night_before_that_has_not_ended_is_left_to_go_on(done, at):
    at(moment(2, 3))
    start_due()
    Job.objects.filter(kind="one").update(state=JobState.DONE, ended_at=moment(2, 4))
    at(moment(3, 3))
    assert start_due() == 1
    assert Job.objects.filter(kind="two").count() == 1


def test_two_clocks_that_look_at_the_same_moment_start_one_job(done, at):
    at(moment(2, 3))
    for _ in range(2):
        jobs.start_job(kind="one", owner=None, params={}, key="one 2021-12-02")
    assert Job.objects.count() == 1


def test_a_later_try_finds_how_far_the_one_before_came(done, at):
    at(moment(2, 3))
    found = []

    def work(job, progress):
        found.append((job.done, job.result))
        if len(found) == 1:
            progress.note(5, {"n": 2})
            raise RuntimeError("killed")
        return {"n": job.result["n"] + 1}

    nightly.nightly("one", "one", {"n": "n"})(work)
    start_due()
    job = Job.objects.get(kind="one")
    run_job(job_id=job.pk)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert found == [(0, {}), (5, {"n": 2})]
    assert job.result == {"n": 3}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL refreshes its statistics by itself")
def test_the_night_tells_sqlite_what_its_tables_hold():
    factories.enterprise()
    clean(None, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'enterprises_enterprise'")
        assert cursor.fetchone()[0] > 0
