"""What the offices set: thresholds and texts of each kind of letter, and the mark that numbers begin with."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enterprises.models import Department, User
from review.domain.letters.wording import check_text
from review.enums import LetterKind
from review.models import LetterMark, LetterStandard
from review.queries.letters.standards import standards
from review.rules import sets_letter_standards, writes_letters
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event


class StandardRefused(Refused):
    """A standard that cannot be as it was given; the text says why."""


def set_standard(*, kind: LetterKind | str, user: User, seen_version: int, values: dict[str, Any]) -> LetterStandard:
    """Set what a kind of letter stands on from now on; letters drafted before keep theirs.

    Side effects, in order, in one transaction: the row is locked; right, version, marks and that no other kind has the
    word are checked; the row; event ``letter.standard_set`` with old and new values. Raises Refused, StandardRefused.
    """
    kind = LetterKind(kind)
    sets_letter_standards.check(user)
    with transaction.atomic():
        row = LetterStandard.objects.select_for_update().filter(pk=kind).first()
        standing = standards()
        if standing[kind].version != seen_version:
            raise StandardRefused(_("A colleague changed this standard meanwhile. Look at it again."))
        if wrong := check_text(values["title"] + values["body"]):
            raise StandardRefused(wrong)
        if any(other != kind and one.word == values["word"] for other, one in standing.items()):
            raise StandardRefused(_("Another kind has this word in its number. Choose another."))
        row = row or LetterStandard(kind=kind, version=0)
        old = {name: getattr(standing[kind], name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        row.version, row.updated_by, row.updated_at = row.version + 1, user, clock.now()
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise StandardRefused(_("A colleague changed this standard meanwhile. Look at it again.")) from error
        told = {"kind": kind.value, "old": old, "new": values}
        record_event(kind="letter.standard_set", actor=user, data=told)
    return row


def set_mark(*, user: User, mark: str) -> LetterMark:
    """Set the mark of the person's office, for letters issued from now on.

    Side effects, in order, in one transaction: the department is locked; right and that no other office has it are
    checked; the row; event ``letter.mark_set``. A second call changes nothing. Raises Refused, StandardRefused.
    """
    writes_letters.check(user)
    with transaction.atomic():
        office = Department.objects.select_for_update().get(pk=user.department_id)
        if LetterMark.objects.filter(mark=mark).exclude(department=office).exists():
            raise StandardRefused(_("Another office has this mark. Choose another."))
        row, _created = LetterMark.objects.update_or_create(department=office, defaults={"mark": mark})
        record_event(kind="letter.mark_set", actor=user, about=office, data={"mark": mark})
    return row
