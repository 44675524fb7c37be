"""What a new version of a catalogue changes for one unit; which units have looked at it."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from enterprises.models import Region, User
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.scope import enterprises_readable_by
from review.enums import EDITABLE, CampaignState, FilingState, TodoEnd
from review.models import CatalogueTodo, DeclaredRisk, Filing
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
    """Items asked anew, items whose level went up, items gone, each as asked of the unit; and the unit's own risks.

    ``risks`` stand in its ledger, ``written`` in a report that it is writing.
    """

    added: list[CatalogueItem]
    raised: list[CatalogueItem]
    removed: list[CatalogueItem]
    risks: list[Risk]
    written: list[DeclaredRisk]


def change_for_unit(user: User, todo: CatalogueTodo) -> ChangeForUnit:
    """Return what the version changes for the person's unit, and which risks of its own that touches."""
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
    written = DeclaredRisk.objects.filter(
        filing__in=filings_for_user(user).filter(state__in=EDITABLE),
        is_withdrawn=False,
        item__catalogue__key=todo.catalogue.key,
        item__code__in=touched,
    )
    order = ("item__order", "id")
    return ChangeForUnit(
        added,
        raised,
        removed,
        list(risks.select_related("item").order_by(*order)),
        list(written.select_related("item").order_by(*order)),
    )


def _asked_items(catalogue: Catalogue, own: set[str]) -> dict[str, CatalogueItem]:
    items = with_items(Catalogue.objects.filter(pk=catalogue.pk).only("pk")).get().items.all()
    return {item.code: item for item in items if own & {row.pk for row in item.categories.all()}}


def reports_to_update(user: User) -> list[Filing]:
    """Return the unit's reports in open tasks that can be written now or reopened for a supplement."""
    rows = filings_for_user(user).filter(
        campaign__state=CampaignState.OPEN, state__in=[*EDITABLE, FilingState.NOT_STARTED, FilingState.FILED]
    )
    return list(rows.select_related("campaign").order_by("-campaign__opens_on", "-id"))


def followed_todos(user: User) -> QuerySet[CatalogueTodo]:
    """Return the to-dos of the units a person reads: in the area, by their primary or a further category."""
    return CatalogueTodo.objects.filter(enterprise__in=enterprises_readable_by(user))


@dataclass(frozen=True)
class Looked:
    """How many units a change concerns, have looked at it or reported by it, and have not; of a whole or of one area.

    Units for which a later version came are counted there.
    """

    concerned: int
    looked: int

    @property
    def still_open(self) -> int:
        """How many have not looked yet."""
        return self.concerned - self.looked

    @property
    def percent(self) -> int:
        """The share that has looked, rounded down, so that 100 means all."""
        return 100 * self.looked // self.concerned if self.concerned else 100


NOT_REPLACED = ~Q(end=TodoEnd.REPLACED)
COUNTS = {"concerned": Count("pk", filter=NOT_REPLACED), "looked": Count("pk", filter=NOT_REPLACED & ~Q(done_at=None))}


def changes_followed(user: User) -> list[tuple[Catalogue, Looked]]:
    """Return the versions that concern units in a person's scope, the latest first, with how many have looked."""
    rows = followed_todos(user).order_by().values("catalogue").annotate(**COUNTS)
    counts = {row["catalogue"]: Looked(row["concerned"], row["looked"]) for row in rows}
    found = Catalogue.objects.filter(pk__in=counts).select_related("line").defer("quantified")
    return [(row, counts[row.pk]) for row in found.order_by("-published_on", "-pk")]


def looked_by_area(user: User, catalogue_id: int) -> list[tuple[Region, Looked]]:
    """Return the counties with how many of their units have looked; the towns, where all lie in one county."""
    rows = followed_todos(user).filter(catalogue=catalogue_id).order_by()
    towns = list(rows.values("enterprise__town").annotate(**COUNTS).values_list("enterprise__town", *COUNTS))
    counties = {town // COUNTY_DIVISOR for town, *_counts in towns}
    areas: dict[int, Looked] = {}
    for town, concerned, looked in towns:
        code = town // COUNTY_DIVISOR if len(counties) > 1 else town
        before = areas.get(code, Looked(0, 0))
        areas[code] = Looked(before.concerned + concerned, before.looked + looked)
    regions = Region.objects.filter(pk__in=areas).order_by("order", "code")
    return [(region, areas[region.pk]) for region in regions if areas[region.pk].concerned]
