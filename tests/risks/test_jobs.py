"""Everybody rated at night: figures, nothing written twice, and going on after being killed."""

import pytest

from riskreport.ground.domain.jobs import run_job, start_job
from riskreport.ground.models import Job
from riskreport.ground.models.job import JobState
from risks import jobs as rating_jobs
from risks.domain import rating
from risks.models import Rating
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(db):
    return factories.rating_rule()


@pytest.fixture
def chunks(monkeypatch):
    monkeypatch.setattr(rating, "CHUNK", 2)


def night() -> Job:
    job = start_job(kind="night.ratings", owner=None, params={})
    run_job(job_id=job.pk)
    job.refresh_from_db()
    return job


def test_the_night_rates_everybody_once(rule, chunks):
    for _ in range(5):
        factories.enterprise()
    first = night()
    assert (first.state, first.result["written"], first.result["grey"]) == (JobState.DONE, 5, 5)
    assert night().result["written"] == 0
    assert Rating.objects.count() == 5


def test_without_a_rule_nobody_is_rated(db, chunks):
    factories.enterprise()
    assert night().result["written"] == 0


def test_a_killed_run_goes_on_where_it_ended(rule, chunks, monkeypatch):
    units = [factories.enterprise() for _ in range(5)]
    whole, seen = rating_jobs.rate_next, []

    def dying(rule, before):
        seen.append(before.last)
        if len(seen) == 3:
            raise RuntimeError("killed")
        return whole(rule, before)

    monkeypatch.setattr(rating_jobs, "rate_next", dying)
    job = night()
    assert (job.state, job.done, job.result) == (JobState.WAITING, units[3].pk, {"written": 4})
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["written"]) == (JobState.DONE, 5)
    assert seen[3] == units[3].pk
