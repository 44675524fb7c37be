"""The Celery application as it ships, with the tests' own reactions and jobs: ``celery -A tests.processes.worker``."""

import django

from riskreport.celery import app

django.setup()

from tests.processes import doings  # noqa: E402  Django must stand before its models are imported

doings.take_place()
__all__ = ["app"]
