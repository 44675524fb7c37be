"""A keeper's work on a draft of a catalogue: opened, written item by item, put in order, thrown away."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from enterprises.models import Line, Sector, User
from enterprises.queries.taxonomy import categories_in_force
from riskreport.ground.access import Refused
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.request_keys import digest_of
from risks.enums import NOT_YET_IN_FORCE, CatalogueState
from risks.models import Catalogue, CatalogueItem
from risks.models.catalogue import HEAD_FIELDS, ITEM_COLUMNS
from risks.queries.catalogues import with_items
from risks.queries.drafts import catalogues_kept_by


def open_draft(*, key: str, user: User) -> Catalogue:
    """Return the open draft of a catalogue, made as a copy of the version in force when there is none.

    Side effects, in order: the version in force is locked; the draft with its items; event ``catalogue.opened``. A
    second call, a colleague's too, returns the draft there is: one key has one. Raises Catalogue.DoesNotExist for a key
    the person does not keep or that was never published.
    """
    with transaction.atomic():
        kept = catalogues_kept_by(user).select_for_update(of=("self",))
        source = kept.get(key=key, state=CatalogueState.PUBLISHED)
        known = Catalogue.objects.filter(key=key, state__in=sorted(NOT_YET_IN_FORCE)).first()
        if known is not None:
            return known
        last = Catalogue.objects.filter(key=key).aggregate(last=Max("version"))["last"]
        columns = ("key", "line_id", "sector_id", "quantified", *HEAD_FIELDS)
        draft = Catalogue.objects.create(version=last + 1, **{name: getattr(source, name) for name in columns})
        _copy_items(source, draft)
        _record("opened", user, draft)
    return draft


def new_catalogue(
    *, user: User, key: str, line: Line, sector: Sector | None, title: str, title_en: str = ""
) -> Catalogue:
    """Begin a catalogue of a new key as an empty draft with one part and one group.

    Side effects: the draft; event ``catalogue.opened``. Raises Refused when the key is taken.
    """
    part = {"key": "1", "name": "较大以上安全风险", "name_en": "Larger-and-above safety risks"}
    group = {"key": "g1", "name": "第一组", "name_en": "First group"}
    try:
        with transaction.atomic():
            if Catalogue.objects.filter(key=key).exists():
                raise IntegrityError(key)
            draft = Catalogue.objects.create(
                key=key, line=line, sector=sector, title=title, title_en=title_en, parts=[part], groups=[group]
            )
            _record("opened", user, draft)
    except IntegrityError as error:
        raise Refused(
            _("A catalogue with the short name “%(key)s” exists already. Choose another one.") % {"key": key}
        ) from error
    return draft


def head_base(catalogue: Catalogue) -> str:
    """Return the digest of a draft's head, by which two windows on it are told apart."""
    return digest_of(_head(catalogue))


def save_head(*, catalogue_id: int, user: User, values: dict[str, Any], seen_base: str) -> Catalogue:
    """Save titles, note, groups and parts of a draft.

    ``seen_base`` is head_base of what the form was opened with. Side effects: the draft; event ``catalogue.saved``.
    Saving what stands changes nothing. Raises ContentConflict, Catalogue.DoesNotExist.
    """
    with transaction.atomic():
        draft = lock_draft(catalogue_id, user)
        theirs, yours = _head(draft), _head(draft) | values
        if theirs == yours:
            return draft
        if head_base(draft) != seen_base:
            raise ContentConflict(theirs=theirs, yours=yours, version=head_base(draft))
        for name in HEAD_FIELDS:
            setattr(draft, name, yours[name])
        draft.save(update_fields=HEAD_FIELDS)
        _changed(draft, user, {"head": True})
    return draft


def save_item(
    *, catalogue_id: int, user: User, values: dict[str, Any], item_id: int | None = None, seen_version: int = 0
) -> CatalogueItem:
    """Save an item of a draft, or add one at the end when ``item_id`` is None.

    ``values`` are the item's columns, ``categories`` a list of codes, and ``indicators`` the item's part of a
    quantified table. Side effects, in order: the item; its categories; the table follows a changed code; event
    ``catalogue.saved``. Saving what stands changes nothing. Raises ContentConflict, Refused for a code that another
    item has, Catalogue.DoesNotExist, CatalogueItem.DoesNotExist.
    """
    with transaction.atomic():
        draft = lock_draft(catalogue_id, user)
        item = draft.items.get(pk=item_id) if item_id else CatalogueItem(catalogue=draft, order=_next_order(draft))
        theirs = item_values(item, draft)
        if item_id and theirs == theirs | values:
            return item
        if item_id and item.edit_version != seen_version:
            raise ContentConflict(theirs=theirs, yours=values, version=item.edit_version)
        if draft.items.filter(code=values["code"]).exclude(pk=item_id).exists():
            raise Refused(
                _("The code %(code)s belongs to another item of this draft. Choose another one.")
                % {"code": values["code"]}
            )
        former_code = item.code
        for name in ITEM_COLUMNS:
            setattr(item, name, values.get(name, getattr(item, name)))
        item.edit_version += 1 if item_id else 0
        item.save()
        item.categories.set(values["categories"])
        _follow_table(draft, former_code, item.code, values.get("indicators"))
        _changed(draft, user, {"item": item.code})
    return item


