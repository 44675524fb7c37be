"""Snapshots: what was submitted, kept as it was."""

import json

from enterprises.models import User
from review.enums import Stage
from review.models import Filing, Snapshot
from review.queries.content import SCHEMA, canonical, filing_content, sha256_of
from review.queries.filing_pages import next_number
from riskreport.ground import clock


def take_snapshot(*, filing: Filing, user: User, stage: Stage) -> tuple[Snapshot, dict]:
    """Keep what the filing says now under the next number; return the snapshot and its content.

    The filing's row is locked by the caller, so numbers have no gap; (filing, number) is unique besides.
    """
    body = filing_content(filing)
    text = canonical(body)
    snapshot = Snapshot.objects.create(
        filing=filing,
        number=next_number(filing),
        stage=stage,
        schema=SCHEMA,
        content=text,
        sha256=sha256_of(text),
        created_by=user,
        created_at=clock.now(),
    )
    return snapshot, json.loads(text)


def verifies(snapshot: Snapshot) -> bool:
    """Return whether the content still has the digest it was kept under."""
    return sha256_of(snapshot.content) == snapshot.sha256
