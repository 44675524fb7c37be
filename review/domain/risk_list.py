"""Acts on the list of declared risks: one of the unit's own added once, one person named for several risks."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import User
from review.domain.sections import save_risk
from review.domain.workflow import lock_filing
from review.models import DeclaredRisk
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer
from risks.enums import Level, Method


def add_own_risk(*, filing_id: int, user: User, values: dict[str, Any], key: str) -> DeclaredRisk:
    """Add a risk that is not in the catalogue; until it is assessed it counts as larger.

    Side effects, in order, in one transaction: the filing is locked; the risk is added as save_risk does; its id is
    kept under ``key``, so that a second call with the same key and values returns the same risk. Raises Refused,
    KeyReused, Filing.DoesNotExist.
    """
    digest = digest_of(["own risk", filing_id, values])
    with transaction.atomic():
        lock_filing(filing_id)
        refusal = _("This form was already used for another risk. Open the page again.")
        earlier = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
        if earlier is not None:
            return DeclaredRisk.objects.get(pk=earlier["risk"], filing=filing_id)
        row = save_risk(
            filing_id=filing_id, user=user, values={"level": Level.LARGER.value, "method": Method.LS.value, **values}
        )
        keep_answer(user=user, key=key, digest=digest, answer={"risk": row.pk})
    return row


def assign_person(*, filing_id: int, user: User, values: dict[str, Any], chosen: dict[int, int]) -> int:
    """Name one responsible person for several risks; return how many.

    ``chosen`` maps the id of each risk to the version the person saw. Side effects: each risk as save_risk does, all in
    one transaction, in the order of their ids. Raises ContentConflict when one of them was changed meanwhile (then none
    is written), Refused, DeclaredRisk.DoesNotExist.
    """
    with transaction.atomic():
        for risk_id, version in sorted(chosen.items()):
            save_risk(filing_id=filing_id, user=user, values=values, risk_id=risk_id, seen_version=version)
    return len(chosen)