def item_values(item: CatalogueItem, draft: Catalogue) -> dict[str, Any]:
    """Return an item as save_item takes it."""
    values = {name: getattr(item, name) for name in ITEM_COLUMNS}
    categories = item.categories.order_by("code").values_list("code", flat=True) if item.pk else ()
    values["categories"] = list(categories)
    if draft.quantified:
        values["indicators"] = draft.quantified.get("indicators", {}).get(item.code, [])
    return values


def move_item(*, catalogue_id: int, item_id: int, user: User, up: bool) -> None:
    """Put an item one place up or down within its group; at the end of it nothing happens.

    Side effects: the order of two items; event ``catalogue.saved``. Raises Catalogue.DoesNotExist,
    CatalogueItem.DoesNotExist.
    """
    with transaction.atomic():
        draft = lock_draft(catalogue_id, user)
        item = draft.items.get(pk=item_id)
        beside = draft.items.filter(group=item.group)
        other = (
            beside.filter(order__lt=item.order).order_by("-order").first()
            if up
            else beside.filter(order__gt=item.order).order_by("order").first()
        )
        if other is None:
            return
        item.order, other.order = other.order, item.order
        CatalogueItem.objects.bulk_update([item, other], ["order"])
        _changed(draft, user, {"moved": item.code})


def remove_item(*, catalogue_id: int, item_id: int, user: User) -> None:
    """Take an item out of a draft, and out of its quantified table.

    Side effects: the item; event ``catalogue.saved``. Raises Catalogue.DoesNotExist, CatalogueItem.DoesNotExist.
    """
    with transaction.atomic():
        draft = lock_draft(catalogue_id, user)
        item = draft.items.get(pk=item_id)
        _follow_table(draft, item.code, None)
        item.delete()
        _changed(draft, user, {"removed": item.code})


def discard_draft(*, catalogue_id: int, user: User) -> None:
    """Throw a draft away with its items. Nothing refers to them: what was never in force was never asked.

    Side effects: the rows; event ``catalogue.discarded``. Raises Catalogue.DoesNotExist, also for a second call.
    """
    with transaction.atomic():
        draft = lock_draft(catalogue_id, user)
        _record("discarded", user, draft, {"items": draft.items.count()})
        draft.items.all().delete()
        draft.delete()


def follow_import(*, item_ids: Iterable[int]) -> None:
    """Let drafts follow what an import, or its undo, wrote to their items, in the caller's transaction.

    Side effects: each draft counts as changed, so that who was about to publish looks again; a quantified table drops
    the codes that are gone.
    """
    Catalogue.objects.filter(state=CatalogueState.DRAFT, items__in=list(item_ids)).update(
        edit_version=F("edit_version") + 1
    )
    for draft in Catalogue.objects.filter(state=CatalogueState.DRAFT).exclude(quantified={}):
        codes = set(draft.items.values_list("code", flat=True))
        table = draft.quantified.get("indicators", {})
        if set(table) - codes:
            kept = {code: rows for code, rows in table.items() if code in codes}
            draft.quantified = draft.quantified | {"indicators": kept}
            draft.save(update_fields=["quantified"])


def lock_draft(catalogue_id: int, user: User, *, state: CatalogueState = CatalogueState.DRAFT) -> Catalogue:
    """Return a draft the person keeps, its row locked until the transaction ends. Raises Catalogue.DoesNotExist."""
    return catalogues_kept_by(user).select_for_update(of=("self",)).get(pk=catalogue_id, state=state)


def copy_rows(draft: Catalogue, rows: Sequence[tuple[CatalogueItem, Sequence[str]]]) -> None:
    """Write new items with their categories to a draft, in the order given."""
    CatalogueItem.objects.bulk_create(item for item, _codes in rows)
    numbers = dict(CatalogueItem.objects.filter(catalogue=draft).values_list("code", "id"))
    link = CatalogueItem.categories.through
    link.objects.bulk_create(
        link(catalogueitem_id=numbers[item.code], category_id=code) for item, codes in rows for code in codes
    )


def _copy_items(source: Catalogue, draft: Catalogue) -> None:
    """Copy the items; a category that was retired since is not asked any more."""
    in_force = set(categories_in_force().values_list("code", flat=True))
    rows = []
    for item in with_items(Catalogue.objects.filter(pk=source.pk)).get().items.all():
        columns = {name: getattr(item, name) for name in ITEM_COLUMNS}
        codes = [category.pk for category in item.categories.all() if category.pk in in_force]
        rows.append((CatalogueItem(catalogue=draft, order=item.order, **columns), codes))
    copy_rows(draft, rows)


def _head(draft: Catalogue) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in HEAD_FIELDS}


def _next_order(draft: Catalogue) -> int:
    return (draft.items.aggregate(last=Max("order"))["last"] or 0) + 1


def _follow_table(draft: Catalogue, old: str, new: str | None, indicators: list | None = None) -> None:
    """Keep the quantified table by the item's code: renamed, written anew, or dropped with the item."""
    if not draft.quantified:
        return
    table = dict(draft.quantified.get("indicators", {}))
    standing = table.pop(old, [])
    if new is not None:
        table[new] = standing if indicators is None else indicators
    draft.quantified = draft.quantified | {"indicators": table}
    draft.save(update_fields=["quantified"])


def _changed(draft: Catalogue, user: User, data: dict) -> None:
    Catalogue.objects.filter(pk=draft.pk).update(edit_version=F("edit_version") + 1)
    _record("saved", user, draft, data)


def _record(what: str, user: User, draft: Catalogue, data: dict | None = None) -> None:
    named = {"key": draft.key, "version": draft.version}
    record_event(kind=f"catalogue.{what}", actor=user, about=draft, data=named | (data or {}))
