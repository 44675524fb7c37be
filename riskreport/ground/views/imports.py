"""Taking rows of a sheet in from a file: upload, columns, preview, decision, history, undo."""

import uuid
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from riskreport.ground.access import Refused, access
from riskreport.ground.domain.jobs import MOST_TRIES
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.imports import batches
from riskreport.ground.imports.headings import memory_of
from riskreport.ground.imports.preview import Preview, assignment_of, history, sentence_of
from riskreport.ground.imports.reading import FileRefused, limits_in_words
from riskreport.ground.imports.template import write_template
from riskreport.ground.models import ImportBatch
from riskreport.ground.models.imports import IMPORT_WORKS, ROWS_WRITTEN, ImportState
from riskreport.ground.models.job import JobState
from riskreport.ground.request import whole_number
from riskreport.ground.rules import has_account
from riskreport.ground.sheets import Sheet, get_sheet

LAST_PAGE = 1_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def for_sheet(view: Any) -> Any:
    """Find the sheet of the address and ask who may import it; with a number, find the department's own batch."""

    @access(has_account)
    @wraps(view)
    def find(request: HttpRequest, sheet_name: str, **rest: Any) -> HttpResponse:
        try:
            sheet = get_sheet(sheet_name)
        except KeyError:
            raise Http404 from None
        if sheet.importer is None:
            raise Http404
        answer = sheet.importer.rule(request.user)
        if not answer.allowed:
            raise PermissionDenied(str(answer.reason))
        if "pk" in rest:
            rows = batches.batches_of(request.user, sheet).select_related("job", "owner", "decided_by")
            rest = {"batch": get_object_or_404(rows, pk=rest["pk"])}
        return view(request, sheet, **rest)

    return find


