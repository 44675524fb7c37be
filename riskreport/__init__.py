"""The project package. Importing the Celery application here lets a web process queue work through shared_task."""

from riskreport.celery import app as celery_app

__all__ = ["celery_app"]
