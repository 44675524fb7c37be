"""Against notices that pile up: unread ones about the same thing become one line, and one mail a night tells of all."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum

from riskreport.ground import clock
from riskreport.ground.models import Delivery, Notice
from riskreport.ground.models.reminder import Channel

PEOPLE = 200  # whose notices are folded in one transaction


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


def write_digests(*, on: dt.date) -> int:
    """Write one mail for each person with an address who has got notices since the last one; return how many people.

    Who is reminded by mail that day, or was written to, gets no second one; who has switched mails off gets none. It
    says how many, not what, for it leaves the house. A second call on a day writes none.
    """
    mails = Delivery.objects.filter(channel=Channel.MAIL)
    last = mails.filter(user=OuterRef("pk")).order_by("-created_at").values("created_at")[:1]
    people = get_user_model().objects.filter(is_active=True, wants_mail=True).exclude(email="").annotate(told_at=last)
    since = Q(notices__read_at=None) & (Q(told_at=None) | Q(notices__created_at__gt=F("told_at")))
    people = people.annotate(fresh=Count("notices", filter=since))
    moment = clock.now()
    rows = [
        Delivery(user=person, day=on, channel=Channel.MAIL, due_at=moment, created_at=moment)
        for person in people.filter(fresh__gt=0).iterator(chunk_size=1000)
    ]
    before = mails.count()
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return mails.count() - before
