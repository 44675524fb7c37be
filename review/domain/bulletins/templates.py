"""The text around the figures, as each committee office writes it, in versions."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Department, User
from review.checks.bulletin_text import has_loose_brace, unknown_placeholders
from review.enums import BulletinKind
from review.models import BulletinTemplate
from review.rules import keeps_bulletins
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.domain.events import record_event

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "bulletin_templates.json"


@dataclass(frozen=True)
class Words:
    """A template as it is in force; number 0 is the one that ships."""

    number: int
    title: str
    text: str
    nightly: bool


@cache
def _shipped() -> dict[str, dict[str, str]]:
    return json.loads(SHIPPED.read_text())


def words_of(department: Department, kind: str) -> Words:
    """Return the template of an office that is in force: its newest, or the one that ships."""
    row = BulletinTemplate.objects.filter(department=department, kind=kind).first()
    if row is not None:
        return Words(row.number, row.title, row.text, row.nightly)
    shipped = _shipped()[BulletinKind(kind).value]
    return Words(0, shipped["title"], shipped["text"], nightly=False)


def save_template(
    *, user: User, kind: str, title: str, text: str, nightly: bool, seen_number: int
) -> BulletinTemplate | None:
    """Make what the office wrote its template, as a new version; earlier ones stay.

    Side effects, in order, in one transaction: the department is locked; right, placeholders and the version the person
    saw are asked; the row; event ``bulletin.template_saved``. Saving what is in force changes nothing and returns None.
    Raises Refused, ContentConflict when a colleague saved another version meanwhile.
    """
    with transaction.atomic():
        department = Department.objects.select_for_update(of=("self",)).get(pk=user.department_id)
        keeps_bulletins.check(user)
        _check(title, text)
        stands = words_of(department, kind)
        if (title, text, nightly) == (stands.title, stands.text, stands.nightly):
            return None
        if stands.number != seen_number:
            raise ContentConflict(
                theirs={"title": stands.title, "text": stands.text},
                yours={"title": title, "text": text},
                version=stands.number,
            )
        row = BulletinTemplate.objects.create(
            department=department,
            kind=BulletinKind(kind),
            number=stands.number + 1,
            title=title,
            text=text,
            nightly=nightly,
            saved_by=user,
            saved_at=clock.now(),
        )
        data = {"kind": row.kind, "number": row.number, "nightly": nightly}
        record_event(kind="bulletin.template_saved", actor=user, about=row, data=data)
    return row


def _check(title: str, text: str) -> None:
    """Refuse a text that could not be filled in, naming what is wrong."""
    unknown = unknown_placeholders(title, text)
    if unknown:
        said = "、".join(f"{{{name}}}" for name in unknown)
        raise Refused(_("There is no placeholder %(names)s. Choose from the list beside the text.") % {"names": said})
    if has_loose_brace(title, text):
        raise Refused(_("A brace opens or closes nothing. Write placeholders like {应报}, and no other braces."))
