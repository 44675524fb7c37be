"""催报: reminding everybody who is behind in a scope, in one job, each unit at most once a day."""

import datetime as dt
from collections.abc import Callable
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from enterprises.models import Department, User
from review.domain.letters.workflow import LetterRefused
from review.models import Campaign, Filing, RemindedUnit, ReminderRun
from review.queries.letters.reminding import not_reminded_today, to_remind
from review.rules import may_remind
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.jobs import Progress, start_job
from riskreport.ground.domain.notices import send_notice
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer
from riskreport.ground.models import Job

KIND = "units.remind"
NOTICE = "report.reminder"
CHUNK = 500
MOST_MESSAGE = 300


def start_reminding(
    *, user: User, rows: QuerySet[Filing], campaign: Campaign | None, query: str, message: str, key: str = ""
) -> ReminderRun:
    """Remind the units of the reports among ``rows`` that are not filed; return the run, whose job does it.

    ``rows`` are what ``query``, the filters of the list, selects for the person; the job selects anew. Side effects, in
    order, in one transaction: the department is locked; an earlier answer to ``key`` is returned; the right, and that
    somebody is left who was not reminded today, are checked; event ``units.reminded``; the run; the job; the answer is
    kept under the key. A repeated call with the same key returns the run it started. Raises LetterRefused, Refused,
    KeyReused.
    """
    message = message.strip()[:MOST_MESSAGE]
    digest = digest_of(["remind", query, message])
    with transaction.atomic():
        Department.objects.select_for_update().get(pk=user.department_id)
        refusal = _("This form was already used for another step. Open the page again.")
        earlier = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
        if earlier is not None:
            return ReminderRun.objects.get(pk=earlier["run"])
        may_remind.check(user)
        total = not_reminded_today(to_remind(rows)).count()
        if not total:
            raise LetterRefused(_("Nobody is left to remind: everything is filed, or reminded today already."))
        event = record_event(kind="units.reminded", actor=user, data={"query": query, "message": message})
        run = ReminderRun.objects.create(
            campaign=campaign, query=query, message=message, started_by=user, department_id=user.department_id,
            started_at=clock.now(), event=event,
        )  # fmt: skip
        run.job = start_job(kind=KIND, owner=user, params={"run": run.pk}, title=_("Reminder to report"), total=total)
        run.save(update_fields=["job"])
        keep_answer(user=user, key=key, digest=digest, answer={"run": run.pk})
    return run


def remind_units(job: Job, progress: Progress, *, select: Callable[[User, str], QuerySet[Filing]]) -> dict[str, Any]:
    """Send the reminders of a run, as its job.

    ``select`` gives the person's reports for a query. Side effects, for each 500 reports a transaction: a row for each
    unit not reminded today, which the database holds unique, and the notices of those whose row is this run's. A second
    try goes on and sends none twice.
    """
    run = ReminderRun.objects.select_related("started_by__department", "department").get(pk=job.params["run"])
    rows = to_remind(select(run.started_by, run.query)).values_list(
        "pk", "enterprise_id", "campaign__name", "due_on", named=True
    )
    done, found = 0, rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        _remind(run, chunk)
        done += len(chunk)
        progress.at(done)
    return {"reminded": run.units.count()}


def _remind(run: ReminderRun, chunk: list[Any]) -> None:
    today = clock.today()
    with transaction.atomic():
        RemindedUnit.objects.bulk_create(
            [RemindedUnit(run=run, enterprise_id=row.enterprise_id, filing_id=row.pk, on=today) for row in chunk],
            ignore_conflicts=True,
        )
        mine = set(
            RemindedUnit.objects.filter(run=run, filing__in=[row.pk for row in chunk]).values_list("filing", flat=True)
        )
        told: dict[tuple[str, dt.date], list[int]] = {}
        for row in chunk:
            if row.pk in mine:
                told.setdefault((row.campaign__name, row.due_on), []).append(row.enterprise_id)
        for (campaign, due_on), units in told.items():
            people = User.objects.filter(enterprise__in=units, is_active=True).values_list("pk", flat=True)
            data = {
                "department": run.department.short_name or run.department.name,
                "campaign": campaign,
                "due": due_on.isoformat(),
                "message": run.message,
            }
            send_notice(user_ids=people, kind=NOTICE, event=run.event, data=data, url=reverse("home"))
