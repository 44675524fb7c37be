"""The lists a department works through: what each holds, how many there are, and what comes before and after."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from enterprises.models import User
from enterprises.queries.search import found_by
from review.enums import FilingState
from review.models import Filing
from review.queries.completion import STAGES
from review.queries.scope import filings_for_user
from riskreport.ground import clock

WAITING, MINE, COLLEAGUES = "waiting", "mine", "colleagues"
RETURNED, OVERDUE, OPEN = "returned", "overdue", "open"
REVIEW_LISTS = (WAITING, MINE, COLLEAGUES)
DESK_LISTS = (*REVIEW_LISTS, RETURNED, OVERDUE, OPEN)
MOST_NEIGHBOURS = 2000


def conditions_for(user: User) -> dict[str, Q]:
    """Return the condition of each list of a reviewer; counts and lists both stand on these."""
    in_review = Q(state=FilingState.IN_REVIEW)
    return {
        WAITING: Q(state=FilingState.SUBMITTED),
        MINE: in_review & Q(claimed_by=user.pk),
        COLLEAGUES: in_review & ~Q(claimed_by=user.pk),
        RETURNED: Q(state=FilingState.RETURNED),
        OVERDUE: STAGES["overdue"](clock.today()),
        OPEN: Q(state__in=[FilingState.SUBMITTED, FilingState.IN_REVIEW]),
    }


def department_filings(user: User) -> QuerySet[Filing]:
    """Return the filings that the person's department decides."""
    return filings_for_user(user).filter(department_id=user.department_id)


def desk_list(user: User, name: str) -> QuerySet[Filing]:
    """Return one of DESK_LISTS of the person's department, longest waiting first. Raises KeyError for another name."""
    rows = department_filings(user).filter(conditions_for(user)[name])
    return rows.order_by("due_on" if name == OVERDUE else "submitted_at", "id")


def desk_counts(user: User) -> dict[str, int]:
    """Return how many filings each of DESK_LISTS holds, and ``all`` the department decides, in one query."""
    counts = {name: Count("pk", filter=condition) for name, condition in conditions_for(user).items()}
    return department_filings(user).aggregate(**counts, all=Count("pk"))


def entered_by_me(user: User) -> Exists:
    """Return whether the person entered the filing or handed one of its snapshots in, so another must decide it."""
    own = Filing.objects.filter(Q(entered_by=user) | Q(snapshots__created_by=user), pk=OuterRef("pk"))
    return Exists(own)


def within_reach(rows: QuerySet[Filing], user: User) -> QuerySet[Filing]:
    """Leave out what the person cannot decide: entered by them, or taken by a colleague."""
    taken = Q(state=FilingState.IN_REVIEW) & ~Q(claimed_by=user.pk)
    return rows.filter(~entered_by_me(user)).exclude(taken)


@dataclass(frozen=True)
class Place:
    """Where a filing stands in a list: its number from 1 (0 when it has left the list), how many, its neighbours."""

    number: int
    total: int
    previous: int | None
    next: int | None


def place_in(rows: QuerySet[Filing], filing: Filing) -> Place:
    """Return the place of a filing in an ordered list; one that has left it keeps the neighbours it would have had."""
    known = list(rows.values_list("submitted_at", "pk")[:MOST_NEIGHBOURS])
    ids = [pk for _at, pk in known]
    if filing.pk in ids:
        index = ids.index(filing.pk)
        after = index + 1
        number = index + 1
    else:
        own = (filing.submitted_at, filing.pk)
        index = sum(1 for row in known if None not in (row[0], own[0]) and row < own)
        after, number = index, 0
    return Place(
        number,
        len(ids),
        ids[index - 1] if index > 0 else None,
        ids[after] if after < len(ids) else None,
    )


def units_without_report(user: User, text: str = "") -> QuerySet[Filing]:
    """Return the reports the person's department may enter from paper: not started, found by name or code."""
    rows = department_filings(user).filter(state=FilingState.NOT_STARTED)
    text = text.strip()
    if text:
        rows = rows.filter(found_by(text))
    return rows.select_related("enterprise", "town", "category", "campaign", "department").order_by("due_on", "id")
