"""The Celery application: two queues, quick (alerts, reactions) and bulk (imports, exports, runs)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskreport.settings")

app = Celery("riskreport")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
