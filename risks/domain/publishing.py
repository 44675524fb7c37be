"""Catalogues coming into force: at once, on a day fixed before, and what is told of it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import User
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from risks.checks.catalogue_content import Known, draft_problems
from risks.domain.drafts import lock_draft
from risks.enums import CatalogueState
from risks.models import Catalogue
from risks.queries.drafts import content_of, known_codes


class NotSound(Refused):
    """A draft that its checks do not let through; ``count`` is how many points are open."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(_("%(count)s points of the checklist are still open. Mend them first.") % {"count": count})


def publish_draft(*, catalogue_id: int, user: User, on: dt.date, seen_version: int) -> Catalogue:
    """Publish a draft with effect from ``on``: today at once, a later day by take_due_into_force on that day.

    ``seen_version`` is the draft's edit version that the keeper looked at. Side effects, in order: the draft is locked;
    right, version, day and checks are asked; for today it comes into force (bring_into_force); for a later day it is
    fixed and the event ``catalogue.scheduled`` recorded. A second call on the same version finds no draft and raises.
    Raises Catalogue.DoesNotExist, Refused, NotSound.
    """
    with transaction.atomic():
        draft = lock_draft(catalogue_id, user)
        if draft.edit_version != seen_version:
            raise Refused(_("The draft has changed since you looked at it. Look at it again before publishing."))
        if on < clock.today():
            raise Refused(
                _("A catalogue is published today or on a later day. Choose %(day)s or later.") % {"day": clock.today()}
            )
        problems = draft_problems(content_of(draft), known=Known(**known_codes()))
        if problems:
            raise NotSound(len(problems))
        if on == clock.today():
            bring_into_force(catalogue=draft, on=on, actor=user)
        else:
            _write_state(draft, CatalogueState.SCHEDULED, on)
            record_event(kind="catalogue.scheduled", actor=user, about=draft, data=_named(draft) | {"on": str(on)})
    return draft


def bring_into_force(
    *, catalogue: Catalogue, on: dt.date, actor: User | None, is_shipped: bool = False
) -> Catalogue | None:
    """Make a draft or a fixed version the one in force; return the former one. ``is_shipped``: a release brings it.

    Side effects, in the caller's transaction, in order: the former version is superseded; the catalogue is published;
    an event ``catalogue.published`` that names the former version, for what follows (review/catalogue_reactions.py).
    """
    same = Catalogue.objects.select_for_update().filter(key=catalogue.key)
    former = same.filter(state=CatalogueState.PUBLISHED).first()
    if former is not None:
        former.state = CatalogueState.RETIRED
        former.save(update_fields=["state"])
    _write_state(catalogue, CatalogueState.PUBLISHED, on)
    data = _named(catalogue) | {"items": catalogue.items.count(), "former": former.pk if former else None}
    data |= {"shipped": True} if is_shipped else {}
    record_event(kind="catalogue.published", actor=actor, about=catalogue, data=data)
    return former


def take_due_into_force() -> int:
    """Bring every version whose day has come into force; return how many. A missed night is made up by the next call.

    Each is one transaction of its own; a second call finds nothing left.
    """
    due = Catalogue.objects.filter(state=CatalogueState.SCHEDULED, published_on__lte=clock.today())
    done = 0
    for pk in due.order_by("published_on", "pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Catalogue.objects.select_for_update().filter(pk=pk, state=CatalogueState.SCHEDULED).first()
            if row is not None and row.published_on is not None:
                bring_into_force(catalogue=row, on=row.published_on, actor=None)
                done += 1
    return done


def recall_scheduled(*, catalogue_id: int, user: User) -> Catalogue:
    """Make a version fixed for a later day a draft again.

    Side effects: its state; event ``catalogue.recalled``. A second call finds no such version. Raises
    Catalogue.DoesNotExist, also once the day has come.
    """
    with transaction.atomic():
        row = lock_draft(catalogue_id, user, state=CatalogueState.SCHEDULED)
        _write_state(row, CatalogueState.DRAFT, None)
        record_event(kind="catalogue.recalled", actor=user, about=row, data=_named(row))
    return row


def _write_state(row: Catalogue, state: CatalogueState, on: dt.date | None) -> None:
    row.state, row.published_on = state, on
    row.save(update_fields=["state", "published_on"])


def _named(row: Catalogue) -> dict:
    return {"key": row.key, "version": row.version}
