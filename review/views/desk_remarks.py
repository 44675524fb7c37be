"""Writing and removing remarks beside a report under review."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from review.domain.remarks import RemarkRefused, add_remark, is_comment, remove_remark
from review.interfaces.queue_sheet import kept_query
from review.interfaces.review_form import RemarkForm
from review.interfaces.snapshot_page import places_of
from review.queries.desk import handed_in, readable_filings, remarks_for
from review.rules import opens_desk
from review.views.desk_review import page_blocks, remember_message, render_review, review_url
from riskreport.ground.access import access


@access(opens_desk)
@require_POST
def review_remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a remark; when it is refused the page comes back with what was typed."""
    filing = get_object_or_404(readable_filings(request.user), pk=pk)
    kept = kept_query(QueryDict(request.POST.get("queue", "")))
    message = request.POST.get("message", "")
    blocks = page_blocks(request.user, filing, handed_in(filing))
    form = RemarkForm(request.POST, places=places_of(blocks))
    if not form.is_valid():
        return render_review(request, filing, kept=kept, message=message, remark_form=form, status=422)
    try:
        remark = add_remark(filing_id=filing.pk, user=request.user, text=form.cleaned_data["text"], **form.pinned_to())
    except RemarkRefused as refusal:
        filing = get_object_or_404(readable_filings(request.user), pk=pk)
        return render_review(
            request, filing, kept=kept, problem=str(refusal), message=message, remark_form=form, status=409
        )
    if is_comment(request.user, filing):
        messages.success(request, _("Your comment is kept. The departments read it, the enterprise does not."))
    else:
        messages.success(request, _("The remark is kept. The enterprise reads it when you return the report."))
    remember_message(request, filing.pk, message)
    return redirect(f"{review_url(pk, kept)}#remark-{remark.pk}")


@access(opens_desk)
@require_POST
def review_remark_remove(request: HttpRequest, pk: int, remark_pk: int) -> HttpResponse:
    """Remove one's own remark that has not gone out."""
    filing = get_object_or_404(readable_filings(request.user), pk=pk)
    kept = kept_query(QueryDict(request.POST.get("queue", "")))
    if remarks_for(request.user, filing).filter(pk=remark_pk).exists():
        try:
            remove_remark(remark_id=remark_pk, user=request.user)
        except RemarkRefused as refusal:
            return render_review(request, filing, kept=kept, problem=str(refusal), status=409)
        messages.success(request, _("The remark is removed."))
    return redirect(f"{review_url(pk, kept)}#remarks")
