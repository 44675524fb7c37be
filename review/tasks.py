"""Celery tasks of the top floor. They take plain values and call one domain function."""

from celery import shared_task

from review.domain.overdue import mark_overdue
from review.domain.tallies.counting import count_marked
from riskreport.ground import clock


@shared_task(name="review.mark_overdue")
def mark_overdue_reports() -> None:
    """Note what is overdue today."""
    mark_overdue(on=clock.today())


@shared_task(name="review.count_tallies")
def count_tallies() -> None:
    """Count anew what changed since the boards' tallies were written."""
    count_marked()
