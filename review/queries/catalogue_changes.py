"""What a new version of a catalogue changes for one unit."""

from dataclasses import dataclass

from django.db.models import QuerySet

from enterprises.models import User
from review.enums import EDITABLE, CampaignState, FilingState
from review.models import CatalogueTodo, Filing
from review.queries.scope import filings_for_user
from risks.enums import RiskState
from risks.models import Catalogue, CatalogueItem, Risk
from risks.queries.catalogues import category_codes_of, with_items
from risks.queries.scope import risks_for_user


def todos_of(user: User) -> QuerySet[CatalogueTodo]:
    """Return the to-dos of the person's enterprise with their catalogue, the newest first."""
    rows = CatalogueTodo.objects.filter(enterprise__isnull=False, enterprise=user.enterprise_id)
    return rows.select_related("catalogue__line").defer("catalogue__quantified").order_by("-id")


@dataclass(frozen=True)
class ChangeForUnit:
    """Items asked anew, items whose level went up, items gone, each as asked of the unit; and the unit's own risks."""

    added: list[CatalogueItem]
    raised: list[CatalogueItem]
    removed: list[CatalogueItem]
    risks: list[Risk]


def change_for_unit(user: User, todo: CatalogueTodo) -> ChangeForUnit:
    """Return what the version changes for the person's unit; ``risks`` are those in its ledger that it touches."""
    own = set(category_codes_of(todo.enterprise))
    now = _asked_items(todo.catalogue, own)
    before = _asked_items(todo.former, own) if todo.former else {}
    added = [item for code, item in now.items() if code not in before]
    raised = [item for code, item in now.items() if code in before and item.level != before[code].level == "larger"]
    removed = [item for code, item in before.items() if code not in now]
    touched = [item.code for item in (*raised, *removed)]
    risks = risks_for_user(user).filter(
        state=RiskState.ACTIVE, item__catalogue__key=todo.catalogue.key, item__code__in=touched
    )
    return ChangeForUnit(added, raised, removed, list(risks.select_related("item").order_by("item__order", "id")))


def _asked_items(catalogue: Catalogue, own: set[str]) -> dict[str, CatalogueItem]:
    items = with_items(Catalogue.objects.filter(pk=catalogue.pk).only("pk")).get().items.all()
    return {item.code: item for item in items if own & {row.pk for row in item.categories.all()}}


def reports_to_update(user: User) -> list[Filing]:
    """Return the unit's reports in open tasks that can be written now or reopened for a supplement."""
    rows = filings_for_user(user).filter(
        campaign__state=CampaignState.OPEN, state__in=[*EDITABLE, FilingState.NOT_STARTED, FilingState.FILED]
    )
    return list(rows.select_related("campaign").order_by("-campaign__opens_on", "-id"))
