"""What this floor does after something happened above it."""

from riskreport.ground.models import Event
from riskreport.ground.reactions import reaction
from risks.domain.rating import rate_enterprise


@reaction("filing.file", "filing.void", queue="quick")
def rate_after_filing(event: Event) -> None:
    """Give the enterprise the colour that follows from its ledger as it stands now; running twice changes nothing."""
    if event.enterprise_id is not None:
        rate_enterprise(event.enterprise_id)
