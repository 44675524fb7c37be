"""``python -m tests.bench.reminders [UNITS]``: what reminding costs, in a test database beside that of DATABASE_URL.

A campaign in which every unit has a report due in 15 days and a person; a night that tells all of them, the night after
it, on which nobody is told, and the mails put together without a server.
"""

import datetime as dt
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DATA_DIR = Path(os.environ.get("DATA_DIR", "var"), "bench-reminders")
os.environ.update(DJANGO_SETTINGS_MODULE="riskreport.settings", DEMO="1", DATA_DIR=str(DATA_DIR), LOG_LEVEL="ERROR")
MAILS = 2000


@contextmanager
def empty_database() -> Iterator[None]:
    """A test database of its own, taken away afterwards."""
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    if connection.vendor == "sqlite":
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(DATA_DIR / "test.sqlite3")
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    print(f"{connection.vendor} · {name} · load {os.getloadavg()[0]:.1f}")
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def build(count: int) -> None:
    """Units, a person each, a report each."""
    from enterprises.models import Enterprise, User
    from review.models import Filing
    from riskreport.ground import clock
    from tests import factories

    today = clock.today()
    campaign = factories.campaign(due_on=today + dt.timedelta(days=15))
    place, group, office = factories.region(factories.HUAQIAO), factories.category("1401"), factories.bureau()
    joined = today - dt.timedelta(days=60)
    units = Enterprise.objects.bulk_create(
        (
            Enterprise(
                name=f"单位{n}", credit_code=factories.credit_code(n), town=place, category=group, joined_on=joined
            )
            for n in range(count)
        ),
        batch_size=2000,
    )
    User.objects.bulk_create(
        (
            User(account=f"u{unit.pk}", name="测试", role="enterprise_admin", enterprise=unit, email="a@example.com")
            for unit in units
        ),
        batch_size=2000,
    )
    Filing.objects.bulk_create(
        (
            Filing(
                campaign=campaign,
                enterprise=unit,
                department=office,
                town=place,
                category=group,
                scale="none",
                joined_on=joined,
                due_on=campaign.due_on,
            )
            for unit in units
        ),
        batch_size=2000,
    )


def timed(name: str, work: Callable[[], Any]) -> None:
    """Do something once and print what it cost."""
    wall, cpu = time.monotonic(), time.process_time()
    answer = work()
    print(f"{name:40} {time.monotonic() - wall:7.1f} s wall {time.process_time() - cpu:7.1f} s CPU  {answer}")


def main(count: int) -> None:
    """Build, then one night after the other."""
    import django

    django.setup()
    from django.conf import settings

    from riskreport.ground import clock
    from riskreport.ground.domain.mailing import send_mails
    from riskreport.ground.domain.reminding import note_due, tell_due
    from riskreport.ground.models import Delivery
    from riskreport.ground.models.reminder import Channel

    settings.MAIL_ON = True
    with empty_database():
        build(count)
        today = clock.today()
        for night in (today, today + dt.timedelta(days=1)):
            timed(f"{night}: noting", lambda night=night: note_due(on=night))
            timed(f"{night}: telling", lambda night=night: tell_due(on=night))
        waiting = Delivery.objects.filter(channel=Channel.MAIL)
        waiting.filter(pk__gt=waiting.order_by("pk")[min(MAILS, count) - 1].pk).delete()
        timed(f"{min(MAILS, count)} mails put together, kept in memory", send_mails)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
