"""Attaching files to a report, and taking them off again. A file is kept whole or not at all."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import User
from review import rules
from review.domain.workflow import lock_filing, may_edit
from review.enums import DEPARTMENT_TURN, AttachmentKind
from review.models import Attachment, Filing
from review.queries.content import check_code, filing_content
from riskreport.ground import clock
from riskreport.ground.access import YES, Answer, Refused
from riskreport.ground.checks.file_kinds import ENDINGS, FileKind, FileRefused, UnknownKind, look_at_file
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.kept_files import drop_file, keep_file, plain_name

MOST_FILES = 40
FOLDER = "attachments"


class AttachmentRefused(Refused):
    """A file that is not kept. Its text is one plain sentence for the person."""


def may_attach(user: User, filing: Filing, kind: str = AttachmentKind.OTHER) -> Answer:
    """Return whether the person may attach a file now, with the reason.

    Who may write the report may attach. The scan of the stamped first report may also follow while the report waits or
    is in review.
    """
    answer = may_edit(user, filing)
    if answer.allowed:
        return YES
    if kind == AttachmentKind.STAMPED and filing.state in DEPARTMENT_TURN:
        return rules.may_write(user, filing)
    return answer


def may_remove(user: User, filing: Filing, row: Attachment) -> Answer:
    """Return whether the person may take a file off now, with the reason: what was handed in stays while it waits."""
    if filing.state in DEPARTMENT_TURN and filing.submitted_at and row.uploaded_at <= filing.submitted_at:
        return Answer(False, _("This file was handed in with the report; it stays while the department reviews it."))
    return may_attach(user, filing, row.kind)


def attach_file(*, filing_id: int, user: User, name: str, file: Any, kind: str) -> Attachment:
    """Keep a file that was sent in.

    ``file`` is an uploaded file (size, chunks, seek and read). Side effects, in order: size and content are checked;
    the bytes go to a new file of our own name; in one transaction the filing is locked, the right is checked, the row
    (a stamped scan with the check code of what the report says now) and the event ``attachment.added``. When anything
    fails, no file is left. The same content attached already as the same kind is returned as it is. Raises
    AttachmentRefused, Filing.DoesNotExist.
    """
    if kind not in AttachmentKind.values:
        raise AttachmentRefused(_("Choose what the file is: the stamped first report, or another document."))
    found = look_at_upload(file, name)
    path, digest = keep_file(file=file, folder=FOLDER, extension=found.extension)
    kept = False
    try:
        with transaction.atomic():
            filing = lock_filing(filing_id)
            same = _refuse_or_find(filing, user, kind, digest)
            if same is not None:
                return same
            row = Attachment.objects.create(
                filing=filing,
                kind=kind,
                name=plain_name(name, found.extension),
                path=path,
                content_type=found.content_type,
                size=file.size,
                sha256=digest,
                check_code=check_code(filing_content(filing)) if kind == AttachmentKind.STAMPED else "",
                uploaded_by=user,
                uploaded_at=clock.now(),
            )
            _record("added", user, row)
        kept = True
    finally:
        if not kept:
            drop_file(path)
    return row


def look_at_upload(file: Any, name: str) -> FileKind:
    """Return what kind of file was sent in. Raises AttachmentRefused where it is none that is kept."""
    try:
        return look_at_file(file)
    except FileRefused as error:
        ending = name.rpartition(".")[2].lower()
        if isinstance(error, UnknownKind) and ending in ENDINGS:
            raise AttachmentRefused(
                _("The name ends in .%(ending)s, but the content is of another kind. Save it anew and attach it again.")
                % {"ending": ending}
            ) from error
        raise AttachmentRefused(str(error)) from error


def _refuse_or_find(filing: Filing, user: User, kind: str, digest: str) -> Attachment | None:
    answer = may_attach(user, filing, kind)
    if not answer.allowed:
        raise AttachmentRefused(str(answer.reason))
    present = list(filing.attachments.filter(removed_at=None))
    same = next((row for row in present if row.sha256 == digest and row.kind == kind), None)
    if same is None and len(present) >= MOST_FILES:
        raise AttachmentRefused(
            _("%(count)s files are attached already, which is the most. Remove one first.") % {"count": MOST_FILES}
        )
    return same


def remove_attachment(*, filing_id: int, attachment_id: int, user: User) -> Attachment:
    """Take a file off the report. The bytes stay: a snapshot may name them.

    Side effects, in one transaction: the filing is locked; the right is checked; the row is marked; event
    ``attachment.removed``. A second call changes nothing. Raises AttachmentRefused, Attachment.DoesNotExist.
    """
    with transaction.atomic():
        filing = lock_filing(filing_id)
        row = Attachment.objects.get(pk=attachment_id, filing=filing)
        answer = may_remove(user, filing, row)
        if not answer.allowed:
            raise AttachmentRefused(str(answer.reason))
        if row.removed_at is None:
            row.removed_at = clock.now()
            row.save(update_fields=["removed_at"])
            _record("removed", user, row)
    return row


def _record(what: str, user: User, row: Attachment) -> None:
    record_event(
        kind=f"attachment.{what}",
        actor=user,
        about=row.filing,
        enterprise_id=row.filing.enterprise_id,
        data={"attachment": row.pk, "kind": row.kind, "sha256": row.sha256},
    )
