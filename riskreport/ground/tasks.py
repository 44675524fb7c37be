"""Celery tasks of the ground. They take ids and call one domain function."""

from celery import shared_task
from django.conf import settings

from riskreport.ground.domain import events, jobs, mailing, nightly
from riskreport.ground.domain.nudge import nudge_reactions

BATCH = 200


@shared_task(name="ground.run_reactions")
def run_reactions(queue: str) -> None:
    """Run what is due in ``queue``; when more is left than one batch, ask again so that others get a turn."""
    if events.run_due_reactions(queue=queue, limit=BATCH) == BATCH:
        nudge_reactions(queue)


@shared_task(name="ground.run_job")
def run_job(job_id: int) -> None:
    """Run one job."""
    jobs.run_job(job_id=job_id)


@shared_task(name="ground.sweep_jobs")
def sweep_jobs() -> None:
    """Take over what a dead worker dropped."""
    jobs.sweep_jobs()


@shared_task(name="ground.start_nightly")
def start_nightly() -> None:
    """Start what the last night owes and did not get yet."""
    nightly.start_due()


@shared_task(name="ground.send_mails")
def send_mails() -> None:
    """Try again what the mail server did not take."""
    if settings.MAIL_ON:
        mailing.send_mails()
