"""Saving a filing section by section, as it is written. Nothing typed is ever thrown away."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from enterprises.models import User
from review.domain.content import BASIC, risk_from_item
from review.domain.context import item_groups_of
from review.domain.workflow import lock_filing, may_edit
from review.enums import Answered
from review.models import DeclaredRisk, Filing, FilingSection
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.domain.events import record_event
from risks.models import CatalogueItem
from risks.models.ledger import ASSESSED_FIELDS
from risks.queries.catalogues import ItemGroup

RISK_COLUMNS = {*ASSESSED_FIELDS, "accident_type_id"}


def save_section(*, filing_id: int, key: str, data: dict, user: User, seen_version: int) -> FilingSection:
    """Save one section.

    ``seen_version`` is the version the form was opened with, 0 when the section did not exist yet. Side effects, in
    order: the filing is locked; the right and the version are checked; the section is written; for a page of the
    self-check the declared risks follow the answers; event ``filing.saved``. Saving the same data again changes
    nothing. Raises Refused, ContentConflict, Filing.DoesNotExist, ValueError for a section that the filing has not: the
    undertaking, for one, is written by the move that files.
    """
    with transaction.atomic():
        filing = _editable(filing_id, user)
        page = _page_of(filing, key)
        row = FilingSection.objects.select_for_update().filter(filing=filing, key=key).first()
        if row is not None and row.data == data:
            return row
        if (row.version if row else 0) != seen_version:
            raise ContentConflict(theirs=row.data if row else {}, yours=data, version=row.version if row else 0)
        row = row or FilingSection(filing=filing, key=key, version=0)
        row.data, row.version = data, row.version + 1
        row.updated_by, row.updated_at = user, clock.now()
        row.save()
        if page is not None:
            _follow_answers(filing, page, data.get("answers", {}), user)
        _record_saved(filing, user, {"section": key, "section_version": row.version})
    return row


def save_risk(
    *, filing_id: int, user: User, values: dict[str, Any], risk_id: int | None = None, seen_version: int = 0
) -> DeclaredRisk:
    """Save some columns of a declared risk, or add one of the unit's own when ``risk_id`` is None.

    Side effects, in order: the filing is locked; right and version are checked; the risk is written; event
    ``filing.saved``. Raises Refused, ContentConflict, DeclaredRisk.DoesNotExist, ValueError for an unknown column.
    """
    unknown = set(values) - RISK_COLUMNS
    if unknown:
        raise ValueError(f"not columns of a risk: {sorted(unknown)}")
    with transaction.atomic():
        filing = _editable(filing_id, user)
        if risk_id is None:
            row = DeclaredRisk(filing=filing, order=_next_order(filing), version=0)
        else:
            row = DeclaredRisk.objects.select_for_update().get(pk=risk_id, filing=filing)
            current = {name: getattr(row, name) for name in values}
            if current == values:
                return row
            if row.version != seen_version:
                raise ContentConflict(theirs=current, yours=values, version=row.version)
        for name, value in values.items():
            setattr(row, name, value)
        row.version, row.updated_by, row.updated_at = row.version + 1, user, clock.now()
        row.save()
        _record_saved(filing, user, {"risk": str(row.lineage), "risk_version": row.version})
    return row


def withdraw_risk(*, filing_id: int, risk_id: int, user: User) -> None:
    """Take a risk of the unit's own off the list; its text is kept.

    One from the catalogue follows its answer, as long as the catalogue in force still asks its item.
    """
    with transaction.atomic():
        filing = _editable(filing_id, user)
        row = DeclaredRisk.objects.select_for_update().get(pk=risk_id, filing=filing)
        if row.item is not None and _is_asked(filing, row.item):
            raise Refused(_("This risk comes from the self-check. Answer its item as “not present here” to remove it."))
        if not row.is_withdrawn:
            row.is_withdrawn, row.version = True, row.version + 1
            row.save(update_fields=["is_withdrawn", "version"])
            _record_saved(filing, user, {"risk": str(row.lineage), "withdrawn": True})


def _editable(filing_id: int, user: User) -> Filing:
    filing = lock_filing(filing_id)
    answer = may_edit(user, filing)
    if not answer.allowed:
        raise Refused(str(answer.reason))
    return filing


def _page_of(filing: Filing, key: str) -> ItemGroup | None:
    """The page of the self-check behind a section, None for the basic information. Raises ValueError for others."""
    if key == BASIC:
        return None
    page = next((page for page in item_groups_of(filing) if page.section_key == key), None)
    if page is None:
        raise ValueError(f"not a section of this filing: {key}")
    return page


def _is_asked(filing: Filing, item: CatalogueItem) -> bool:
    return any(asked.code == item.code for page in item_groups_of(filing) for asked in page.items)


def _record_saved(filing: Filing, user: User, data: dict) -> None:
    record_event(kind="filing.saved", actor=user, about=filing, enterprise_id=filing.enterprise_id, data=data)


def _next_order(filing: Filing) -> int:
    last = filing.declared_risks.aggregate(last=Max("order"))["last"]
    return 0 if last is None else last + 1


def _follow_answers(filing: Filing, page: ItemGroup, answers: dict, user: User) -> None:
    """Declare a risk for each item now present; withdraw, with its text, that of an item no longer so.

    A risk declared under an earlier version of the catalogue stays the same risk: it is handed to the item that has its
    code now.
    """
    rows = filing.declared_risks.filter(item__catalogue__key=page.catalogue.key).select_related("item")
    declared = {row.item.code: row for row in rows.order_by("item__catalogue__version")}
    order = _next_order(filing)
    for item in page.items:
        present = answers.get(item.code, {}).get("answer") == Answered.PRESENT
        row = declared.get(item.code)
        if row is None and present:
            risk_from_item(filing=filing, item=item, order=order, user=user).save()
            order += 1
        elif row is not None and (row.is_withdrawn == present or row.item_id != item.pk):
            row.item, row.is_withdrawn, row.version = item, not present, row.version + 1
            row.save(update_fields=["item", "is_withdrawn", "version"])
