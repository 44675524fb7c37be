"""The risk ledger: taking over what a final report says."""

import datetime as dt

from enterprises.models import Enterprise
from risks.enums import RiskState
from risks.models import Risk
from risks.models.ledger import ASSESSED_FIELDS

COPIED = ("item_id", *ASSESSED_FIELDS)


def post_to_ledger(
    *,
    enterprise: Enterprise,
    rows: list[dict],
    filing_id: int,
    snapshot_id: int,
    on: dt.date,
) -> dict[str, int]:
    """Make the ledger of an enterprise say what a final report says; return the counts by what was done.

    ``rows`` are the larger-and-above risks of the snapshot (review.queries.content.risk_content). Side effects, in the
    caller's transaction: risks of a known lineage are rewritten, new ones added, those no longer named are closed on
    ``on``. A second call changes nothing.
    """
    known = {str(risk.lineage): risk for risk in _locked_risks(enterprise)}
    named = {row["lineage"] for row in rows}
    done = {"added": 0, "kept": 0, "closed": 0}
    for row in rows:
        risk = known.get(row["lineage"])
        done["kept" if risk else "added"] += 1
        _write(risk or Risk(enterprise=enterprise, lineage=row["lineage"], recorded_on=on), row, filing_id, snapshot_id)
    for lineage, risk in known.items():
        if lineage not in named and risk.state == RiskState.ACTIVE:
            risk.state, risk.closed_on = RiskState.CLOSED, max(on, risk.recorded_on)
            risk.save(update_fields=["state", "closed_on"])
            done["closed"] += 1
    return done


def _locked_risks(enterprise: Enterprise) -> list[Risk]:
    """All risks of the enterprise, locked in the order of their keys, so that two reports never wait for each other."""
    return list(Risk.objects.select_for_update(of=("self",)).filter(enterprise=enterprise).order_by("pk"))


def _write(risk: Risk, row: dict, filing_id: int, snapshot_id: int) -> None:
    for name in COPIED:
        setattr(risk, name, row[name])
    risk.accident_type_id = row["accident_type"]
    risk.town_id, risk.category_id = risk.enterprise.town_id, risk.enterprise.category_id
    risk.filing_id, risk.snapshot_id = filing_id, snapshot_id
    risk.state, risk.closed_on = RiskState.ACTIVE, None
    risk.save()
