"""A department's implementation plan and its own steps: kept by its keeper."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.domain.reference import read_data
from enterprises.models import Department, DepartmentPlan, DepartmentStep, User
from enterprises.rules import keeps_preparation
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.checks.file_kinds import DOCX, PDF, FileRefused, look_at_file
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.kept_files import drop_file, keep_file, plain_name
from riskreport.ground.domain.request_keys import digest_of
from riskreport.ground.domain.shipped_rows import Tally
from riskreport.ground.models import Event

FOLDER = "plans"
MOST_STEPS = 40
SHIPPED = "department.steps_shipped"


@dataclass(frozen=True)
class StepGiven:
    """One row of the list of steps as the keeper wrote it; ``pk`` is None for a new one."""

    pk: int | None
    title: str
    due_on: dt.date | None
    done_on: dt.date | None
    note: str


def add_plan(*, department: Department, user: User, name: str, file: Any, note: str = "") -> DepartmentPlan:
    """Keep a new version of a department's implementation plan; earlier ones stay.

    Side effects, in order: the file is looked at and written under a name of our own; in one transaction the department
    is locked, the right asked, the row and the event ``department.plan_added``. The same content as the last version is
    returned as it is. When anything fails, no file is left. Raises Refused.
    """
    try:
        kind = look_at_file(file, kinds={PDF, DOCX})
    except FileRefused as error:
        raise Refused(str(error)) from error
    path, digest = keep_file(file=file, folder=FOLDER, extension=kind.extension)
    kept = False
    try:
        with transaction.atomic():
            keeps_preparation.check(user, Department.objects.select_for_update(of=("self",)).get(pk=department.pk))
            last = department.plans.order_by("-number").first()
            if last is not None and last.sha256 == digest:
                return last
            row = DepartmentPlan.objects.create(
                department=department,
                number=(last.number if last else 0) + 1,
                name=plain_name(name, kind.extension),
                note=note,
                path=path,
                content_type=kind.content_type,
                size=file.size,
                sha256=digest,
                uploaded_by=user,
                uploaded_at=clock.now(),
            )
            data = {"number": row.number, "sha256": digest}
            record_event(kind="department.plan_added", actor=user, about=department, data=data)
        kept = True
    finally:
        if not kept:
            drop_file(path)
    return row


def steps_base(department: Department) -> str:
    """Return the digest of the steps as they stand, by which two windows are told apart."""
    return digest_of([_as_given(row) for row in department.steps.order_by("order", "id")])


def save_steps(*, department: Department, user: User, steps: list[StepGiven], seen_base: str) -> None:
    """Make a department's list of steps what the keeper wrote, in that order; one that is not named goes.

    Side effects, in order: the department is locked; right and base asked; the rows; event ``department.steps_saved``
    with old and new. Saving what stands changes nothing. Raises Refused, ContentConflict when somebody else saved the
    list meanwhile.
    """
    with transaction.atomic():
        keeps_preparation.check(user, Department.objects.select_for_update(of=("self",)).get(pk=department.pk))
        if len(steps) > MOST_STEPS:
            raise Refused(_("At most %(most)s steps fit the list.") % {"most": MOST_STEPS})
        standing = {row.pk: row for row in department.steps.order_by("order", "id")}
        old = [_as_given(row) for row in standing.values()]
        base = digest_of(old)
        new = [[step.pk, step.title, step.due_on, step.done_on, step.note] for step in steps]
        if new == old:
            return
        if base != seen_base:
            raise ContentConflict(theirs={"steps": old}, yours={"steps": new}, version=base)
        for order, step in enumerate(steps, 1):
            _write_step(standing.pop(step.pk, None) if step.pk else None, department, order, step, user)
        DepartmentStep.objects.filter(pk__in=list(standing)).delete()
        done = sum(step.done_on is not None for step in steps)
        record_event(
            kind="department.steps_saved", actor=user, about=department, data={"steps": len(steps), "done": done}
        )  # fmt: skip


def _write_step(row: DepartmentStep | None, department: Department, order: int, step: StepGiven, user: User) -> None:
    row = row or DepartmentStep(department=department)
    if row.done_on != step.done_on:
        row.done_by = user if step.done_on else None
    row.order, row.title, row.due_on, row.done_on, row.note = order, step.title, step.due_on, step.done_on, step.note
    row.save()


def _as_given(row: DepartmentStep) -> list[Any]:
    return [row.pk, row.title, row.due_on, row.done_on, row.note]


def ship_steps() -> Tally:
    """Give departments the steps of department_steps.json, once each: what a department made of them stays.

    Side effects: the steps of a department that never had any; an event ``department.steps_shipped`` about it.
    """
    shipped = read_data("department_steps.json")["steps"]
    created = 0
    for department in Department.objects.filter(code__in=sorted(shipped)):
        about = {"object_type": department._meta.label_lower, "object_id": department.pk}
        if department.steps.exists() or Event.objects.filter(kind=SHIPPED, **about).exists():
            continue
        titles = shipped[department.code]
        DepartmentStep.objects.bulk_create(
            DepartmentStep(department=department, order=order, title=title) for order, title in enumerate(titles, 1)
        )
        record_event(kind=SHIPPED, actor=None, about=department, data={"steps": len(titles)})
        created += len(titles)
    return Tally(sum(map(len, shipped.values())), created)
