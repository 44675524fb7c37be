"""The checklist of a sector in a phase: written with its backward schedule, kept by the lead department."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.enums import DepartmentKind, RegionLevel, Role
from enterprises.models import Category, Sector, User
from review.checks.backward import backward_days
from review.enums import ChecklistKey
from review.models import Campaign, ChecklistStep, Phase
from review.rules import keeps_checklist
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event

OF_TWO_STAGES = {ChecklistKey.DRAFTS, ChecklistKey.REVIEW}


class StaleStep(Refused):
    """Somebody else has written the step since the person saw it."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this step meanwhile. Look at it and save again."))


def write_checklist(*, campaign: Campaign, days_before: dict[str, int]) -> None:
    """Write the steps of each sector of each phase, with days counted back from the phase's last day.

    Side effects, in the caller's transaction: the rows; who answers is the chief, else the first keeper, of the city's
    lead bureau. A step that is there stays as it is.
    """
    keys = [key for key in ChecklistKey if campaign.stages == 2 or key not in OF_TWO_STAGES]
    offsets = {key.value: days_before.get(key.value, 0) for key in keys}
    rows = []
    leads = people_of_leads()
    for phase in campaign.phases.order_by("order"):
        days = backward_days(phase.due_on, offsets)
        for sector in sectors_of(phase):
            people = leads.get(sector.lead_id, [])
            responsible = people[0] if people else None
            rows += [
                ChecklistStep(
                    phase=phase,
                    sector=sector,
                    key=key,
                    due_on=days[key],
                    days_before=offsets[key],
                    responsible=responsible,
                )
                for key in keys
            ]
    ChecklistStep.objects.bulk_create(rows, ignore_conflicts=True)


def sectors_of(phase: Phase) -> list[Sector]:
    """Return the sectors whose units a phase may take."""
    categories = Category.objects.filter(campaigns=phase.campaign_id)
    if phase.categories:
        categories = categories.filter(code__in=phase.categories)
    return list(Sector.objects.filter(categories__in=categories).distinct().order_by("code"))


def people_of_leads() -> dict[str, list[User]]:
    """Return line → who may answer for it: keepers and chiefs of the city's bureaus, chiefs first."""
    rows = User.objects.filter(
        is_active=True, department__kind=DepartmentKind.BUREAU, department__level=RegionLevel.CITY
    ).select_related("department")
    found: dict[str, list[User]] = {}
    for person in rows.order_by("-is_chief", "pk"):
        if person.is_chief or person.role == Role.KEEPER:
            found.setdefault(str(person.department.line_id), []).append(person)
    return found


def save_checklist_step(
    *,
    step_id: int,
    user: User,
    seen_version: int,
    due_on: dt.date,
    responsible: User | None,
    done_on: dt.date | None,
    note: str,
) -> ChecklistStep:
    """Set the day of a step, who answers for it, and whether it is done, by a person's word.

    Side effects, in order: the step is locked; right and version asked; the row; event ``campaign.step_saved``. Saving
    what stands changes nothing. Raises StaleStep, Refused.
    """
    with transaction.atomic():
        step = (
            ChecklistStep.objects.select_for_update(of=("self",))
            .select_related("phase__campaign", "sector")
            .get(pk=step_id)
        )
        keeps_checklist.check(user, step)
        new = (due_on, responsible.pk if responsible else None, done_on, note.strip()[:200])
        if (step.due_on, step.responsible_id, step.done_on, step.note) == new:
            return step
        if step.version != seen_version:
            raise StaleStep
        _check_given(step, responsible, done_on)
        if step.due_on != due_on:
            step.days_before = None
        if step.done_on != done_on:
            step.done_by = user if done_on else None
        step.due_on, step.responsible, step.done_on, step.note = due_on, responsible, done_on, new[3]
        step.version += 1
        step.save()
        data = {"sector": step.sector_id, "step": step.key, "done_on": done_on and done_on.isoformat()}
        record_event(kind="campaign.step_saved", actor=user, about=step.phase.campaign, data=data)
    return step


def _check_given(step: ChecklistStep, responsible: User | None, done_on: dt.date | None) -> None:
    if responsible is not None and responsible not in people_of_leads().get(step.sector.lead_id, []):
        raise Refused(_("Only a keeper or chief of the city's lead department answers for its sector."))
    if done_on and done_on > clock.today():
        raise Refused(_("A step is done today or earlier, not in days to come."))
