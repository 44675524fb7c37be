"""What surrounds the demo city's campaign of the key sectors: phases, checklists with their ticks, extensions."""

import datetime as dt

from django.utils import timezone

from enterprises.enums import RegionLevel, Role
from enterprises.models import Category, User
from review.domain.campaigning.checklist import people_of_leads, write_checklist
from review.domain.campaigning.extensions import ask_extension, grant_extension, refuse_extension
from review.enums import ChecklistKey, FilingState
from review.models import Campaign, ChecklistStep, Filing, Phase
from review.queries.campaigning.defaults import days_before
from riskreport.ground import clock

PILOTS_AHEAD = 21  # days
ASKED, GRANTED, REFUSED = 0, 1, 2
REASONS = ("搬迁新址，消防设施正在验收，申请延期。", "正在进行消防改造，完工后重新辨识风险。", "负责人出差，申请延期。")
NO = "不影响自查，请按期完成。"


def write_phases(campaign: Campaign) -> None:
    """Give the campaign its two phases, the pilot sectors first, with their checklists, as if begun on their days."""
    codes = list(campaign.categories.order_by("code").values_list("code", flat=True))
    pilots = list(Category.objects.filter(code__in=codes, sector__is_pilot=True).values_list("code", flat=True))
    later = campaign.opens_on + dt.timedelta(days=PILOTS_AHEAD)
    half = campaign.opens_on + (campaign.due_on - campaign.opens_on) * 3 // 4
    _phase(campaign, 1, "先行先试", sorted(pilots), campaign.opens_on, half)
    _phase(campaign, 2, "其余行业领域", sorted(set(codes) - set(pilots)), later, campaign.due_on)
    write_checklist(campaign=campaign, days_before=days_before())
    _tick(campaign)


def _phase(
    campaign: Campaign, order: int, name: str, categories: list[str], opens_on: dt.date, due_on: dt.date
) -> None:
    at = timezone.make_aware(dt.datetime.combine(opens_on, dt.time(9)))
    Phase.objects.create(
        campaign=campaign, order=order, name=name, categories=categories, opens_on=opens_on, due_on=due_on,
        begun_at=at, launched_at=at,
    )  # fmt: skip


def _tick(campaign: Campaign) -> None:
    """Tick rosters and trainings whose day is past, but for the odd one."""
    people = people_of_leads()
    office = User.objects.filter(role=Role.OFFICE, department__level=RegionLevel.CITY).order_by("pk").first()
    by_hand = ChecklistStep.objects.filter(
        phase__campaign=campaign, key__in=[ChecklistKey.ROSTER, ChecklistKey.TRAINING]
    )
    for number, step in enumerate(by_hand.filter(due_on__lt=clock.today()).select_related("sector").order_by("pk")):
        by = next(iter(people.get(step.sector.lead_id, [])), office)
        if by and number % 7 != 6:
            step.done_on, step.done_by = step.due_on - dt.timedelta(days=number % 4), by
            step.save(update_fields=["done_on", "done_by"])


def write_extensions(campaign: Campaign) -> None:
    """Let three units that have not begun ask for more time: one waits, one got it, one did not."""
    untouched = Filing.objects.filter(campaign=campaign, state=FilingState.NOT_STARTED, left_on=None, is_paper=False)
    with_people = untouched.filter(
        enterprise__people__is_active=True, department__people__role=Role.REVIEWER, extensions=None
    )
    rows = list(with_people.select_related("department").order_by("pk").distinct()[: len(REASONS)])
    for number, filing in enumerate(rows):
        unit = User.objects.filter(enterprise=filing.enterprise_id, is_active=True).order_by("pk").first()
        reviewer = User.objects.filter(department=filing.department_id, role=Role.REVIEWER).order_by("pk").first()
        day = filing.due_on + dt.timedelta(days=20)
        ask_extension(filing_id=filing.pk, user=unit, new_due_on=day, reason=REASONS[number])
        if number == GRANTED:
            grant_extension(filing_id=filing.pk, user=reviewer, new_due_on=day, reason="同意，请抓紧。")
        elif number == REFUSED:
            refuse_extension(filing_id=filing.pk, user=reviewer, reason=NO)
