"""What a new version of a catalogue asks of the units it concerns, and when that is done."""

from collections.abc import Iterable

from django.db import transaction

from enterprises.models import Enterprise, User
from review.domain.catalogue_adoption import adopt_version, filings_that_follow
from review.enums import TodoEnd
from review.models import CatalogueTodo, DeclaredRisk
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from risks.checks.catalogue_difference import ADDED, REMOVED, Difference, difference_of
from risks.models import Catalogue
from risks.queries.concerned import on_roster, units_concerned
from risks.queries.drafts import content_of

CHUNK = 2000


def follow_published(*, catalogue: Catalogue, former: Catalogue | None) -> int:
    """Do what follows from a catalogue that has come into force; return how many units are concerned.

    Side effects, in the caller's transaction, in order: reports being written are handed over (adopt_version); each
    unit concerned gets one open to-do: asked an item it was not asked before, or with an item in the ledger or in a
    report being written that was removed, raised or is not asked of its category any more; earlier to-dos of the same
    catalogue that are still open end, because the new one shows everything since. A second call adds none. Queries: a
    fixed number, and one more for each CHUNK units (on SQLite, whose statements are shorter, for each hundred or so).
    """
    old, new = content_of(former) if former else None, content_of(catalogue)
    difference = difference_of(old, new)
    touched = Enterprise.objects.none() if former is None else _with_reports_touched(catalogue, difference)
    adopt_version(filings=filings_that_follow(), catalogue=catalogue)
    units = units_concerned(
        key=catalogue.key, codes=difference.codes_touched, categories=difference.categories_touched
    )  # fmt: skip
    ids = sorted({*units.values_list("pk", flat=True), *touched})
    origin = _origins(catalogue, ids)
    _end_earlier(catalogue, ids)
    summary = summary_of(difference)
    for start in range(0, len(ids), CHUNK):
        CatalogueTodo.objects.bulk_create(
            [
                CatalogueTodo(
                    enterprise_id=pk,
                    catalogue=catalogue,
                    former_id=origin.get(pk, former.pk if former else None),
                    summary=summary,
                    created_at=clock.now(),
                )
                for pk in ids[start : start + CHUNK]
            ],
            ignore_conflicts=True,
        )
    return len(ids)


def summary_of(difference: Difference) -> dict[str, int]:
    """Return how many items a version adds, removes and raises."""
    return {
        "added": len(difference.of_kind(ADDED)),
        "removed": len(difference.of_kind(REMOVED)),
        "raised": sum(change.is_raised for change in difference.items),
    }


def look_at_change(*, todo_id: int, user: User) -> CatalogueTodo:
    """Note that the unit has looked at what changed and has nothing to report.

    Side effects: the to-do ends; event ``catalogue.looked``. A second call changes nothing. Raises
    CatalogueTodo.DoesNotExist, also for another unit's.
    """
    with transaction.atomic():
        row = CatalogueTodo.objects.select_for_update().get(pk=todo_id, enterprise=user.enterprise_id)
        if row.done_at is None:
            row.done_at, row.done_by, row.end = clock.now(), user, TodoEnd.LOOKED
            row.save(update_fields=["done_at", "done_by", "end"])
            data = {"catalogue": row.catalogue_id}
            record_event(
                kind="catalogue.looked", actor=user, about=row, enterprise_id=row.enterprise_id, data=data
            )  # fmt: skip
    return row


def end_by_report(*, enterprise_id: int, versions: dict[str, int], user: User | None) -> int:
    """End the open to-dos that a report handed in has answered: it answers that version or a later one."""
    rows = CatalogueTodo.objects.filter(enterprise=enterprise_id, done_at=None).select_related("catalogue")
    answered = [row.pk for row in rows if versions.get(row.catalogue.key, 0) >= row.catalogue.version]
    return CatalogueTodo.objects.filter(pk__in=answered, done_at=None).update(
        done_at=clock.now(), done_by=user, end=TodoEnd.REPORTED
    )


def _with_reports_touched(catalogue: Catalogue, difference: Difference) -> Iterable[int]:
    risks = DeclaredRisk.objects.filter(
        filing__in=filings_that_follow(),
        is_withdrawn=False,
        item__catalogue__key=catalogue.key,
        item__code__in=sorted(difference.codes_touched),
        filing__enterprise__in=on_roster(),
    )
    return set(risks.order_by().values_list("filing__enterprise_id", flat=True))


def _origins(catalogue: Catalogue, ids: list[int]) -> dict[int, int | None]:
    """Return the version each unit last looked at, for those whose earlier to-do is still open."""
    rows = _earlier(catalogue).order_by("-catalogue__version").values_list("enterprise_id", "former_id")
    wanted = set(ids)
    return {unit: former for unit, former in rows if unit in wanted}


def _end_earlier(catalogue: Catalogue, ids: list[int]) -> None:
    for start in range(0, len(ids), CHUNK):
        _earlier(catalogue).filter(enterprise__in=ids[start : start + CHUNK]).update(
            done_at=clock.now(), end=TodoEnd.REPLACED
        )


def _earlier(catalogue: Catalogue):
    return CatalogueTodo.objects.filter(
        catalogue__key=catalogue.key, catalogue__version__lt=catalogue.version, done_at=None
    )


def bring_todos_together(*, survivor_id: int, absorbed_id: int) -> None:
    """Give the survivor of a merge what the merged unit still had to look at, in the caller's transaction.

    Where the survivor has a to-do for the same version already, open or done, the merged unit's open one is deleted:
    the unit is asked once. What the merged unit had done stays with it. A second call changes nothing.
    """
    known = CatalogueTodo.objects.filter(enterprise=survivor_id).values("catalogue")
    still_open = CatalogueTodo.objects.filter(enterprise=absorbed_id, done_at=None)
    still_open.filter(catalogue__in=known).delete()
    still_open.update(enterprise=survivor_id)
