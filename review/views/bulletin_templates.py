"""The templates of bulletins, edited by the office they belong to."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from review.checks.bulletin_text import PLACEHOLDERS
from review.domain.bulletins.templates import save_template, words_of
from review.enums import BulletinKind
from review.interfaces.bulletins.forms import TemplateForm
from review.queries.bulletins import template_versions
from review.rules import keeps_bulletins
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.conflicts import ContentConflict


@access(keeps_bulletins)
@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_template(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the template of a kind and, on POST, keep what was written as a new version."""
    if kind not in BulletinKind.values:
        raise Http404
    stands = words_of(request.user.department, kind)
    initial = {"seen_number": stands.number, "title": stands.title, "text": stands.text, "nightly": stands.nightly}
    form = TemplateForm(request.POST or None, initial=initial)
    conflict, status = None, 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            save_template(user=request.user, kind=kind, **form.cleaned_data)
        except ContentConflict as error:
            conflict, status = error, 409
            renewed = form.data.copy()
            renewed["seen_number"] = error.version
            form = TemplateForm(renewed)
        except Refused as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("bulletin_template", kind)
    context = {
        "form": form,
        "conflict": conflict,
        "kind": kind,
        "kinds": BulletinKind.choices,
        "label": BulletinKind(kind).label,
        "placeholders": PLACEHOLDERS,
        "versions": template_versions(request.user, kind),
        "crumbs": [(_("Bulletins"), reverse("bulletins")), (_("Template"), "")],
    }
    return render(request, "review/bulletins/template.html", context, status=status)
