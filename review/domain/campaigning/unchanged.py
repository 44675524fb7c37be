"""A periodic report that says what the last one said: filled in by one honest click, signed like any other."""

import json

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import User
from review.domain.context import item_groups_of
from review.domain.workflow import lock_filing, may_edit, move_filing
from review.enums import Action, CampaignKind, FilingState, Stage
from review.models import Filing, FilingSection, Snapshot
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event

BEFORE_ANY_HAND_IN = {FilingState.NOT_STARTED, FilingState.DRAFTING}


def last_final_of(filing: Filing) -> Snapshot | None:
    """Return the unit's last final report in another task; None without one, and for a report that is no periodic."""
    if filing.campaign.kind != CampaignKind.PERIODIC or filing.state not in BEFORE_ANY_HAND_IN:
        return None
    finals = Snapshot.objects.filter(stage=Stage.FINAL, filing__enterprise=filing.enterprise_id)
    others = finals.exclude(filing=filing.pk).exclude(filing__state=FilingState.VOID)
    return others.order_by("created_at", "pk").last()


def report_unchanged(*, filing_id: int, user: User) -> Filing:
    """Fill a periodic report in with what the last final said, because nothing has changed since.

    Basic information and risks come from roster and ledger, as with every start. Side effects, in one transaction, in
    order: the report is started where it is not; the self-check's answers of the last final, on every page, where the
    catalogue still asks; event ``report.unchanged``. Nothing is handed in: the unit checks and signs as always, and
    what a new version of a catalogue asks besides stays to be answered. A second call changes nothing. Raises Refused.
    """
    with transaction.atomic():
        filing = lock_filing(filing_id)
        last = last_final_of(filing)
        if last is None:
            raise Refused(_("There is no earlier final report that this one could repeat."))
        if filing.state == FilingState.NOT_STARTED:
            move_filing(filing_id=filing.pk, action=Action.START, user=user, seen_version=filing.version)
            filing = lock_filing(filing_id)
        answer = may_edit(user, filing)
        if not answer.allowed:
            raise Refused(str(answer.reason))
        if _copy_answers(filing, user, json.loads(last.content)["answers"]):
            data = {"snapshot": last.pk, "on": last.created_at.date().isoformat()}
            record_event(
                kind="report.unchanged", actor=user, about=filing, enterprise_id=filing.enterprise_id, data=data
            )  # fmt: skip
    return filing


def _copy_answers(filing: Filing, user: User, former: dict[str, dict]) -> int:
    """Write the former answers to what is asked and not answered yet; return how many."""
    known = {code: given for answers in former.values() for code, given in answers.items()}
    copied, moment = 0, clock.now()
    for page in item_groups_of(filing):
        wanted = {item.code: known[item.code] for item in page.items if item.code in known}
        section, _created = FilingSection.objects.get_or_create(
            filing=filing,
            key=page.section_key,
            defaults={"data": {"answers": {}}, "updated_by": user, "updated_at": moment},
        )
        answers = section.data.get("answers", {})
        missing = {code: given for code, given in wanted.items() if not answers.get(code, {}).get("answer")}
        if missing:
            section.data = section.data | {"answers": answers | missing}
            section.version, section.updated_by, section.updated_at = section.version + 1, user, moment
            section.save(update_fields=["data", "version", "updated_by", "updated_at"])
            copied += len(missing)
    return copied
