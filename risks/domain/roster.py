"""The ledger and the colours keep with the roster: where units stand, and into which one a unit is merged."""

from collections.abc import Sequence

from django.db.models import OuterRef, Subquery

from enterprises.domain.roster_changes import RosterAct, RosterChange
from enterprises.models import Enterprise, User
from risks.models import Rating, Risk, Standing

CHUNK = 5000


def follow_places(changes: Sequence[RosterChange], user: User | None) -> None:
    """Follow the roster: risks and the current rating of a unit that moved carry its town and category.

    Two updates for five thousand units. A second call changes nothing.
    """
    ids = sorted({change.enterprise_id for change in changes if change.act == RosterAct.MOVED})
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        unit = Enterprise.objects.filter(pk=OuterRef("enterprise_id"))
        town = Subquery(unit.values("town_id"))
        Risk.objects.filter(enterprise__in=chunk).update(town_id=town, category_id=Subquery(unit.values("category_id")))
        Rating.objects.filter(enterprise__in=chunk, is_current=True).update(town_id=town)


def merge_risks(*, survivor: Enterprise, absorbed: Enterprise, reported: bool, zero_risk: bool) -> None:
    """Hand the risks, with their lineage, the ratings and the Standing of one unit to another.

    ``reported`` and ``zero_risk`` are what the reports that stand say of both together. Side effects, in the caller's
    transaction, in order: every risk of the one becomes the other's; its ratings become history of the other's; the two
    Standings become one, the earlier first report and the later visits standing. What is then in force is for the
    caller to post.
    """
    places = {"town_id": survivor.town_id, "category_id": survivor.category_id}
    Risk.objects.filter(enterprise=absorbed).update(enterprise=survivor, **places)
    Rating.objects.filter(enterprise=absorbed).update(enterprise=survivor, is_current=False)
    rows = {row.pk: row for row in Standing.objects.select_for_update().filter(pk__in=[survivor.pk, absorbed.pk])}
    if not rows:
        return
    other = rows.get(absorbed.pk) or Standing(enterprise=absorbed)
    own = rows.get(survivor.pk) or Standing(enterprise=survivor)
    for name, choose in (
        ("first_reported_on", min),
        ("overdue_since", min),
        ("last_verified_on", max),
        ("zero_risk_checked_on", max),
    ):
        days = [day for day in (getattr(own, name), getattr(other, name)) if day]
        setattr(own, name, choose(days) if days else None)
    own.open_faults += other.open_faults
    own.overdue_faults += other.overdue_faults
    own.zero_risk = zero_risk
    if not reported:
        own.first_reported_on = None
    Standing.objects.filter(pk=absorbed.pk).delete()
    own.save()
