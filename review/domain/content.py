"""Writing what a filing says: prefilled at the start, certified at the end, carried back to the roster."""

from collections.abc import Iterable

from enterprises.domain.basic_information import read_basic, write_basic
from enterprises.models import User
from review.domain.catalogue_adoption import adopt_versions_in_force
from review.domain.context import item_groups_of
from review.enums import Answered
from review.models import DeclaredRisk, Filing, FilingSection
from riskreport.ground import clock
from risks.domain.ledger import COPIED
from risks.enums import RiskState
from risks.models import CatalogueItem, Risk

BASIC = "basic"
UNDERTAKING = "undertaking"


def prefill_content(*, filing: Filing, user: User) -> None:
    """Fill a report that is being started with what is known: the roster's basic information and the ledger's risks.

    Side effects, in the caller's transaction: section ``basic``; for each active ledger risk a declared risk of the
    same lineage and its item's answer «present». A filing that already has content is left as it is.
    """
    moment = clock.now()
    FilingSection.objects.get_or_create(
        filing=filing,
        key=BASIC,
        defaults={"data": read_basic(filing.enterprise), "updated_by": user, "updated_at": moment},
    )
    if filing.declared_risks.exists():
        return
    active = Risk.objects.filter(enterprise=filing.enterprise, state=RiskState.ACTIVE)
    known = list(active.select_related("item__catalogue").order_by("id"))
    declared = []
    for order, risk in enumerate(known):
        copied = {name: getattr(risk, name) for name in COPIED}
        declared.append(
            DeclaredRisk(
                filing=filing,
                lineage=risk.lineage,
                accident_type_id=risk.accident_type_id,
                order=order,
                updated_by=user,
                updated_at=moment,
                **copied,
            )
        )
    DeclaredRisk.objects.bulk_create(declared)
    items = [risk.item for risk in known if risk.item]
    adopt_versions_in_force(filing, _oldest_versions(items))
    _answer_present(filing, user, {(item.catalogue.key, item.code) for item in items})


def _oldest_versions(items: Iterable[CatalogueItem]) -> dict[str, int]:
    """Return key → the oldest version these items belong to."""
    found: dict[str, int] = {}
    for item in items:
        row = item.catalogue
        found[row.key] = min(row.version, found.get(row.key, row.version))
    return found


def _answer_present(filing: Filing, user: User, known: set[tuple[str, str]]) -> None:
    """Answer the items behind the ledger's risks, named by catalogue and code whatever the version, as present."""
    if not known:
        return
    for page in item_groups_of(filing):
        codes = [item.code for item in page.items if (page.catalogue.key, item.code) in known]
        if codes:
            answers = {code: {"answer": Answered.PRESENT.value, "note": ""} for code in codes}
            FilingSection.objects.get_or_create(
                filing=filing,
                key=page.section_key,
                defaults={"data": {"answers": answers}, "updated_by": user, "updated_at": clock.now()},
            )


def risk_from_item(*, filing: Filing, item: CatalogueItem, order: int, user: User) -> DeclaredRisk:
    """Return an unsaved declared risk with what the catalogue says of the item."""
    return DeclaredRisk(
        filing=filing,
        item=item,
        name=item.name,
        place=item.place,
        accident_type_id=item.accident_types[0] if item.accident_types else None,
        consequence=item.consequence,
        level=item.level,
        measures=item.measures,
        order=order,
        updated_by=user,
        updated_at=clock.now(),
    )


def write_undertaking(*, filing: Filing, user: User, given: dict) -> None:
    """Keep who certified the report, by name, with the time; the guard has seen that it was certified."""
    moment = clock.now()
    FilingSection.objects.update_or_create(
        filing=filing,
        key=UNDERTAKING,
        defaults={
            "data": {
                "certified": True,
                "signed_name": str(given["signed_name"]).strip()[:40],
                "signed_post": str(given.get("signed_post", ""))[:40],
                "at": moment.isoformat(),
            },
            "updated_by": user,
            "updated_at": moment,
        },
    )


def carry_basic_to_enterprise(*, filing: Filing, basic: dict, user: User) -> None:
    """Write the certified basic information back to the roster, so that it is asked once."""
    write_basic(enterprise=filing.enterprise, values=basic, user=user)
