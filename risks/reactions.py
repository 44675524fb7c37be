"""What this floor does after something happened above it."""

from enterprises.domain.roster_changes import follow_roster
from riskreport.ground.models import Event
from riskreport.ground.reactions import reaction
from risks.domain.rating import rate_enterprise, rate_enterprises
from risks.domain.roster import follow_places

follow_roster(follow_places)


FILING_EVENTS = ("filing.file", "filing.exempt", "filing.void", "filing.supersede")
VISIT_EVENTS = ("visit.recorded", "visit.withdrawn")


@reaction(*FILING_EVENTS, *VISIT_EVENTS, queue="quick")
def rate_after_filing(event: Event) -> None:
    """Give the enterprise the colour that follows from ledger and Standing as they are; twice changes nothing."""
    if event.enterprise_id is not None:
        rate_enterprise(event.enterprise_id)


@reaction("enterprises.overdue", queue="bulk")
def rate_overdue(event: Event) -> None:
    """Give the enterprises that have come to owe a report, or owe none any more, the colour that follows."""
    rate_enterprises(event.lines.values_list("object_id", flat=True))
