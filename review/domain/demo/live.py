"""What happens in the demo city today: some dozen moves made by the executor itself, section by section."""

from random import Random

from enterprises.models import User
from review.domain.context import item_groups_of
from review.domain.demo import names
from review.domain.demo.people import Cast
from review.domain.sections import save_risk, save_section
from review.domain.workflow import move_filing
from review.enums import Action, Answered, FilingState
from review.models import Filing
from risks.enums import Rank

A, S = Action, FilingState
PLAIN = "unit-"  # reports behind a demo account stay where the walk expects them


def make_moves_of_today(*, rng: Random, cast: Cast, runs: int) -> None:
    """Take ``runs`` untouched reports of each campaign to their end, and move as many in each queue one step on.

    Every event owes its reactions, so the inboxes and colours of today are made as in service.
    """
    for filing in _waiting(S.NOT_STARTED, runs):
        _whole_way(rng, cast, filing)
    for filing in _waiting(S.SUBMITTED, runs):
        _review(cast, filing, A.APPROVE)
    for filing in _waiting(S.APPROVED, runs):
        _file(cast, filing)


def _waiting(state: FilingState, runs: int) -> list[Filing]:
    """Return up to ``runs`` reports of each campaign in that state, the longest waiting first."""
    rows = Filing.objects.filter(
        state=state, left_on=None, enterprise__people__account__startswith=PLAIN, is_paper=False
    ).exclude(department__people__account__startswith="demo-")
    rows = rows.select_related("campaign", "enterprise", "category").order_by("submitted_at", "pk")
    found: list[Filing] = []
    for campaign_id in sorted(set(rows.order_by().values_list("campaign_id", flat=True))):
        found += rows.filter(campaign_id=campaign_id)[:runs]
    return found


def _whole_way(rng: Random, cast: Cast, filing: Filing) -> None:
    user = cast.units[filing.enterprise_id]
    _move(filing, A.START, user)
    for page in item_groups_of(filing):
        answers = {item.code: {"answer": Answered.ABSENT.value, "note": ""} for item in page.items}
        if rng.random() < 0.4:
            answers[page.items[0].code]["answer"] = Answered.PRESENT.value
        save_section(filing_id=filing.pk, key=page.section_key, data={"answers": answers}, user=user, seen_version=0)
    for risk in filing.declared_risks.all():
        save_risk(
            filing_id=filing.pk,
            risk_id=risk.pk,
            user=user,
            seen_version=risk.version,
            values={
                "responsible_department": "安全管理部",
                "responsible_name": names.person(rng),
                "responsible_post": filing.category.rank_map.get(Rank.DEPUTY.value, "副总经理").split("、")[0],
                "responsible_phone": names.phone(rng),
                "rank": Rank.DEPUTY.value,
            },
        )
    if filing.campaign.stages == 1:
        _file(cast, filing)
        return
    _move(filing, A.SUBMIT, user)
    _review(cast, filing, A.APPROVE)
    _file(cast, filing)


def _review(cast: Cast, filing: Filing, outcome: Action) -> None:
    reviewer = cast.reviewers[filing.department_id][0]
    _move(filing, A.CLAIM, reviewer)
    _move(filing, outcome, reviewer)


def _file(cast: Cast, filing: Filing) -> None:
    user = cast.units[filing.enterprise_id]
    signed = {"certified": True, "signed_name": user.name, "signed_post": user.post}
    _move(filing, A.FILE, user, given=signed)


def _move(filing: Filing, action: Action, user: User, given: dict | None = None) -> None:
    version = Filing.objects.values_list("version", flat=True).get(pk=filing.pk)
    move_filing(filing_id=filing.pk, action=action, user=user, seen_version=version, given=given)
