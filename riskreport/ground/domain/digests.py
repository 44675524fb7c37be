"""Against notices that pile up: unread ones about the same thing become one line, and one mail a night tells of all."""

import datetime as dt
import logging

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from riskreport.ground import clock
from riskreport.ground.models import Mail, Notice

PEOPLE = 200  # whose notices are folded in one transaction
MOST_TRIES = 5
log = logging.getLogger(__name__)


def fold_notices() -> int:
    """Fold each person's unread notices of one kind about one thing into the newest; return how many were folded away.

    What a notice is about is the address it leads to. Side effects, in one transaction for PEOPLE people: the newest
    counts them all in ``times``; the older ones are read and count 0, which takes them out of the inbox. Safe to run
    twice.
    """
    unread = Notice.objects.filter(read_at=None, pk__lte=Notice.objects.aggregate(last=Max("pk"))["last"] or 0)
    unread = unread.exclude(url="")
    several = unread.values("user_id", "kind", "url").annotate(n=Count("pk")).filter(n__gt=1)
    people = sorted({row["user_id"] for row in several})
    chunks = (people[start : start + PEOPLE] for start in range(0, len(people), PEOPLE))
    return sum(_fold(unread.filter(user__in=chunk)) for chunk in chunks)


def _fold(unread: QuerySet[Notice]) -> int:
    with transaction.atomic():
        groups = unread.values("user_id", "kind", "url").annotate(last=Max("pk"), told=Sum("times"), n=Count("pk"))
        counted = {row["last"]: row["told"] for row in groups.filter(n__gt=1)}
        Notice.objects.bulk_update([Notice(pk=pk, times=told) for pk, told in counted.items()], ["times"], 500)
        same = {name: OuterRef(name) for name in ("user_id", "kind", "url")}
        newer = unread.filter(pk__gt=OuterRef("pk"), **same)
        return unread.filter(Exists(newer)).update(read_at=clock.now(), times=0)


def write_digests(*, night: dt.date) -> int:
    """Write one mail for each person with an address who has got notices since the last one; return how many people.

    It says how many, not what: a mail leaves the house. A second call for a night writes none, by the mail's key.
    """
    last = Mail.objects.filter(user=OuterRef("pk")).order_by("-created_at").values("created_at")[:1]
    people = get_user_model().objects.filter(is_active=True).exclude(email="").annotate(told_at=last)
    unread = Q(notices__read_at=None)
    since = unread & (Q(told_at=None) | Q(notices__created_at__gt=F("told_at")))
    people = people.annotate(unread=Count("notices", filter=unread), fresh=Count("notices", filter=since))
    rows = [
        Mail(key=f"digest {person.pk} {night}", user=person, unread=person.unread, created_at=clock.now())
        for person in people.filter(fresh__gt=0).iterator(chunk_size=1000)
    ]
    before = Mail.objects.count()
    Mail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return Mail.objects.count() - before


def send_mails() -> int:
    """Send what is written and not sent yet; return how many were sent now.

    At least once: a mail is marked in the transaction in which it was sent, and one sent twice carries the same
    Message-ID. A failure is counted, and after five tries the mail stays unsent.
    """
    sent = 0
    for pk in Mail.objects.filter(sent_at=None, tries__lt=MOST_TRIES).order_by("pk").values_list("pk", flat=True):
        sent += _send(pk)
    return sent


def _send(pk: int) -> bool:
    with transaction.atomic():
        mail = Mail.objects.select_for_update(of=("self",)).select_related("user").get(pk=pk)
        if mail.sent_at is not None or not mail.user.email:
            return False
        try:
            _message(mail).send()
        except OSError as error:  # whatever the way to the mail server raises
            log.warning("mail %s was not sent (%s)", pk, type(error).__name__)
            mail.tries += 1
            mail.save(update_fields=["tries"])
            return False
        mail.sent_at = clock.now()
        mail.save(update_fields=["sent_at"])
    return True


def _message(mail: Mail) -> EmailMessage:
    with translation.override(mail.user.language or settings.LANGUAGE_CODE):
        subject = _("%(count)s unread notices in the safety-risk reporting system") % {"count": mail.unread}
        body = _("You have %(count)s unread notices. Sign in to read them. %(address)s") % {
            "count": mail.unread,
            "address": settings.SITE_URL,
        }
    return EmailMessage(subject, body.strip(), to=[mail.user.email], headers={"Message-ID": mail.message_id})
