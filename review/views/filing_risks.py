"""Writing the risks of a report: one part after the other, adding one's own, naming one person for several."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from review.domain.risk_list import add_own_risk, assign_person
from review.domain.sections import ContentConflict, withdraw_risk
from review.interfaces.filing_steps import PEOPLE, RISKS, risk_url, section_url
from review.interfaces.risk_form import DescriptionForm, PersonForm
from review.models import DeclaredRisk
from review.queries import filing_pages
from review.views.filing_common import FilingPage, filing_view, refusal
from review.views.filing_lists import show_risks
from review.views.filing_parts import RiskPart
from review.views.filing_sections import closed, number_in, show_or_save
from riskreport.ground.access import Refused
from riskreport.ground.checks.telephones import is_telephone
from riskreport.ground.domain.request_keys import KeyReused


@filing_view
@require_http_methods(["GET", "HEAD", "POST"])
def edit_risk(request: HttpRequest, page: FilingPage, lineage: uuid.UUID, part: str = "description") -> HttpResponse:
    """Show one part of a risk, or save it."""
    if not page.editing.allowed:
        return closed(page)
    return show_or_save(page, RiskPart(page, lineage, part))


@filing_view
@require_http_methods(["GET", "HEAD", "POST"])
def add_risk(request: HttpRequest, page: FilingPage) -> HttpResponse:
    """Show the form for a risk that is not in the catalogue, or add it."""
    if not page.editing.allowed:
        return closed(page)
    is_sent = request.method == "POST"
    form = DescriptionForm(request.POST if is_sent else None, types=filing_pages.accident_types())
    key = request.POST.get("key") or str(uuid.uuid4())
    if is_sent and form.is_valid():
        try:
            row = add_own_risk(filing_id=page.filing.pk, user=request.user, values=form.to_stored(), key=key)
        except (Refused, KeyReused) as error:
            return refusal(page, str(error))
        return redirect(risk_url(page.filing, str(row.lineage), "level"))
    context = page.section_context(RISKS, form=form, form_key=key)
    return render(request, "review/filing/risk_add.html", context, status=422 if is_sent else 200)


@filing_view
@require_POST
def withdraw(request: HttpRequest, page: FilingPage, lineage: uuid.UUID) -> HttpResponse:
    """Take a risk of the unit's own off the list."""
    row = filing_pages.risk_of(page.filing, lineage)
    if row is not None:
        try:
            withdraw_risk(filing_id=page.filing.pk, risk_id=row.pk, user=request.user)
        except Refused as error:
            return refusal(page, str(error))
        messages.success(request, _("“%(name)s” was taken off the list.") % {"name": row.name})
    return redirect(section_url(page.filing, RISKS))


@filing_view
@require_POST
def name_person(request: HttpRequest, page: FilingPage) -> HttpResponse:
    """Name one responsible person for the risks that were ticked."""
    if not page.editing.allowed:
        return closed(page)
    form = PersonForm(request.POST, category=page.filing.category)
    chosen = {
        number_in(value, 0): number_in(request.POST.get(f"version-{value}"), 0)
        for value in request.POST.getlist("risk")
    }
    listed = []
    if form.is_valid():
        if not form.cleaned_data["responsible_name"] or not form.cleaned_data["rank"]:
            listed.append((_("Write the person's name and choose the rank."), "id_responsible_name"))
        phone = form.cleaned_data["responsible_phone"]
        if phone and not is_telephone(phone):
            found = {"label": form["responsible_phone"].label, "value": phone}
            listed.append(
                (
                    _("“%(label)s” is “%(value)s”. A telephone number is wanted, for example 13812345678.") % found,
                    "id_responsible_phone",
                )
            )
        if not chosen:
            listed.append((_("Tick at least one risk that this person answers for."), "risks-of-person"))
    if listed or not form.is_valid():
        return show_risks(page, PEOPLE, form=form, listed=listed, ticked=set(chosen), status=422)
    try:
        count = assign_person(filing_id=page.filing.pk, user=request.user, values=form.to_stored(), chosen=chosen)
    except ContentConflict:
        text = _("One of these risks was changed meanwhile by a colleague. Look at the list, then save once more.")
        return show_risks(page, PEOPLE, form=form, listed=[(text, "")], ticked=set(chosen), status=409)
    except DeclaredRisk.DoesNotExist as error:
        raise Http404 from error
    except Refused as error:
        return refusal(page, str(error))
    name = form.cleaned_data["responsible_name"]
    messages.success(request, _("%(name)s now answers for %(count)s risks.") % {"name": name, "count": count})
    return redirect(section_url(page.filing, PEOPLE))
