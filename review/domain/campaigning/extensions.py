"""More time for reports that are not filed: asked for by the unit, granted or refused by who decides, for one or many.

Only a report that was never filed is extended. So the day in force when it is filed judges whether it was on time, and
the five figures of days gone by never change: on those days it was not filed.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from enterprises.enums import Role
from enterprises.models import User
from review.domain.obligations import only_enterprise
from review.domain.workflow import lock_filing
from review.enums import NOT_EXPECTED, CampaignState, ExtensionState
from review.models import Campaign, Extension, Filing
from review.queries.scope import filings_for_user
from review.rules import may_ask_extension, may_extend
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import Line, record_event
from riskreport.ground.domain.jobs import start_job
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer
from riskreport.ground.models import Job

EXTEND = "campaign.extend"
MOST_DAYS = 366
CHUNK = 500


@dataclass(frozen=True)
class Narrowing:
    """Which reports of a campaign are meant; what is empty narrows nothing."""

    county: int | None = None
    town: int | None = None
    sector: str = ""
    category: str = ""
    scale: str = ""

    def conditions(self) -> dict[str, Any]:
        """Return them as lookups of Filing."""
        found: dict[str, Any] = {}
        if self.county:
            found |= {"town_id__gte": self.county * 1000, "town_id__lte": self.county * 1000 + 999}
        if self.town:
            found["town_id"] = self.town
        named = {"category__sector_id": self.sector, "category_id": self.category, "scale": self.scale}
        return found | {name: value for name, value in named.items() if value}


def ask_extension(*, filing_id: int, user: User, new_due_on: dt.date, reason: str, key: str = "") -> Extension:
    """Ask for more time, as the reporting unit.

    Side effects, in one transaction, in order: the report is locked; right and days asked; the row; event
    ``extension.asked``. A second call with the same key returns the first row. Raises Refused, KeyReused.
    """
    digest = digest_of([filing_id, "ask", new_due_on, reason])
    with transaction.atomic():
        filing = lock_filing(filing_id)
        if (known := _known(user, key, digest)) is not None:
            return known
        may_ask_extension.check(user, filing)
        _check_days(filing, new_due_on, reason)
        if filing.extensions.filter(state=ExtensionState.ASKED).exists():
            raise Refused(_("You have asked already. Wait for the answer of the department."))
        row = _row(filing, new_due_on, reason, state=ExtensionState.ASKED, asked_by=user)
        _record("extension.asked", row, user)
        keep_answer(user=user, key=key, digest=digest, answer={"extension": row.pk})
    return row


def grant_extension(*, filing_id: int, user: User, new_due_on: dt.date, reason: str, key: str = "") -> Extension:
    """Give one report more time, asked for or not, as who decides it or as the committee office of its area.

    Side effects, in one transaction, in order: the report is locked; right and days asked; what the unit asked for is
    answered by it, else a row; the report's due day; event ``extension.granted``. A second call with the same key
    returns the first row. Raises Refused, KeyReused.
    """
    digest = digest_of([filing_id, "grant", new_due_on, reason])
    with transaction.atomic():
        filing = lock_filing(filing_id)
        if (known := _known(user, key, digest)) is not None:
            return known
        may_extend.check(user, filing)
        _check_days(filing, new_due_on, reason)
        decided = {"state": ExtensionState.GRANTED, "decided_by": user, "decided_at": clock.now()}
        asked = filing.extensions.filter(state=ExtensionState.ASKED).first()
        if asked is None:
            row = _row(filing, new_due_on, reason, **decided)
        else:
            row = asked
            row.old_due_on, row.new_due_on, row.answer = filing.due_on, new_due_on, reason.strip()[:500]
            row.state, row.decided_by, row.decided_at = ExtensionState.GRANTED, user, clock.now()
            row.save()
        Filing.objects.filter(pk=filing.pk).update(due_on=new_due_on)
        _record("extension.granted", row, user)
        keep_answer(user=user, key=key, digest=digest, answer={"extension": row.pk})
    return row


def refuse_extension(*, filing_id: int, user: User, reason: str) -> Extension:
    """Refuse what a unit asked for; its due day stays.

    Side effects, in order: the report is locked; the row; event ``extension.refused``. Raises Refused, also when
    nothing is asked for (a second call).
    """
    with transaction.atomic():
        filing = lock_filing(filing_id)
        may_extend.check(user, filing)
        if not reason.strip():
            raise Refused(_("Write the reason, for example: the fire inspection takes place on 12 March."))
        row = filing.extensions.filter(state=ExtensionState.ASKED).first()
        if row is None:
            raise Refused(_("No extension is asked for."))
        row.state, row.decided_by, row.decided_at = ExtensionState.REFUSED, user, clock.now()
        row.answer = reason.strip()[:500]
        row.save()
        _record("extension.refused", row, user)
    return row


def extendable(user: User, campaign: Campaign, narrowing: Narrowing, new_due_on: dt.date) -> QuerySet[Filing]:
    """Return the reports that an extension of many would move: open, in the person's hands, due before that day."""
    rows = filings_for_user(user).filter(**narrowing.conditions(), campaign=campaign)
    if user.role == Role.REVIEWER:
        rows = rows.filter(department=user.department_id)
    elif user.role != Role.OFFICE:
        rows = rows.none()
    still = rows.filter(first_filed_on=None, left_on=None, due_on__lt=new_due_on)
    return still.exclude(state__in=sorted(NOT_EXPECTED))


