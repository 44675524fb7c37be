"""The one clock: the database's time plus an offset that only the demo and the tests may set.

Several web and worker machines agree on what is due because they all measure how far their own clock is from the
database's. The distance and the offset are read once and kept for a while per process, so asking costs no query.
"""

import datetime as dt
import time

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

SKEW_SECONDS = 300.0
OFFSET_SECONDS = 5.0
_known: dict[str, float] = {"skew": 0.0, "skew_until": -1.0, "offset": 0.0, "offset_until": -1.0}


def now() -> dt.datetime:
    """Return the current time, timezone-aware."""
    return timezone.now() + dt.timedelta(seconds=_skew() + _offset())


def today() -> dt.date:
    """Return the current date in the city's time zone."""
    return timezone.localdate(now())


def end_of(day: dt.date) -> dt.datetime:
    """Return the first moment after ``day`` in the city's time zone: ``at < end_of(day)`` means on or before it."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


def set_offset(seconds: float) -> None:
    """Move the clock by ``seconds`` from real time, for every process. Raises outside DEMO and tests."""
    from riskreport.ground.models import ClockOffset

    if not (settings.DEMO or getattr(settings, "CLOCK_MAY_MOVE", False)):
        raise ImproperlyConfigured("Only the demo and the tests may move the clock.")
    ClockOffset.objects.update_or_create(id=1, defaults={"seconds": int(seconds)})
    forget()


def forget() -> None:
    """Drop what this process knows, so that the next call reads it again."""
    _known.update(skew_until=-1.0, offset_until=-1.0)


def _skew() -> float:
    if connection.vendor != "postgresql":
        return 0.0
    if time.monotonic() > _known["skew_until"]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            _known["skew"] = round(float(cursor.fetchone()[0]) - time.time(), 2)
        _known["skew_until"] = time.monotonic() + SKEW_SECONDS
    return _known["skew"]


def _offset() -> float:
    from riskreport.ground.models import ClockOffset

    if not (settings.DEMO or getattr(settings, "CLOCK_MAY_MOVE", False)):
        return 0.0
    if time.monotonic() > _known["offset_until"]:
        _known["offset"] = float(ClockOffset.objects.values_list("seconds", flat=True).first() or 0)
        _known["offset_until"] = time.monotonic() + OFFSET_SECONDS
    return _known["offset"]
