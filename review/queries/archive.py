"""What the archive of one enterprise holds (一企一档)."""

from django.db.models import QuerySet

from enterprises.models import Enterprise, User
from enterprises.queries.scope import enterprises_readable_by
from review.models import Attachment, Filing
from risks.enums import RiskState
from risks.models import Rating, Risk


def archived_enterprises(user: User) -> QuerySet[Enterprise]:
    """Return the enterprises whose archive a person may open, with where and what they are."""
    return enterprises_readable_by(user).select_related("town__parent", "category__sector")


def survivors(user: User) -> QuerySet[Enterprise]:
    """Return the enterprises a person may open, into which another one was merged."""
    return enterprises_readable_by(user).filter(merged_units__isnull=False)


def with_basic(rows: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """Prefetch what the basic information takes besides."""
    return rows.prefetch_related("contacts", "further_categories")


def filings_of(enterprise: Enterprise) -> QuerySet[Filing]:
    """Return all reports of an enterprise, newest task first."""
    rows = Filing.objects.filter(enterprise=enterprise)
    return rows.select_related("campaign", "department", "enterprise", "town").order_by("-campaign__opens_on", "-id")


def ledger_of(enterprise: Enterprise) -> list[Risk]:
    """Return the active ledger risks of an enterprise, the gravest first."""
    rows = Risk.objects.filter(enterprise=enterprise, state=RiskState.ACTIVE).select_related("accident_type")
    return sorted(rows, key=lambda risk: (risk.level != "major", risk.pk))


def rating_of(enterprise: Enterprise) -> Rating | None:
    """Return the current rating of an enterprise."""
    return Rating.objects.filter(enterprise=enterprise, is_current=True).select_related("rule").first()


def attachments_of(enterprise: Enterprise) -> QuerySet[Attachment]:
    """Return the files attached to an enterprise's reports, removed ones left out, newest first."""
    rows = Attachment.objects.filter(filing__enterprise=enterprise, removed_at=None)
    return rows.select_related("filing__campaign").order_by("-id")
