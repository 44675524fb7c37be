"""What a new version of a catalogue asks of the units it concerns, and when that is done."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise, User
from review.domain.catalogue_adoption import adopt_version, filings_that_follow
from review.enums import TodoEnd
from review.models import CatalogueTodo, DeclaredRisk, Filing
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.models import Event
from risks.checks.catalogue_difference import ADDED, REMOVED, Difference, difference_of
from risks.models import Catalogue
from risks.queries.concerned import on_roster, units_concerned
from risks.queries.drafts import content_of

CHUNK = 500


@dataclass(frozen=True)
class Step:
    """What one step has done: which units are concerned, and up to which unit it has come; None when none is left."""

    units: list[int]
    reached: int | None


def follow_published(*, catalogue: Catalogue, former: Catalogue | None, after: int = 0) -> Step:
    """Do what follows from a catalogue that has come into force, for the next CHUNK units ``after`` one.

    Side effects, in the caller's transaction, in order: reports these units are writing are handed over
    (adopt_version); each unit concerned gets one open to-do: asked an item it was not asked before, or with an item in
    the ledger or in a report being written that was removed, raised or is not asked of its category any more; earlier
    to-dos of the same catalogue that are still open end, because the new one shows everything since. A second call adds
    none. The number of queries is fixed.
    """
    last = _end_of_step(after)
    if last is None:
        return Step([], None)
    filings = filings_that_follow().filter(enterprise__gt=after, enterprise__lte=last)
    old, new = content_of(former) if former else None, content_of(catalogue)
    difference = difference_of(old, new)
    adopt_version(filings=filings, catalogue=catalogue)
    units = units_concerned(
        key=catalogue.key, codes=difference.codes_touched, categories=difference.categories_touched
    )  # fmt: skip
    concerned = set(units.filter(pk__gt=after, pk__lte=last).values_list("pk", flat=True))
    if former is not None:
        concerned.update(_with_reports_touched(catalogue, difference, filings))
    ids = sorted(concerned)
    _ask_to_look(ids, catalogue, former, summary_of(difference))
    return Step(ids, last)


def _ask_to_look(ids: list[int], catalogue: Catalogue, former: Catalogue | None, summary: dict[str, int]) -> None:
    """Give each unit its to-do; an earlier one that is still open ends, and the new one begins where it did."""
    earlier = CatalogueTodo.objects.filter(
        catalogue__key=catalogue.key, catalogue__version__lt=catalogue.version, done_at=None, enterprise__in=ids
    )
    origin = dict(earlier.order_by("-catalogue__version").values_list("enterprise_id", "former_id"))
    moment = clock.now()
    earlier.update(done_at=moment, end=TodoEnd.REPLACED)
    CatalogueTodo.objects.bulk_create(
        [
            CatalogueTodo(
                enterprise_id=pk,
                catalogue=catalogue,
                former_id=origin.get(pk, former.pk if former else None),
                summary=summary,
                created_at=moment,
            )
            for pk in ids
        ],
        ignore_conflicts=True,
    )


def _end_of_step(after: int) -> int | None:
    """Return the last of the next CHUNK units, None when there is none."""
    numbers = Enterprise.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return max(numbers[:CHUNK], default=None)


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


def _with_reports_touched(
    catalogue: Catalogue, difference: Difference, filings: QuerySet[Filing]
) -> Iterable[int]:  # fmt: skip
    risks = DeclaredRisk.objects.filter(
        filing__in=filings,
        is_withdrawn=False,
        item__catalogue__key=catalogue.key,
        item__code__in=sorted(difference.codes_touched),
        filing__enterprise__in=on_roster(),
    )
    return set(risks.order_by().values_list("filing__enterprise_id", flat=True))


def remind_of_change(*, user: User, catalogue: Catalogue, rows: QuerySet[CatalogueTodo]) -> int:
    """Remind the units among ``rows`` that have not looked at a change yet; return how many.

    ``rows`` are to-dos of that catalogue in the person's scope. Side effects, in order, in one transaction: the
    catalogue's row is locked; the event ``catalogue.reminded``; it is noted on each to-do, whose people get a notice
    afterwards. A unit is reminded once a day, whoever asks: a second call on the same day finds nobody left. Raises
    Refused when nobody is.
    """
    with transaction.atomic():
        Catalogue.objects.select_for_update().get(pk=catalogue.pk)
        midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
        due = rows.filter(catalogue=catalogue, done_at=None).exclude(reminder__at__gte=midnight)
        event = record_event(kind="catalogue.reminded", actor=user, about=catalogue)
        count = CatalogueTodo.objects.filter(pk__in=due.values("pk")).update(reminder=event)
        if not count:
            raise Refused(_("Everybody who has not looked yet was reminded today. Remind them again tomorrow."))
    return count


def reminded_by(event: Event, after: int) -> Step:
    """Return the next CHUNK units ``after`` one that an act has reminded and that have still not looked."""
    rows = CatalogueTodo.objects.filter(reminder=event, done_at=None, enterprise__gt=after).order_by("enterprise")
    units = list(rows.values_list("enterprise_id", flat=True)[:CHUNK])
    return Step(units, units[-1] if units else None)


def bring_todos_together(*, survivor_id: int, absorbed_id: int) -> None:
    """Give the survivor of a merge what the merged unit still had to look at, in the caller's transaction.

    Where the survivor has a to-do for the same version already, open or done, the merged unit's open one is deleted:
    the unit is asked once. What the merged unit had done stays with it. A second call changes nothing.
    """
    known = CatalogueTodo.objects.filter(enterprise=survivor_id).values("catalogue")
    still_open = CatalogueTodo.objects.filter(enterprise=absorbed_id, done_at=None)
    still_open.filter(catalogue__in=known).delete()
    still_open.update(enterprise=survivor_id)
