"""Celery tasks of what is dangerous."""

from celery import shared_task

from risks.domain.publishing import take_due_into_force


@shared_task(name="risks.take_due_into_force")
def catalogues_into_force() -> None:
    """Bring the catalogues whose day has come into force."""
    take_due_into_force()
