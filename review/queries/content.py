"""The content of a filing as one plain dictionary: what checks judge, snapshots keep and reviewers read."""

import hashlib
import json
from typing import Any

from review.models import Filing
from review.models.content import Attachment, DeclaredRisk
from risks.enums import LARGER_AND_ABOVE, Level
from risks.models.ledger import ASSESSED_FIELDS

SCHEMA = 1
NOT_ON_THE_STAMPED_PAPER = {"attachments", "undertaking", "catalogues"}
SHOWN_OF_DIGEST = 16


def filing_content(filing: Filing) -> dict[str, Any]:
    """Return what the filing says now.

    Keys: ``schema``; ``catalogues`` (key → version answered, empty while it is written); ``basic``
    and ``undertaking`` (field → value); ``answers`` (section key → item code → answer and note); ``risks`` (list in
    order, each with lineage, item code and the catalogue's level); ``attachments``. Three queries.
    """
    sections = {row.key: row.data for row in filing.sections.all()}
    risks = filing.declared_risks.filter(is_withdrawn=False).select_related("item").order_by("order", "id")
    attachments = filing.attachments.filter(removed_at=None).order_by("id")
    return {
        "schema": SCHEMA,
        "catalogues": filing.catalogue_versions,
        "basic": sections.get("basic", {}),
        "answers": {key: data.get("answers", {}) for key, data in sorted(sections.items()) if key.startswith("check-")},
        "risks": [risk_content(risk) for risk in risks],
        "attachments": [_attachment_content(row) for row in attachments],
        "undertaking": sections.get("undertaking", {}),
    }


def _attachment_content(row: Attachment) -> dict[str, Any]:
    facts = {"kind": row.kind, "name": row.name, "size": row.size, "sha256": row.sha256}
    return facts | ({"check_code": row.check_code} if row.check_code else {})


def risk_content(risk: DeclaredRisk) -> dict[str, Any]:
    """Return one declared risk as plain values."""
    row = {name: getattr(risk, name) for name in ASSESSED_FIELDS}
    row["lineage"] = str(risk.lineage)
    row["accident_type"] = risk.accident_type_id
    row["item"] = risk.item.code if risk.item else None
    row["item_id"] = risk.item_id
    row["item_level"] = risk.item.level if risk.item else None
    row["may_be_lowered"] = risk.item.may_be_lowered if risk.item else True
    return row


def canonical(content: dict) -> str:
    """Return the content as canonical JSON: sorted keys, no spaces, text as it is."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def shown_digest(digest: str) -> str:
    """Return the beginning of a SHA-256 in groups of four, as it stands on paper and is read out."""
    shown = digest[:SHOWN_OF_DIGEST].upper()
    return " ".join(shown[start : start + 4] for start in range(0, SHOWN_OF_DIGEST, 4))


def check_code(content: dict) -> str:
    """Return the code by which a stamped paper and a content are compared.

    It leaves out attachments and undertaking, so attaching the scan of the paper or certifying does not change it, and
    the versions answered, which are noted only at the hand-in.
    """
    return shown_digest(sha256_of(canonical({k: v for k, v in content.items() if k not in NOT_ON_THE_STAMPED_PAPER})))


def ledger_risks(content: dict) -> list[dict]:
    """Return the risks of a content that belong in the ledger: larger and above."""
    return [row for row in content["risks"] if row["level"] in LARGER_AND_ABOVE]


def count_by_level(content: dict) -> dict[str, int]:
    """Return how many risks a content has at each level."""
    levels = [row["level"] for row in content["risks"]]
    return {level.value: levels.count(level) for level in Level}
