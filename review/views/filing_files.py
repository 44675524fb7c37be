"""Attaching files to a report, and fetching them."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from review.domain.attachments import AttachmentRefused, attach_file, remove_attachment
from review.enums import AttachmentKind
from review.interfaces.filing_steps import ATTACHMENTS, section_url
from review.models import Attachment
from review.views.filing_common import FilingPage, filing_view, refusal
from review.views.filing_lists import show_attachments


@filing_view
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, page: FilingPage) -> HttpResponse:
    """Keep the files that were sent; those not accepted are named with the reason, the others are kept."""
    if request.method != "POST":
        return redirect(section_url(page.filing, ATTACHMENTS))
    files = request.FILES.getlist("file")
    kind = request.POST.get("kind", AttachmentKind.OTHER)
    refused = [] if files else [(_("Choose a file first."), "id_file")]
    kept = 0
    for file in files:
        try:
            attach_file(filing_id=page.filing.pk, user=request.user, name=file.name, file=file, kind=kind)
            kept += 1
        except AttachmentRefused as error:
            refused.append((_("“%(name)s”: %(reason)s") % {"name": file.name, "reason": error}, "id_file"))
    if kept:
        messages.success(request, _("%(count)s files attached.") % {"count": kept})
    if refused:
        page.forget()
        return show_attachments(page, listed=refused, chosen_kind=kind, status=422)
    return redirect(section_url(page.filing, ATTACHMENTS))


@filing_view
@require_safe
def download(request: HttpRequest, page: FilingPage, attachment_id: int) -> HttpResponse:
    """Send one attached file, always as a file to keep and never shown in the page's own origin."""
    row = Attachment.objects.filter(pk=attachment_id, filing=page.filing).first()
    path = Path(settings.MEDIA_ROOT, row.path) if row else None
    if row is None or path is None or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=True, filename=row.name, content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@filing_view
@require_POST
def remove(request: HttpRequest, page: FilingPage, attachment_id: int) -> HttpResponse:
    """Take one attached file off the report."""
    try:
        row = remove_attachment(filing_id=page.filing.pk, attachment_id=attachment_id, user=request.user)
    except Attachment.DoesNotExist as error:
        raise Http404 from error
    except AttachmentRefused as error:
        return refusal(page, str(error), status=403)
    messages.success(request, _("“%(name)s” was taken off the report.") % {"name": row.name})
    return redirect(section_url(page.filing, ATTACHMENTS))
