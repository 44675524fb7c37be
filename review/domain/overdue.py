"""Reports past their day, written down to Standing for the colour."""

import datetime as dt

from django.db import transaction
from django.db.models import Min

from review.enums import CampaignState
from review.models import Filing
from review.queries.completion import STAGES
from riskreport.ground.domain.events import record_event
from riskreport.ground.models import EventLine
from risks.domain.standing import Overdue, note_overdue


def mark_overdue(*, on: dt.date) -> int:
    """Note which enterprises owe a report that was due before ``on``.

    Side effects, in order, in one transaction: Standing.overdue_since (the day after the earliest due day, empty where
    nothing is owed any more); event ``enterprises.overdue`` with a line for each enterprise that changed. Its reaction
    rates them, so that a worker killed in between leaves no colour behind. Returns how many changed. A missed run is
    made up by the next; a second call on the same day changes nothing.
    """
    open_reports = Filing.objects.filter(STAGES["overdue"](on)).exclude(campaign__state=CampaignState.DRAFT)
    with transaction.atomic():
        earliest = open_reports.order_by().values_list("enterprise_id").annotate(due=Min("due_on"))
        since = {enterprise_id: due + dt.timedelta(days=1) for enterprise_id, due in earliest}
        changed = note_overdue(since=since)
        if changed:
            data = {"changed": len(changed), "overdue": len(since)}
            record_event(kind="enterprises.overdue", actor=None, data=data, lines=map(_line, changed))
    return len(changed)


def _line(change: Overdue) -> EventLine:
    enterprise_id, old, new = change
    return EventLine(
        object_type="enterprises.enterprise",
        object_id=enterprise_id,
        old={"overdue_since": old and old.isoformat()},
        new={"overdue_since": new and new.isoformat()},
    )
