"""Mails that are owed: put together when they are sent, sent at least once, given up after five tries."""

import datetime as dt
import logging
from smtplib import SMTPConnectError, SMTPException, SMTPServerDisconnected
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.reminding import Line, asked_again, line_text, lines_by_person
from riskreport.ground.models import Delivery, Notice, Reminder
from riskreport.ground.models.reminder import Channel, DeliveryOutcome

MOST_TRIES = 5
BACK_OFF_MINUTES = (10, 60, 240, 720)
AT_ONCE = 100  # mails put together at once, through one connection
Said = tuple[list[Line], int]
log = logging.getLogger(__name__)


def owed_mails() -> QuerySet[Delivery]:
    """Return the mails that wait and whose next try is due, oldest first."""
    waiting = Delivery.objects.filter(channel=Channel.MAIL, outcome=DeliveryOutcome.WAITING, due_at__lte=clock.now())
    return waiting.order_by("pk")


def send_mails() -> int:
    """Send what is owed; return how many were sent now.

    What a mail says is asked again for AT_ONCE of them; one with nothing left to say ends unsent. At least once: a mail
    is marked in the transaction in which it was sent, and one sent twice carries the same Message-ID. A refusal is a
    try of that mail, a server that does not answer one try of all that wait; the next try is later each time, and after
    five the mail is parked for the operator.
    """
    sent, last = 0, 0
    while some := list(owed_mails().filter(pk__gt=last).select_related("user")[:AT_ONCE]):
        last = some[-1].pk
        said = _what_they_say(some)
        connection = get_connection()
        try:
            connection.open()
            for row in some:
                sent += _send_or_put_off(row.pk, said[row.pk], connection)
        except OSError as error:  # a server that does not answer: the others need not find that out one by one
            log.warning("the mail server does not answer (%s)", type(error).__name__)
            _put_off(owed_mails(), error)
            break
        finally:
            connection.close()
    return sent


def _send_or_put_off(pk: int, said: Said, connection: Any) -> bool:
    try:
        return _send(pk, said, connection)
    except (SMTPConnectError, SMTPServerDisconnected):
        raise
    except SMTPException as error:
        log.warning("mail %s was not sent (%s)", pk, type(error).__name__)
        _put_off(Delivery.objects.filter(pk=pk), error)
        return False


def _what_they_say(rows: list[Delivery]) -> dict[int, Said]:
    """Return by mail the lines still due of what it was written for, and how many notices its person has not read."""
    people = [row.user_id for row in rows]
    days = {row.day for row in rows}
    told = list(Reminder.objects.filter(user__among=people, told_on__in=days).order_by("pk"))
    still = asked_again(told, on=clock.today()) if told else {}
    by_day = {day: lines_by_person([one for one in told if one.told_on == day], still) for day in days}
    unread = Notice.objects.filter(user__among=people, read_at=None).order_by()
    counts = dict(unread.values_list("user_id").annotate(n=Count("pk")))
    return {row.pk: (by_day[row.day].get(row.user_id, []), counts.get(row.user_id, 0)) for row in rows}


def _send(pk: int, said: Said, connection: Any) -> bool:
    with transaction.atomic():
        waiting = Delivery.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
        row = waiting.filter(pk=pk, outcome=DeliveryOutcome.WAITING).first()
        if row is None:
            return False
        wanted = row.user.is_active and row.user.wants_mail and row.user.email
        row.outcome = DeliveryOutcome.SENT if wanted and any(said) else DeliveryOutcome.NOTHING_LEFT
        row.due_at, row.ended_at = None, clock.now()
        if row.outcome == DeliveryOutcome.SENT:
            row.tries, row.error = row.tries + 1, ""
            _message(row, *said, connection).send()
        row.save(update_fields=["outcome", "due_at", "ended_at", "tries", "error"])
    return row.outcome == DeliveryOutcome.SENT


def _put_off(rows: QuerySet[Delivery], error: OSError) -> None:
    moment, name = clock.now(), type(error).__name__[:60]
    with transaction.atomic():
        found = list(rows.order_by("pk").values_list("pk", "tries"))
        for tries in sorted({tries for _pk, tries in found}):
            mine = Delivery.objects.filter(pk__among=[pk for pk, n in found if n == tries])
            mine = mine.filter(outcome=DeliveryOutcome.WAITING)
            if tries + 1 >= MOST_TRIES:
                mine.update(tries=tries + 1, error=name, outcome=DeliveryOutcome.PARKED, due_at=None, ended_at=moment)
            else:
                later = moment + dt.timedelta(minutes=BACK_OFF_MINUTES[tries])
                mine.update(tries=tries + 1, error=name, due_at=later)


def release_parked_mails(*, actor: Any) -> int:
    """Let every mail that was given up be tried again from now; return how many.

    Side effects, in one transaction: they wait again, with no try counted; event ``mails.released`` with their number.
    A second call finds none and does nothing.
    """
    with transaction.atomic():
        parked = Delivery.objects.filter(channel=Channel.MAIL, outcome=DeliveryOutcome.PARKED)
        count = parked.update(outcome=DeliveryOutcome.WAITING, tries=0, due_at=clock.now(), ended_at=None)
        if count:
            record_event(kind="mails.released", actor=actor, data={"count": count})
    return count


def _message(row: Delivery, lines: list[Line], unread: int, connection: Any) -> EmailMessage:
    with translation.override(row.user.language or settings.LANGUAGE_CODE):
        count = sum(line["count"] for line in lines)
        if lines:
            subject = _("%(count)s reminders of the safety-risk reporting system") % {"count": count}
        else:
            subject = _("%(count)s unread notices in the safety-risk reporting system") % {"count": unread}
        told = [f"· {line_text(line)}\n  {settings.SITE_URL}{line['url']}" for line in lines]
        body = _("You have %(count)s unread notices. Sign in to read them. %(address)s") % {
            "count": unread,
            "address": settings.SITE_URL,
        }
        off = _("You can switch these mails off under “My account”.")
    text = "\n\n".join([*(["\n".join(told)] if told else []), body.strip(), off])
    headers = {"Message-ID": row.message_id, "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, text, to=[row.user.email], headers=headers, connection=connection)
