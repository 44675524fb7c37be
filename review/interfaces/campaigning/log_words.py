"""What happened to a reporting task, in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from riskreport.ground.models import Event

TEXTS: dict[str, str | Promise] = {
    "campaign.created": _l("Made the reporting task"),
    "campaign.launched": _l("Launched: %(obligations)s units are asked"),
    "campaign.phase_launched": _l("Launched “%(phase)s”: %(obligations)s units are asked by now"),
    "campaign.phase_moved": _l("Moved “%(phase)s” to %(opens_on)s – %(due_on)s"),
    "campaign.step_saved": _l("Changed a step of the checklist of sector %(sector)s"),
    "campaign.closed": _l("Closed; the figures were kept"),
    "campaign.reopened": _l("Opened again; %(units)s units followed the roster"),
    "campaign.periodic_due": _l("It is time for the periodic reports that open on %(opens_on)s"),
    "extension.granted_many": _l("Extended %(obligations)s reports to %(new)s"),
}


@dataclass(frozen=True)
class LogLine:
    """One line: when, who, what, why."""

    at: dt.datetime
    who: str
    text: str
    reason: str


def log_lines(events: Iterable[Event]) -> list[LogLine]:
    """Return the events that have words, as lines."""
    return [
        LogLine(
            event.at,
            event.actor.name if event.actor else _("The system"),
            str(TEXTS[event.kind]) % event.data,
            str(event.data.get("reason", "")),
        )
        for event in events
        if event.kind in TEXTS
    ]