@for_sheet
@require_http_methods(["GET", "POST"])
def import_sheet(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Show what may be uploaded and what was; keep a file and have it read."""
    problem = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problem = _("Choose a file first.")
        else:
            try:
                batch = batches.start_import(
                    sheet=sheet,
                    user=request.user,
                    file=file,
                    name=file.name,
                    language=request.LANGUAGE_CODE,
                    complete=request.POST.get("complete", ""),
                    key=request.POST.get("key", ""),
                )
                return redirect("import_batch", sheet_name=sheet.name, pk=batch.pk)
            except (FileRefused, Refused, KeyReused) as refusal:
                problem = str(refusal)
    leaving = sheet.importer.leaving
    context = {
        "sheet": sheet,
        "crumbs": [(sheet.title, _list_url(sheet)), (_("Import"), "")],
        "problem": problem,
        "key": uuid.uuid4().hex,
        "limits": limits_in_words(),
        "scopes": leaving.scopes(request.user) if leaving else [],
        "chosen": request.POST.get("complete", ""),
        "has_memory": memory_of(sheet, request.user).exists(),
        "history": [(batch, _how_it_stands(batch)) for batch in history(request.user, sheet)],
        "export_query": "&".join(f"cols={column.key}" for column in sheet.imported),
    }
    return render(request, "ground/imports/upload.html", context, status=422 if problem else 200)


def _how_it_stands(batch: ImportBatch) -> str:
    return batch.problem if batch.state == ImportState.FAILED else sentence_of(batch)


@for_sheet
@require_GET
def import_template(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Send the Excel template in the reader's language."""
    response = HttpResponse(write_template(sheet, request.user), content_type=XLSX)
    name = _("%(sheet)s template.xlsx") % {"sheet": sheet.title}
    return _as_file(response, name)


def _as_file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@for_sheet
@require_GET
def import_batch(request: HttpRequest, sheet: Sheet, batch: ImportBatch) -> HttpResponse:
    """Show a batch where it stands; asked by htmx while it is worked on, only the part that changes."""
    works = batch.state in IMPORT_WORKS and not _has_broken(batch)
    if request.htmx and (not works or request.GET.get("seen", batch.state) != batch.state):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = _context(request, sheet, batch, works=works)
    return render(request, "ground/imports/_work.html" if request.htmx else "ground/imports/batch.html", context)


def _has_broken(batch: ImportBatch) -> bool:
    return batch.job is not None and batch.job.state == JobState.FAILED


def _context(request: HttpRequest, sheet: Sheet, batch: ImportBatch, *, works: bool, problem: str = "") -> dict:
    page = min(whole_number(request.GET.get("page", "")) or 1, LAST_PAGE)
    shows_rows = batch.state in {ImportState.PREVIEW, ImportState.APPLYING, ImportState.APPLIED, ImportState.UNDONE}
    leaving = sheet.importer.leaving
    scopes = leaving.scopes(request.user) if leaving and batch.state == ImportState.PREVIEW else []
    return {
        "sheet": sheet,
        "batch": batch,
        "works": works,
        "list_url": _list_url(sheet),
        "lead": sentence_of(batch),
        "problem": problem or batch.problem or _why_broken(batch),
        "preview": Preview(batch, sheet, request.user, bucket=request.GET.get("bucket", ""), page=page)
        if shows_rows and not works
        else None,
        "assignment": assignment_of(batch, sheet) if batch.state == ImportState.MAPPING else None,
        "can_decide": batches.can_decide(batch),
        "twin": batches.twin_of(batch, request.user) if batch.state == ImportState.PREVIEW else None,
        "written": sum(batch.counts.get("applied", {}).get(state.value, 0) for state in ROWS_WRITTEN),
        "writable": batches.writable(batch),
        "scopes": scopes,
        "complete_words": dict(leaving.scopes(request.user)).get(batch.complete, "")
        if leaving and batch.complete
        else "",
    }


def _list_url(sheet: Sheet) -> str:
    """The page that lists the sheet's rows goes by the sheet's own name, where there is one."""
    try:
        return reverse(sheet.name)
    except NoReverseMatch:
        return ""


def _why_broken(batch: ImportBatch) -> str:
    if not _has_broken(batch) or batch.state not in IMPORT_WORKS:
        return ""
    if batch.job.tries >= MOST_TRIES:
        return _("This task failed several times and was stopped. Upload the file again; if it fails again, tell "
                 "system operation.")  # fmt: skip
    return batch.job.error


def _act(request: HttpRequest, sheet: Sheet, batch: ImportBatch, act: Any, **given: Any) -> HttpResponse:
    """Do one step and go on to the page of the batch; a refusal is said there."""
    try:
        act(batch_id=batch.pk, user=request.user, **given)
    except Refused as refusal:
        batch.refresh_from_db()
        context = _context(request, sheet, batch, works=batch.state in IMPORT_WORKS, problem=str(refusal))
        return render(request, "ground/imports/batch.html", context, status=422)
    return redirect("import_batch", sheet_name=sheet.name, pk=batch.pk)


@for_sheet
@require_POST
def import_columns(request: HttpRequest, sheet: Sheet, batch: ImportBatch) -> HttpResponse:
    """Keep which heading is which column and have the rows checked."""
    count = len(batch.reading.get("headings", []))
    columns = [request.POST.get(f"column-{place}", "") for place in range(count)]
    return _act(request, sheet, batch, batches.assign_columns, columns=columns)


@for_sheet
@require_POST
def import_complete(request: HttpRequest, sheet: Sheet, batch: ImportBatch) -> HttpResponse:
    """Keep whether the file is the whole of a list and have it checked again."""
    return _act(request, sheet, batch, batches.say_complete, complete=request.POST.get("complete", ""))


@for_sheet
@require_POST
def import_refuse(request: HttpRequest, sheet: Sheet, batch: ImportBatch) -> HttpResponse:
    """Put the file aside."""
    answer = _act(request, sheet, batch, batches.refuse_import)
    if answer.status_code != 302:
        return answer
    messages.success(request, _("Nothing of “%(file)s” was taken in.") % {"file": batch.file_name})
    return redirect("import_sheet", sheet_name=sheet.name)


@for_sheet
@require_POST
def import_take(request: HttpRequest, sheet: Sheet, batch: ImportBatch) -> HttpResponse:
    """Take the rows in."""
    choice = batches.RIGHT if request.POST.get("choice") == batches.RIGHT else batches.ALL
    return _act(request, sheet, batch, batches.take_import, choice=choice)


@for_sheet
@require_POST
def import_undo(request: HttpRequest, sheet: Sheet, batch: ImportBatch) -> HttpResponse:
    """Undo what was taken in."""
    return _act(request, sheet, batch, batches.undo_import)


@for_sheet
@require_GET
def import_file(request: HttpRequest, sheet: Sheet, batch: ImportBatch) -> HttpResponse:
    """Send the file as it was uploaded."""
    return _send(batch.file, batch.file_name)


@for_sheet
@require_GET
def import_errors(request: HttpRequest, sheet: Sheet, batch: ImportBatch) -> HttpResponse:
    """Send the workbook of what is wrong."""
    stem = batch.file_name.rsplit(".", 1)[0]
    return _send(batch.errors_file, _("%(file)s (to be put right).xlsx") % {"file": stem})


def _send(relative: str, name: str) -> HttpResponse:
    path = Path(settings.MEDIA_ROOT, relative)
    if not relative or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    return response