def start_extending(
    *, campaign: Campaign, user: User, narrowing: Narrowing, new_due_on: dt.date, reason: str, key: str
) -> Job:
    """Start the job that extends many reports; the same key gives the same job. Raises Refused."""
    _check_campaign(campaign, new_due_on, reason)
    given = {"campaign": campaign.pk, "new_due_on": new_due_on.isoformat(), "reason": reason.strip()[:500]}
    return start_job(
        kind=EXTEND,
        owner=user,
        params=given | {"narrowing": asdict(narrowing)},
        title=_("Extension of reports of “%(name)s”") % {"name": campaign.name},
        key=f"{EXTEND} {user.pk} {key}" if key else None,
    )


def extend_chunk(*, campaign: Campaign, user: User, narrowing: Narrowing, new_due_on: dt.date, reason: str) -> int:
    """Extend the next few hundred of the reports meant; return how many, nought when none is left.

    Side effects, in one transaction, in order: the reports are locked; a row for each, what their units asked for being
    answered by it; the due days; event ``extension.granted_many`` with a line for each. One that is extended so far is
    passed over, so a call that is repeated goes on. Raises Refused.
    """
    _check_campaign(campaign, new_due_on, reason)
    with transaction.atomic():
        meant = extendable(user, campaign, narrowing, new_due_on).order_by("pk")
        filings = list(meant.select_for_update(of=("self",))[:CHUNK])
        if not filings:
            return 0
        moment, ids = clock.now(), [filing.pk for filing in filings]
        asked = Extension.objects.filter(filing__in=ids, state=ExtensionState.ASKED)
        answered = set(asked.values_list("filing_id", flat=True))
        decided = {"state": ExtensionState.GRANTED, "decided_by": user, "decided_at": moment}
        asked.update(**decided, old_due_on=_due_of_filing(), new_due_on=new_due_on, answer=reason[:500])
        Extension.objects.bulk_create(
            Extension(
                filing=filing, old_due_on=filing.due_on, new_due_on=new_due_on, reason=reason[:500], asked_at=moment,
                **decided,
            )
            for filing in filings
            if filing.pk not in answered
        )  # fmt: skip
        Filing.objects.filter(pk__in=ids).update(due_on=new_due_on)
        new = new_due_on.isoformat()
        lines = [Line("review.filing", row.pk, {"due_on": row.due_on.isoformat()}, {"due_on": new}) for row in filings]
        record_event(
            kind="extension.granted_many",
            actor=user,
            about=campaign,
            enterprise_id=only_enterprise(filings),
            data={"obligations": len(filings), "new": new, "reason": reason},
            lines=lines,
        )
    return len(filings)


def _due_of_filing() -> Subquery:
    return Subquery(Filing.objects.filter(pk=OuterRef("filing_id")).values("due_on"))


def _check_campaign(campaign: Campaign, new_due_on: dt.date, reason: str) -> None:
    if campaign.state != CampaignState.OPEN:
        raise Refused(_("The reporting task “%(name)s” is not open.") % {"name": campaign.label})
    today = clock.today()
    if not today <= new_due_on <= today + dt.timedelta(days=MOST_DAYS):
        raise Refused(_("The new day lies between today and a year from today."))
    if not reason.strip():
        raise Refused(_("Write the reason, for example: the fire inspection takes place on 12 March."))


def _check_days(filing: Filing, new_due_on: dt.date, reason: str) -> None:
    _check_campaign(filing.campaign, new_due_on, reason)
    if new_due_on <= filing.due_on:
        raise Refused(_("The report is due on %(day)s already. Give a later day.") % {"day": filing.due_on})


def _row(filing: Filing, new_due_on: dt.date, reason: str, **fields: Any) -> Extension:
    return Extension.objects.create(
        filing=filing,
        old_due_on=filing.due_on,
        new_due_on=new_due_on,
        reason=reason.strip()[:500],
        asked_at=clock.now(),
        **fields,
    )


def _known(user: User, key: str, digest: str) -> Extension | None:
    refusal = _("This form was already used for another step. Open the page again.")
    earlier = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
    return Extension.objects.get(pk=earlier["extension"]) if earlier else None


def _record(kind: str, row: Extension, user: User) -> None:
    data = {
        "extension": row.pk,
        "old": row.old_due_on.isoformat(),
        "on": row.new_due_on.isoformat(),
        "reason": row.answer or row.reason,
    }
    record_event(kind=kind, actor=user, about=row.filing, enterprise_id=row.filing.enterprise_id, data=data)
