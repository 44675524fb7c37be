"""The risk ledger: the list, and one risk with its four ones."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.rules import reads_business
from riskreport.ground.access import access
from riskreport.ground.sheets.values import mask_phone
from riskreport.ground.ui.list_page import list_page
from risks.enums import Level, Rank, RiskState
from risks.interfaces.sheets import is_own
from risks.interfaces.words import how_rated, measures_of, rank_wanted
from risks.models import Risk
from risks.queries.scope import risks_for_user


@access(reads_business)
@require_GET
def risks(request: HttpRequest) -> HttpResponse:
    """List the larger-and-above risks of the person's scope."""
    return list_page(request, "risks", lead=_("%(count)s larger-and-above risks within your area and lines."))


@access(reads_business)
@require_GET
def risk(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one risk: list, sign, plan, person."""
    rows = risks_for_user(request.user).select_related(
        "enterprise", "town__parent", "category__sector", "accident_type", "item__catalogue"
    )
    row = get_object_or_404(rows, pk=pk)
    phone = row.responsible_phone if is_own(request.user) else mask_phone(row.responsible_phone)
    return render(
        request,
        "risks/risk.html",
        {
            "risk": row,
            "crumbs": [(_("Risk ledger"), reverse("risks")), (row.name, "")],
            "listed": _listed(row),
            "sign": _sign(row, phone),
            "plan": measures_of(row.measures),
            "person": _person(row, phone),
            "is_major": row.level == Level.MAJOR,
            "is_closed": row.state == RiskState.CLOSED,
        },
    )


def _listed(row: Risk) -> list[tuple[str, object]]:
    """One risk, one entry: what a control list holds."""
    town = f"{row.town.parent.label} · {row.town.label}"
    rows = [
        (_("Risk point"), row.point),
        (_("Place"), row.place),
        (_("Accident type"), row.accident_type and row.accident_type.label),
        (_("Consequence"), row.consequence),
        (_("How the level was found"), how_rated(row)),
        (_("Catalogue item"), row.item and f"{row.item.code} {row.item.label}（{row.item.catalogue.label}）"),
        (_("Category"), row.category.label),
        (_("Town or street"), town),
        (_("In the ledger since"), row.recorded_on.isoformat()),
    ]
    if row.lower_reason:
        rows.insert(5, (_("Why lower than the catalogue"), row.lower_reason))
    if row.closed_on:
        rows.append((_("Removed on"), row.closed_on.isoformat()))
    return rows


def _sign(row: Risk, phone: str) -> list[tuple[str, object]]:
    """One risk, one sign: a larger risk's name, level and place are published, a major one has a warning sign."""
    shown = [
        (_("Risk"), row.name),
        (_("Risk level"), Level(row.level).label),
        (_("Place"), row.place),
        (_("Accident type"), row.accident_type and row.accident_type.label),
    ]
    if row.level == Level.MAJOR:
        emergency = row.measures.get("emergency", [])
        main = [text for key, texts in row.measures.items() if key != "emergency" for text in texts][:3]
        shown += [
            (_("Consequence"), row.consequence),
            (_("Main measures"), "；".join(main)),
            (_("Emergency measures"), "；".join(emergency)),
        ]
    return [*shown, (_("Responsible"), " ".join([row.responsible_department, row.responsible_name, phone]).strip())]


def _person(row: Risk, phone: str) -> list[tuple[str, object]]:
    """One risk, one person: who answers for it, and what rank that takes."""
    return [
        (_("Responsible person"), row.responsible_name),
        (_("Department"), row.responsible_department),
        (_("Post"), row.responsible_post),
        (_("Rank"), Rank(row.rank).label),
        (_("Rank wanted"), rank_wanted(row.level)),
        (_("Telephone"), phone),
    ]
