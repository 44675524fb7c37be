"""Reports and faults past their day, written down to Standing for the colour."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Min

from enterprises.domain.basic_information import UNIT_LABEL
from review.enums import CampaignState
from review.models import Filing
from review.queries.completion import STAGES
from review.queries.verified import overdue_faults
from riskreport.ground.domain.events import Line, record_event
from risks.domain.standing import Overdue, note_overdue


def mark_overdue(*, on: dt.date) -> int:
    """Note which enterprises owe a report that was due before ``on``, or have not mended faults of a visit by then.

    Side effects, in order, in one transaction: Standing.overdue_since (the day after the earliest due day, empty where
    nothing is owed any more) and overdue_faults (how many visits); event ``enterprises.overdue`` with a line for each
    enterprise that changed. Its reaction rates them, so that a worker killed in between leaves no colour behind.
    Returns how many changed. A missed run is made up by the next; a second call on the same day changes nothing.
    """
    open_reports = Filing.objects.filter(STAGES["overdue"](on)).exclude(campaign__state=CampaignState.DRAFT)
    with transaction.atomic():
        earliest = open_reports.order_by().values_list("enterprise_id").annotate(due=Min("due_on"))
        since = {enterprise_id: due + dt.timedelta(days=1) for enterprise_id, due in earliest}
        faults = overdue_faults(on)
        changed = note_overdue(since=since, faults=faults)
        if changed:
            data = {"changed": len(changed), "overdue": len(since), "faults": len(faults)}
            record_event(kind="enterprises.overdue", actor=None, data=data, lines=map(_line, changed))
    return len(changed)


def _line(change: Overdue) -> Line:
    return Line(UNIT_LABEL, change.enterprise_id, _plain(change.old), _plain(change.new))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}
