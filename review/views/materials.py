"""The library of training materials: the list, one material with its versions, putting in, taking out of use."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from review.domain.training.materials import add_material, add_version, withdraw_material
from review.interfaces.training_forms import MaterialForm, VersionForm
from review.models import TrainingMaterial
from review.queries.materials import material_whole
from review.rules import is_of_its_department, opens_filings, organises_training
from riskreport.ground.access import Refused, access
from riskreport.ground.ui.list_page import list_page


@access(opens_filings)
@require_GET
def materials(request: HttpRequest) -> HttpResponse:
    """List the materials a person may read; the self-check guides are a page of their own."""
    return list_page(
        request,
        "materials",
        template="review/training/materials.html",
        lead=_("%(count)s materials to train with, each in its language."),
        may_put_in=organises_training(request.user).allowed,
    )


def _material_or_404(request: HttpRequest, pk: int) -> TrainingMaterial:
    row = material_whole(request.user, pk)
    if row is None:
        raise Http404
    return row


def _own_or_404(request: HttpRequest, pk: int) -> TrainingMaterial:
    """What of another department is not this person's to write is not there."""
    row = _material_or_404(request, pk)
    if not is_of_its_department(request.user, row).allowed:
        raise Http404
    return row


@access(opens_filings)
@require_GET
def material(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one material with its versions."""
    return _page(request, _material_or_404(request, pk))


def _page(
    request: HttpRequest, row: TrainingMaterial, form: VersionForm | None = None, *, status: int = 200
) -> HttpResponse:
    may_keep = organises_training(request.user).allowed and is_of_its_department(request.user, row).allowed
    context = {
        "material": row,
        "versions": list(row.versions.all()),
        "may_keep": may_keep,
        "form": form or VersionForm(),
        "wrong": form,
        "crumbs": [(_("Training materials"), reverse("materials")), (row.title, "")],
    }
    return render(request, "review/training/material.html", context, status=status)


@access(organises_training)
@require_http_methods(["GET", "HEAD", "POST"])
def material_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new material and, on POST, take it in."""
    form = MaterialForm(request.POST or None, request.FILES or None, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                made = add_material(
                    user=request.user, given=form.given(), name=file.name, file=file, note=form.cleaned_data["note"]
                )
            except Refused as error:
                form.add_error("file", str(error))
            else:
                messages.success(request, _("“%(title)s” is in the library.") % {"title": made.material.title})
                return redirect("material", made.material_id)
    crumbs = [(_("Training materials"), reverse("materials")), (_("Put in a material"), "")]
    return render(request, "review/training/material_new.html", {"form": form, "crumbs": crumbs}, status=status)


@access(organises_training)
@require_POST
def material_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a new version of a material."""
    row = _own_or_404(request, pk)
    form = VersionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    file = form.cleaned_data["file"]
    try:
        made = add_version(
            material_id=pk, user=request.user, name=file.name, file=file, note=form.cleaned_data["note"]
        )  # fmt: skip
    except Refused as error:
        form.add_error("file", str(error))
        return _page(request, row, form, status=422)
    messages.success(request, _("Version %(number)s is in force.") % {"number": made.number})
    return redirect("material", pk)


@access(organises_training)
@require_POST
def material_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a material out of use."""
    row = _own_or_404(request, pk)
    withdraw_material(material_id=row.pk, user=request.user)
    messages.success(request, _("“%(title)s” is out of use.") % {"title": row.title})
    return redirect("material", pk)


@access(opens_filings)
@require_safe
def material_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Send one version, always as a file to keep and never shown in the page's own origin. Nobody counts it."""
    row = _material_or_404(request, pk)
    found = next((kept for kept in row.versions.all() if kept.number == number), None)
    path = Path(settings.MEDIA_ROOT, found.path) if found else None
    if found is None or path is None or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response
