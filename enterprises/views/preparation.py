"""Plans and steps of departments: the list, one department, its plan sent in and fetched, its steps written."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from enterprises.domain.departments import set_phone
from enterprises.domain.preparation import add_plan, save_steps, steps_base
from enterprises.enums import DepartmentKind
from enterprises.interfaces.preparation_forms import PhoneForm, PlanForm, steps_formset, steps_given
from enterprises.models import Department
from enterprises.queries.preparation import department_whole
from enterprises.rules import keeps_department_phone, keeps_preparation, reads_business
from riskreport.ground.access import Refused, Rule, access
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.ui.list_page import list_page


@access(reads_business)
@require_GET
def preparation(request: HttpRequest) -> HttpResponse:
    """List how far each department has prepared its line."""
    return list_page(request, "preparation", lead=_("%(count)s departments, each with its plan and its steps."))


def _department_or_404(request: HttpRequest, pk: int) -> Department:
    row = department_whole(request.user, pk)
    if row is None:
        raise Http404
    return row


def _own_or_404(request: HttpRequest, pk: int, keeps: Rule = keeps_preparation) -> Department:
    """What of another department is not this person's to write is not there."""
    row = _department_or_404(request, pk)
    if not keeps(request.user, row).allowed:
        raise Http404
    return row


def _crumbs(row: Department, here: str = "") -> list[tuple[str, str]]:
    crumbs = [(_("Plans and steps of departments"), reverse("preparation"))]
    crumbs.append((row.label, reverse("department", args=[row.pk])))
    return [*crumbs, (here, "")] if here else crumbs


@access(reads_business)
@require_GET
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a bureau's plan and steps; of any department its telephone."""
    return _page(request, _department_or_404(request, pk))


def _page(
    request: HttpRequest,
    row: Department,
    form: PlanForm | None = None,
    *,
    phone_form: PhoneForm | None = None,
    status: int = 200,
) -> HttpResponse:
    steps = list(row.steps.all())
    context = {
        "department": row,
        "plans": list(row.plans.all()),
        "steps": steps,
        "done": sum(step.done_on is not None for step in steps),
        "may_keep": keeps_preparation(request.user, row).allowed,
        "may_set_phone": keeps_department_phone(request.user, row).allowed,
        "form": form or PlanForm(),
        "phone_form": phone_form or PhoneForm(initial={"phone": row.phone}),
        "wrong": form or phone_form,
        "is_bureau": row.kind == DepartmentKind.BUREAU,
        "crumbs": _crumbs(row),
    }
    return render(request, "enterprises/department.html", context, status=status)


@access(keeps_department_phone)
@require_POST
def department_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the telephone of a department."""
    row = _own_or_404(request, pk, keeps_department_phone)
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, row, phone_form=form, status=422)
    set_phone(department_id=row.pk, user=request.user, phone=form.cleaned_data["phone"])
    messages.success(request, _("Saved."))
    return redirect("department", pk)


@access(keeps_preparation)
@require_POST
def plan_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a new version of the implementation plan."""
    row = _own_or_404(request, pk)
    form = PlanForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    file = form.cleaned_data["file"]
    try:
        made = add_plan(
            department=row, user=request.user, name=file.name, file=file, note=form.cleaned_data["note"]
        )  # fmt: skip
    except Refused as error:
        form.add_error("file", str(error))
        return _page(request, row, form, status=422)
    messages.success(request, _("Version %(number)s of the plan is kept.") % {"number": made.number})
    return redirect("department", pk)


@access(reads_business)
@require_safe
def plan(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Send one version of the plan, always as a file to keep and never shown in the page's own origin."""
    row = _department_or_404(request, pk)
    found = next((kept for kept in row.plans.all() if kept.number == number), None)
    path = Path(settings.MEDIA_ROOT, found.path) if found else None
    if found is None or path is None or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@access(keeps_preparation)
@require_http_methods(["GET", "HEAD", "POST"])
def steps(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the list of steps; what a colleague saved meanwhile is shown, and nothing typed is lost."""
    row = _own_or_404(request, pk)
    formset = steps_formset(request.POST or None, list(row.steps.all()))
    base, message, problems = request.POST.get("version") or steps_base(row), "", []
    if request.method == "POST" and formset.is_valid():
        try:
            save_steps(department=row, user=request.user, steps=steps_given(formset), seen_base=base)
        except ContentConflict as conflict:
            base, message = str(conflict.version), str(conflict)
        except Refused as error:
            problems = [(str(error), "")]
        else:
            messages.success(request, _("Saved."))
            return redirect("department", pk)
    context = {
        "department": row,
        "formset": formset,
        "version": base,
        "message": message,
        "problems": problems + _problems(formset),
        "standing": list(row.steps.all()) if message else [],
        "crumbs": _crumbs(row, pgettext("preparation", "Steps")),
    }
    status = 409 if message else 422 if formset.is_bound else 200
    return render(request, "enterprises/department_steps.html", context, status=status)


def _problems(formset) -> list[tuple[str, str]]:
    return [
        (f"{form[name].label}：{error}", form[name].auto_id)
        for form in (formset.forms if formset.is_bound else ())
        for name, errors in form.errors.items()
        for error in errors
    ]
