"""Whether a network address may still try first-use codes."""

import datetime as dt

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone


def first_use_opens_again(address: str) -> dt.datetime | None:
    """Return when an address with too many wrong tries may give a first-use code again, None when it may now.

    Counted are the tries of all accounts from there that failed, with a password or with a code, within the time of the
    lock (its clock is the machine's), and that no sign-in of the same account has made good: behind one address a
    township may bring any number of units in, and mistype as people do. One query.
    """
    lock = get_cool_off()
    moment = timezone.now()
    rows = AccessAttempt.objects.filter(ip_address=address, attempt_time__gt=moment - lock).order_by("attempt_time")
    failures = list(rows.values_list("attempt_time", "failures_since_start"))
    left = sum(count for _at, count in failures)
    if left < settings.FIRST_USE_FAILURES:
        return None
    for at, count in failures:
        left -= count
        if left < settings.FIRST_USE_FAILURES:
            return at + lock
    return moment + lock
