"""Noting what is due and not yet told, and telling it: one digest a person and day, asked again when it is told."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.many_rows import AT_ONCE, write_rows
from riskreport.ground.domain.notices import register_notice
from riskreport.ground.models import Delivery, Notice, Reminder, ReminderDays
from riskreport.ground.models.reminder import Channel, DeliveryOutcome
from riskreport.ground.reminders import Ask, Due, Source, sources

COLUMNS = ("source", "object_id", "step", "user_id")
PEOPLE = 1000  # who are told in one transaction
LINES_EACH = 3  # of one source; where a person has more, one line counts them
KIND = "reminders"
Alive = Callable[[], None]
Line = dict[str, Any]
register_notice(KIND, _l("Reminders of %(day)s: %(count)s things wait for you."))


def days_in_force() -> dict[str, tuple[int, ...]]:
    """Return the days of each source: what the office has set, else what the source came with. One query."""
    row = ReminderDays.objects.first()
    kept = row.days if row else {}
    return {name: tuple(kept.get(name, source.days)) for name, source in sources().items()}


def set_days(*, user: Any, days: dict[str, list[int]], seen_version: int) -> int:
    """Set the days of sources, as the office wants them; return the version that stands now.

    Side effects, in order, in one transaction: the row is locked and its version compared with the one the person saw;
    days and version; event ``reminders.days_set`` with old and new days of the sources that changed. The same days
    change nothing. Raises Refused when somebody else has changed them meanwhile.
    """
    with transaction.atomic():
        ReminderDays.objects.get_or_create(pk=1)
        row = ReminderDays.objects.select_for_update().get(pk=1)
        in_force = days_in_force()
        changed = {name: list(wanted) for name, wanted in days.items() if list(in_force[name]) != list(wanted)}
        if not changed:
            return row.version
        if row.version != seen_version:
            raise Refused(_("Somebody else has changed the days meanwhile. Open the page again and look at them."))
        row.days, row.version = row.days | changed, row.version + 1
        row.save(update_fields=["days", "version"])
        old = {name: list(in_force[name]) for name in changed}
        record_event(kind="reminders.days_set", actor=user, data={"old": old, "new": changed})
    return row.version


def note_due(*, on: dt.date, alive: Alive = lambda: None) -> int:
    """Note everything that is due on a day at a step of which its person was never told; return how much is new.

    Side effects: a Reminder each, some thousand in a transaction. A second call adds none; a missed night is made up by
    the next, at the step reached by then.
    """
    owed = Reminder.objects.filter(told_on=None)
    before = owed.count()
    days = days_in_force()
    for source in sources().values():
        if not days[source.name]:
            continue
        found = source.run(Ask(on, days[source.name]))
        rows = [(source.name, due.object_id, due.step, due.user_id) for due in found]
        for start in range(0, len(rows), AT_ONCE):
            write_rows(Reminder, COLUMNS, rows[start : start + AT_ONCE], skip_known=True)
            alive()
    return owed.count() - before


@dataclass
class Told:
    """How many people were told of how many reminders; how many were settled before; how many mails are owed."""

    people: int = 0
    reminders: int = 0
    settled: int = 0
    mails: int = 0


def tell_due(*, on: dt.date, alive: Alive = lambda: None) -> Told:
    """Tell what is noted and not told yet, one digest a person and day; return what was told.

    Side effects, in order, in one transaction for PEOPLE people: their reminders are locked; each source is asked again
    about them, and what it does not name any more, or names at a later step, is deleted; one notice a person with a
    line for each reminder; its delivery by inbox; a mail that waits, where mail is set up and the person has an address
    and wants mails; the day on each reminder. Who was told on the day already is told the next. A second call tells
    nobody twice, also when the first was killed in between.
    """
    told, last = Told(), 0
    while people := _owed_after(last, on):
        last = people[-1]
        _tell(people, on, told)
        alive()
    return told


def _owed_after(last: int, on: dt.date) -> list[int]:
    had = Delivery.objects.filter(user=OuterRef("user_id"), day=on, channel=Channel.INBOX)
    owed = Reminder.objects.filter(~Exists(had), told_on=None, user_id__gt=last)
    return list(owed.order_by("user_id").values_list("user_id", flat=True).distinct()[:PEOPLE])


def _tell(people: list[int], on: dt.date, told: Told) -> None:
    with transaction.atomic():
        rows = list(Reminder.objects.select_for_update().filter(told_on=None, user__among=people).order_by("pk"))
        still = asked_again(rows, on=on)
        settled = [row.pk for row in rows if row.pk not in still]
        Reminder.objects.filter(pk__among=settled).delete()
        lines = lines_by_person(rows, still)
        moment = clock.now()
        counts = {user_id: sum(line["count"] for line in found) for user_id, found in lines.items()}
        Notice.objects.bulk_create(
            [
                Notice(
                    user_id=user_id,
                    kind=KIND,
                    data={"day": on.isoformat(), "count": counts[user_id], "lines": found},
                    created_at=moment,
                )
                for user_id, found in lines.items()
            ],
            batch_size=1000,
        )
        inbox = {"channel": Channel.INBOX, "outcome": DeliveryOutcome.SENT, "tries": 1, "ended_at": moment}
        mail = {"channel": Channel.MAIL, "due_at": moment}
        wanting = _wanting_mail(lines)
        fields = [(user_id, inbox) for user_id in lines] + [(user_id, mail) for user_id in wanting]
        rows_of = (
            Delivery(user_id=user_id, day=on, lines=counts[user_id], created_at=moment, **given)
            for user_id, given in fields
        )
        Delivery.objects.bulk_create(rows_of, batch_size=1000, ignore_conflicts=True)
        Reminder.objects.filter(pk__among=list(still)).update(told_on=on)
    told.people += len(lines)
    told.reminders += len(still)
    told.settled += len(settled)
    told.mails += len(wanting)


def _wanting_mail(people: Iterable[int]) -> list[int]:
    if not settings.MAIL_ON:
        return []
    rows = get_user_model().objects.filter(pk__among=list(people), is_active=True, wants_mail=True).exclude(email="")
    return list(rows.values_list("pk", flat=True))


def asked_again(rows: Sequence[Reminder], *, on: dt.date) -> dict[int, Due]:
    """Return what of these reminders is still due at the very step, by the reminder's key; a source is asked once."""
    days = days_in_force()
    found: dict[int, Due] = {}
    for source in sources().values():
        mine = {(row.user_id, row.object_id, row.step): row.pk for row in rows if row.source == source.name}
        if mine and days[source.name]:
            for due in source.run(Ask(on, days[source.name], {object_id for _user, object_id, _step in mine})):
                pk = mine.get((due.user_id, due.object_id, due.step))
                if pk is not None:
                    found[pk] = due
    return found


def lines_by_person(rows: Iterable[Reminder], still: dict[int, Due]) -> dict[int, list[Line]]:
    """Return the lines that tell each person, in the order of the sources, from what asked_again has found."""
    grouped: dict[int, dict[str, list[Due]]] = {}
    for row in rows:
        if row.pk in still:
            grouped.setdefault(row.user_id, {}).setdefault(row.source, []).append(still[row.pk])
    return {
        user_id: [line for source in sources().values() for line in _lines(source, by_source.get(source.name, []))]
        for user_id, by_source in grouped.items()
    }


def _lines(source: Source, dues: list[Due]) -> list[Line]:
    if len(dues) > LINES_EACH:
        return [{"source": source.name, "count": len(dues), "url": reverse(source.many_url)}]
    return [{"source": source.name, "count": 1, "data": due.data, "url": due.url} for due in dues]


def line_text(line: Line) -> str:
    """Return a line in the active language; one that this release cannot word shows the name of its source."""
    source = sources().get(line["source"])
    try:
        if source is None:
            return str(line["source"])
        return str(source.one) % line["data"] if "data" in line else str(source.many) % {"count": line["count"]}
    except (KeyError, TypeError, ValueError):
        return str(source.title)
