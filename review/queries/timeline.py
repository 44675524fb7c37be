"""What happened to an enterprise, in words: who, when, what. Read by key, newest first."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.enums import ENTERPRISE_ROLES
from enterprises.models import User
from review.queries.scope import events_of_unit
from riskreport.ground.models import Event

PAGE = 30

TEXTS: dict[str, tuple[str | Promise, str]] = {
    "filing.start": (_l("Began the report"), "neutral"),
    "filing.submit": (_l("Handed in the report for review (hand-in %(number)s)"), "accent"),
    "filing.withdraw": (_l("Took the report back to change it"), "neutral"),
    "filing.claim": (_l("Took the report for review"), "accent"),
    "filing.put_back": (_l("Put the report back into the queue"), "neutral"),
    "filing.return": (_l("Returned the report for correction"), "warn"),
    "filing.approve": (_l("Approved the first report"), "ok"),
    "filing.file": (_l("Certified and filed the final report (hand-in %(number)s)"), "ok"),
    "filing.reopen": (_l("Reopened the report for a supplement"), "warn"),
    "filing.exempt": (_l("Exempted the unit from this report"), "neutral"),
    "filing.void": (_l("Declared the report void"), "bad"),
    "filing.hand_over": (_l("Handed over to another department, because the unit moved"), "neutral"),
    "filing.supersede": (_l("Declared the report void: the unit was merged and its other report stands"), "neutral"),
    "enterprise.added": (_l("Entered into the roster, from %(on)s"), "accent"),
    "enterprise.changed": (_l("Changed the master data"), "neutral"),
    "enterprise.moved": (_l("Moved to another place, category or scale, from %(on)s"), "accent"),
    "enterprise.suspended": (_l("Suspended from %(on)s"), "warn"),
    "enterprise.resumed": (_l("At work again from %(on)s"), "ok"),
    "enterprise.closed": (_l("Closed on %(on)s"), "bad"),
    "enterprise.written_off": (_l("Written off on %(on)s"), "bad"),
    "enterprise.returned": (_l("Back on the roster from %(on)s"), "ok"),
    "enterprise.categories": (_l("Changed the further categories"), "neutral"),
    "enterprise.coded": (_l("Got its credit code"), "ok"),
    "enterprise.merged": (_l("“%(name)s” (%(code)s) was merged into this unit on %(on)s"), "accent"),
    "enterprise.not_the_same": (_l("Found to be another unit than one that looks alike"), "neutral"),
    "visit.recorded": (_l("Checked the report on the spot on %(on)s"), "accent"),
    "visit.withdrawn": (_l("Took back the record of the visit on %(on)s"), "neutral"),
    "extension.asked": (_l("Asked for time until %(on)s"), "neutral"),
    "extension.granted": (_l("Granted time until %(on)s"), "ok"),
    "extension.refused": (_l("Did not grant time until %(on)s"), "warn"),
    "report.unchanged": (_l("Said that nothing has changed since the final report of %(on)s"), "neutral"),
    "letter.issue": (_l("Issued the letter %(number)s"), "warn"),
    "letter.read": (_l("Signed the receipt of %(number)s"), "neutral"),
    "letter.reply": (_l("Answered %(number)s"), "accent"),
    "letter.return": (_l("Asked for more on the answer to %(number)s"), "warn"),
    "letter.extend": (_l("Gave more time for %(number)s"), "neutral"),
    "letter.hold": (_l("Recorded the interview of %(number)s"), "neutral"),
    "letter.close": (_l("Checked and closed %(number)s"), "ok"),
    "letter.raised": (_l("%(number)s went a level up, because it was overdue"), "bad"),
    "attachment.added": (_l("Attached a file"), "neutral"),
    "attachment.removed": (_l("Removed an attached file"), "neutral"),
    "remark.settled": (_l("Ticked off a remark as mended"), "neutral"),
    "remark.unsettled": (_l("Took the tick of a remark back"), "neutral"),
    "remark.added": (_l("Wrote a remark"), "neutral"),
    "remark.removed": (_l("Removed a remark of one's own"), "neutral"),
    "report.passed_on": (_l("Passed the report on to a colleague of somebody who leaves"), "neutral"),
    "account.first_used": (_l("Took the account into use"), "neutral"),
    "enterprise.phones_read": (_l("Read the telephone numbers in full"), "neutral"),
}
AMONG_DEPARTMENTS = {
    "remark.added",
    "remark.removed",
    "report.passed_on",
    "enterprise.phones_read",
    "enterprise.not_the_same",
}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    pk: int
    at: dt.datetime
    who: str
    text: str
    tone: str
    reason: str
    snapshot_id: int | None


@dataclass(frozen=True)
class Timeline:
    """A page of the timeline and the key the next, older page starts below (None when there is none)."""

    entries: list[Entry]
    older: int | None


def kinds_shown(user: User) -> list[str]:
    """Return the kinds of events that this person may read in words: an enterprise sees no inner remarks."""
    return sorted(set(TEXTS) - AMONG_DEPARTMENTS if user.role in ENTERPRISE_ROLES else set(TEXTS))


def timeline_of(user: User, enterprise_id: int, *, below: int | None = None, size: int = PAGE) -> Timeline:
    """Return one page of the timeline, newest first, of events with an id below ``below``. Two queries."""
    rows = events_of_unit(user, enterprise_id).filter(kind__in=kinds_shown(user))
    rows = rows.select_related("actor__department", "actor__enterprise").order_by("-id")
    if below is not None:
        rows = rows.filter(pk__lt=below)
    found = list(rows[: size + 1])
    entries = [_entry(event, user) for event in found[:size]]
    return Timeline(entries, entries[-1].pk if len(found) > size else None)


def _entry(event: Event, reader: User) -> Entry:
    text, tone = TEXTS[event.kind]
    words = str(text) % {name: event.data.get(name, "") for name in ("number", "on", "name", "code")}
    return Entry(
        event.pk, event.at, actor_name(event.actor, reader), words, tone, event.data.get("reason", ""),
        event.data.get("snapshot"),
    )  # fmt: skip


def actor_name(actor: User | None, reader: User) -> str:
    """Name who acted: the person among colleagues; to an enterprise an official is the department."""
    if actor is None:
        return _("The system")
    if actor.department is None:
        return actor.name
    office = actor.department.short_name or actor.department.label
    return office if reader.role in ENTERPRISE_ROLES else f"{office} · {actor.name}"
