"""Undoing a batch: what stood before is written back, while nobody has touched its rows."""

from collections.abc import Iterator
from typing import Any

from django.db.models import PROTECT, QuerySet
from django.utils.translation import gettext as _

from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.imports import staging
from riskreport.ground.imports.standing import Stand, is_same
from riskreport.ground.imports.writing import Writer, chunks_of
from riskreport.ground.models import Event, EventLine, ImportBatch, ImportRow
from riskreport.ground.models.imports import RowState
from riskreport.ground.sheets.declaration import Sheet
from riskreport.ground.sheets.importer import Written
from riskreport.ground.sheets.values import text_of_moment

MOST_NAMED = 5


class Undo:
    """The undo of one batch, within the caller's transaction."""

    def __init__(self, sheet: Sheet, batch: ImportBatch, user: Any) -> None:
        self.sheet, self.importer, self.batch, self.user = sheet, sheet.importer, batch, user
        self.rows = self.importer.model._default_manager
        self.new: list[int] = []
        self.keys: set[str] = set()

    def run(self) -> None:
        """Compare, write back, record and tell. Raises Refused when a row was touched or is needed by now."""
        staging.clear(self.batch)
        touched = [pk for lines in chunks_of(self._lines()) for pk in self._stage(lines)]
        if touched:
            raise Refused(self._who_touched(touched))
        stay = self._needed()
        if stay and self.importer.undo_new is None:
            raise Refused(_("%(count)s of the new rows are in use by now, so that the import can't be undone.")
                          % {"count": len(stay)})  # fmt: skip
        data = {"batch": self.batch.pk, "sheet": self.sheet.name, "event": self.batch.event_id}
        event = record_event(kind="import.undone", actor=self.user, about=self.batch, data=data)
        self._stage_staying(sorted(stay))
        Writer(self.sheet, self.batch, self.keys).write(event)
        gone = [pk for pk in self.new if pk not in stay]
        self._delete(event, gone)
        self.importer.announce(self._written(gone), self.user)
        self.batch.undo_event = event
        staging.clear(self.batch)

    def _lines(self) -> QuerySet:
        return EventLine.objects.filter(event=self.batch.event_id).order_by("pk").iterator(chunk_size=2000)

    def _stage(self, lines: list[EventLine]) -> list[int]:
        """Stage what stood before for some lines; return the rows that stand otherwise than the batch left them."""
        stand = Stand(self.sheet, {key for line in lines for key in line.new})
        standing = stand.read(self.rows.filter(pk__among={line.object_id for line in lines}))
        staged, touched = [], []
        for line in lines:
            row = standing.get(line.object_id)
            if row is None or any(not is_same(row.values.get(key), value) for key, value in line.new.items()):
                touched.append(line.object_id)
            elif not line.old:
                self.new.append(line.object_id)
            else:
                self.keys.update(line.old)
                state = RowState.CHANGED.value
                staged.append(staging.Staged(0, state, row.pk, row.version, "", line.old, line.new, []))
        staging.fill(self.batch.pk, staged)
        return touched

    def _who_touched(self, touched: list[int]) -> str:
        """Return the sentence that names who has changed what since."""
        label = self.importer.model._meta.label_lower
        named = []
        for pk in touched[:MOST_NAMED]:
            later = Event.objects.filter(pk__gt=self.batch.event_id).select_related("actor")
            own = later.filter(object_type=label, object_id=pk).order_by("pk").first()
            bulk = later.filter(lines__object_type=label, lines__object_id=pk).order_by("pk").first()
            event = min((one for one in (own, bulk) if one), key=lambda one: one.pk, default=None)
            row = self.rows.filter(pk=pk).first()
            who = event.actor.name if event and event.actor else _("somebody")
            when = text_of_moment(event.at) if event else ""
            named.append(_("%(row)s (%(who)s %(when)s)") % {"row": row or pk, "who": who, "when": when})
        return _("%(count)s rows were changed since, so the import can't be undone: %(rows)s.") % {
            "count": len(touched),
            "rows": "；".join(named),
        }

    def _needed(self) -> set[int]:
        """Return the new rows that other tables have come to need."""
        needed: set[int] = set()
        for chunk in chunks_of(self.new):
            for relation in self.importer.model._meta.related_objects:
                if relation.on_delete is PROTECT:
                    field = relation.field
                    rows = relation.related_model._default_manager.filter(**{f"{field.attname}__among": chunk})
                    needed |= set(rows.values_list(field.attname, flat=True))
        return needed

    def _stage_staying(self, keys: list[int]) -> None:
        if not keys:
            return
        values = self.importer.undo_new()
        self.keys.update(values)
        for chunk in chunks_of(keys):
            rows = Stand(self.sheet, values).read(self.rows.filter(pk__among=chunk))
            state = RowState.CHANGED.value
            staging.fill(
                self.batch.pk,
                [staging.Staged(0, state, pk, row.version, "", values, row.values, []) for pk, row in rows.items()],
            )

    def _delete(self, event: Event, gone: list[int]) -> None:
        label = self.importer.model._meta.label_lower
        for chunk in chunks_of(gone, 500):
            lines = EventLine.objects.filter(event=self.batch.event_id, object_id__among=chunk)
            old = dict(lines.values_list("object_id", "new"))
            EventLine.objects.bulk_create(
                EventLine(event=event, object_type=label, object_id=pk, old=old[pk], new={}) for pk in chunk
            )
            self.rows.filter(pk__in=chunk).delete()

    def _written(self, gone: list[int]) -> Iterator[Written]:
        staged = ImportRow.objects.filter(batch=self.batch, state=RowState.CHANGED).order_by("pk")
        for target, old, new in staged.values_list("target", "old", "values").iterator(chunk_size=2000):
            yield Written(target, old, new)
        for chunk in chunks_of(gone):
            lines = EventLine.objects.filter(event=self.batch.event_id, object_id__among=chunk)
            for pk, new in lines.values_list("object_id", "new"):
                yield Written(pk, new, {}, is_gone=True)
