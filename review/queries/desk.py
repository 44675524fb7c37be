"""What a review page stands on: the filing a person may read, its snapshots, its remarks."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from enterprises.enums import ENTERPRISE_ROLES
from enterprises.models import User
from review.models import Filing, Remark, Snapshot
from review.queries.scope import filings_readable_by

WITH = ("campaign", "enterprise", "department", "category", "town", "claimed_by", "entered_by")


def readable_filings(user: User) -> QuerySet[Filing]:
    """Return the filings a person may open, with what every page of one shows."""
    return filings_readable_by(user).select_related(*WITH)


@dataclass(frozen=True)
class HandedIn:
    """The last snapshot of a filing and the one before it, None where there is none."""

    last: Snapshot | None
    before: Snapshot | None

    @cached_property
    def content(self) -> dict | None:
        """What the last snapshot says."""
        return json.loads(self.last.content) if self.last else None

    @cached_property
    def content_before(self) -> dict | None:
        """What the snapshot before it said."""
        return json.loads(self.before.content) if self.before else None


def handed_in(filing: Filing) -> HandedIn:
    """Return what was handed in last and before. One query."""
    found = list(filing.snapshots.select_related("created_by__department").order_by("-number")[:2])
    return HandedIn(found[0] if found else None, found[1] if len(found) > 1 else None)


def remarks_for(user: User, filing: Filing) -> QuerySet[Remark]:
    """Return the remarks on a filing that a person may read.

    An enterprise reads those that came with a decision; departments read all, comments among them included.
    """
    rows = Remark.objects.filter(snapshot__filing=filing)
    if user.role in ENTERPRISE_ROLES:
        rows = rows.filter(decision__isnull=False)
    return rows.select_related("author", "department", "snapshot", "settled_by").order_by("id")


def snapshots_of(enterprise_id: int) -> QuerySet[Snapshot]:
    """Return an enterprise's snapshots without their content, each with its decision, newest first."""
    return (
        Snapshot.objects.filter(filing__enterprise_id=enterprise_id)
        .select_related("filing__campaign", "created_by", "decision__department", "decision__decided_by")
        .defer("content")
        .order_by("-id")
    )


def sent_remarks(decision_ids: Iterable[int]) -> dict[int, list[Remark]]:
    """Return the remarks that went out with each of these decisions, by decision. One query."""
    found: dict[int, list[Remark]] = {pk: [] for pk in decision_ids}
    for remark in Remark.objects.filter(decision__in=list(found)).order_by("id"):
        if remark.decision_id is not None:
            found[remark.decision_id].append(remark)
    return found
