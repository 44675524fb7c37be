"""What a reviewer who leaves has open: reports taken for review, paper reports being entered."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.domain.leaving import OpenWork, register_open_work
from enterprises.models import User
from review.domain.workflow import lock_filing, move_filing
from review.enums import NOT_EXPECTED, Action, FilingState
from review.models import Filing
from review.rules import is_deciding, may_claim
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event


def taken_for_review(person: User) -> QuerySet[Filing]:
    """Return the reports the person has taken and not decided."""
    return Filing.objects.filter(state=FilingState.IN_REVIEW, claimed_by=person).order_by("pk")


def being_entered(person: User) -> QuerySet[Filing]:
    """Return the paper reports the person enters that are not filed yet."""
    ended = {FilingState.FILED, *NOT_EXPECTED}
    return Filing.objects.filter(is_paper=True, entered_by=person).exclude(state__in=ended).order_by("pk")


def pass_reviews(person: User, heir: User | None, actor: User) -> int:
    """Give each report to the heir, who may decide it; any other goes back into the queue.

    Whoever entered a report cannot decide it (four eyes), so the rule of taking is asked for each.
    """
    numbers = list(taken_for_review(person).values_list("pk", flat=True))
    for pk in numbers:
        filing = lock_filing(pk)
        if heir is not None and may_claim(heir, filing).allowed:
            _pass_on(filing, "claimed_by", person, heir, actor)
        else:
            move_filing(filing_id=pk, action=Action.PUT_BACK, user=actor, seen_version=filing.version)
    return len(numbers)


def pass_paper_reports(person: User, heir: User | None, actor: User) -> int:
    """Give each paper report to the heir to go on with; one the heir has taken for review goes back into the queue."""
    numbers = list(being_entered(person).values_list("pk", flat=True))
    for pk in numbers:
        filing = lock_filing(pk)
        if heir is None or not is_deciding(heir, filing).allowed:
            raise Refused(_("Paper reports go to a reviewer of the department that decides them. Name one."))
        if filing.state == FilingState.IN_REVIEW and filing.claimed_by_id == heir.pk:
            move_filing(filing_id=pk, action=Action.PUT_BACK, user=actor, seen_version=filing.version)
        _pass_on(filing, "entered_by", person, heir, actor)
    return len(numbers)


def _pass_on(filing: Filing, column: str, person: User, heir: User, actor: User) -> None:
    """Write who answers for a report now, narrowly, and record it. The state stays, and so does its version."""
    Filing.objects.filter(pk=filing.pk, **{column: person}).update(**{column: heir})
    record_event(
        kind="report.passed_on",
        actor=actor,
        about=filing,
        enterprise_id=filing.enterprise_id,
        data={"as": column, "from": person.pk, "to": heir.pk},
    )


register_open_work(OpenWork("reviews", _l("Reports taken for review"), taken_for_review, pass_reviews))
register_open_work(
    OpenWork("paper", _l("Paper reports being entered"), being_entered, pass_paper_reports, needs_heir=True)
)
