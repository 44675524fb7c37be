"""What follows an act on a report: the people whose turn it is now get a notice."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from enterprises.domain.roster_changes import follow_roster, hold_with_roster
from enterprises.enums import DepartmentKind, RegionLevel, Role
from enterprises.models import Category, Department, Enterprise, User
from enterprises.models.places import COUNTY_DIVISOR
from review.domain import leaving  # noqa: F401  makes known what a reviewer who leaves has open
from review.domain.catalogue_todos import end_by_report, follow_published, reminded_by
from review.domain.following import hold_obligations, keep_obligations
from review.domain.letters.workflow import deliver_letter
from review.domain.workflow import find_move
from review.enums import Action, CampaignState, LetterKind, VisitOutcome
from review.models import Campaign, Filing, Letter, TrainingSession
from review.notices import MOST_REASON, catalogue_notice_data, letter_data, notice_data, session_notice_data
from review.queries.letters.addressees import officials_of, people_who_answer
from review.queries.letters.scope import with_all
from riskreport.ground.domain.notices import send_notice
from riskreport.ground.models import Event
from riskreport.ground.reactions import reaction
from risks.models import Catalogue

NAMED = 5  # units named in one line to a department

hold_with_roster(hold_obligations)
follow_roster(keep_obligations)


@reaction("filing.submit", queue="quick")
def tell_department_to_review(event: Event) -> None:
    """Tell the reviewers of the deciding department, but not one who handed a paper report in."""
    filing = _filing_of(event)
    _send(event, filing, "report.to_review", _reviewers(filing), reverse("review", args=[filing.pk]))


@reaction("filing.return", "filing.approve", queue="quick")
def tell_enterprise_of_decision(event: Event) -> None:
    """Tell the enterprise's people what was decided; of a paper report, the reviewer who entered it."""
    filing = _filing_of(event)
    kind = "report.returned" if event.kind == "filing.return" else "report.approved"
    _send(event, filing, kind, _writers(filing), reverse("filing", args=[filing.pk]))


@reaction("filing.file", queue="quick")
def tell_department_of_filing(event: Event) -> None:
    """Let the reviewers of the deciding department know that a final report was filed."""
    filing = _filing_of(event)
    _send(event, filing, "report.filed", _reviewers(filing), reverse("archive", args=[filing.enterprise_id]))


@reaction("filing.reopen", queue="quick")
def tell_of_supplement(event: Event) -> None:
    """Tell the enterprise when a department reopened its report, the department when the enterprise did."""
    filing = _filing_of(event)
    if event.actor is not None and event.actor.enterprise_id is not None:
        url = reverse("archive", args=[filing.enterprise_id])
        _send(event, filing, "report.reopened_by_enterprise", _reviewers(filing), url)
    else:
        _send(event, filing, "report.reopened", _writers(filing), reverse("filing", args=[filing.pk]))


@reaction("filing.exempt", "filing.void", "filing.supersede", queue="quick")
def tell_of_end(event: Event) -> None:
    """Tell the enterprise's people, and the reviewers of the deciding department, that a report ended early."""
    filing = _filing_of(event)
    kind = "report.exempt" if event.kind == "filing.exempt" else "report.void"
    _send(event, filing, kind, _people(filing), reverse("filing", args=[filing.pk]))
    _send(event, filing, f"{kind}_here", _reviewers(filing), reverse("archive", args=[filing.enterprise_id]))


@reaction("visit.recorded", queue="quick")
def tell_of_visit(event: Event) -> None:
    """Tell the enterprise's people what a visit came to; of a report that lacks something, those who may reopen it."""
    filing, said = _filing_of(event), event.data
    data = notice_data(filing=filing, department=event.actor.department, reason="")
    data |= {"day": said["on"], "by": said["rectify_by"] or ""}
    url = f"{reverse('archive_history', args=[filing.enterprise_id])}#visits"
    _tell(event, _people(filing), f"visit.{said['outcome']}", data, url)
    if said["outcome"] == VisitOutcome.SUPPLEMENT and find_move(filing, Action.REOPEN):
        url = reverse("review_change", args=[filing.pk, Action.REOPEN.value])
        _tell(event, _reviewers(filing), "visit.supplement_here", data, url)


@reaction("visit.withdrawn", queue="quick")
def tell_of_visit_withdrawn(event: Event) -> None:
    """Tell the enterprise's people that a visit they were told of was recorded wrongly."""
    filing = _filing_of(event)
    data = notice_data(filing=filing, department=event.actor.department, reason=event.data["reason"])
    url = f"{reverse('archive_history', args=[filing.enterprise_id])}#visits"
    _tell(event, _people(filing), "visit.withdrawn", data | {"day": event.data["on"]}, url)


UNIT_EVENTS = tuple(
    f"enterprise.{name}"
    for name in (
        "moved", "suspended", "resumed", "closed", "written_off", "returned", "categories", "coded", "merged"
    )
)  # fmt: skip
NOT_FOR_DEPARTMENTS = {"moved", "categories", "coded"}


@reaction(*UNIT_EVENTS, queue="quick")
def tell_of_roster(event: Event) -> None:
    """Tell a unit's people what was done to its entry, and the reviewers who decide its reports where they must know.

    Who takes a unit over is told besides: the keepers of its lead department.
    """
    unit = Enterprise.objects.select_related("category").get(pk=event.enterprise_id)
    name = event.kind.removeprefix("enterprise.")
    data = {
        "enterprise": unit.name,
        "day": event.data.get("on", ""),
        "reason": str(event.data.get("reason", ""))[:MOST_REASON],
        "other": event.data.get("name", ""),
    }
    url = reverse("archive", args=[unit.pk])
    people = User.objects.filter(enterprise=unit, is_active=True)
    _tell(event, people, f"unit.{name}", data, reverse("home"))
    if name not in NOT_FOR_DEPARTMENTS:
        deciding = Filing.objects.filter(enterprise=unit).exclude(campaign__state=CampaignState.CLOSED)
        _tell(event, _reviewers_of(deciding.values("department")), f"unit.{name}_here", data, url)
    elif name == "moved":
        _tell(event, _new_keepers(event, unit), "unit.handed_over", data, url)


def _new_keepers(event: Event, unit: Enterprise) -> QuerySet[User]:
    """Return the keepers who take over: of the lead line in the new county, when line or county changed."""
    line = event.lines.first()
    old = line.old if line else {}
    was = Category.objects.filter(pk=old.get("category_id", unit.category_id)).values_list("lead_id", flat=True).first()
    came = old.get("town_id", unit.town_id) // COUNTY_DIVISOR != unit.town_id // COUNTY_DIVISOR
    if not came and was == unit.category.lead_id:
        return User.objects.none()
    offices = Department.objects.filter(line=unit.category.lead_id, region=unit.town_id // COUNTY_DIVISOR)
    return User.objects.filter(department__in=offices, role=Role.KEEPER, is_active=True)


@reaction("campaign.followed", queue="quick")
def tell_of_hand_over(event: Event) -> None:
    """Tell the departments that decide reports from now on, and those that decided them until now, in one line each."""
    came: dict[int, list[int]] = {}
    went: dict[int, list[int]] = {}
    for line in event.lines.all():
        if "department_id" in line.new:
            came.setdefault(line.new["department_id"], []).append(line.object_id)
            went.setdefault(line.old["department_id"], []).append(line.object_id)
    for kind, departments in (("report.came", came), ("report.went", went)):
        for department, filings in departments.items():
            units = Filing.objects.filter(pk__in=filings[:NAMED]).values_list("enterprise__name", flat=True)
            data = {"count": len(filings), "names": "、".join(units.order_by("pk"))}
            single = kind == "report.came" and len(filings) == 1
            url = reverse("review", args=filings) if single else reverse("filings")
            _tell(event, _reviewers_of([department]), kind, data, url)


def _reviewers_of(departments: Any) -> QuerySet[User]:
    return User.objects.filter(department__in=departments, role=Role.REVIEWER, is_active=True)


def _tell(event: Event, people: QuerySet[User], kind: str, data: dict, url: str) -> None:
    ids = people.exclude(pk=event.actor_id).values_list("pk", flat=True)
    send_notice(user_ids=ids, kind=kind, event=event, data=data, url=url)


@reaction("catalogue.published", queue="bulk", in_steps=True)
def tell_of_catalogue(event: Event, after: int) -> int | None:
    """Hand reports being written over to a catalogue that has come into force, and tell the units it concerns.

    The first version of a key that a release ships was there before its units: there is nobody to tell.
    """
    if event.data.get("shipped") and event.data.get("former") is None:
        return None
    catalogue = Catalogue.objects.get(pk=event.object_id)
    former = Catalogue.objects.filter(pk=event.data.get("former")).first()
    step = follow_published(catalogue=catalogue, former=former, after=after)
    _tell_of_change(event, catalogue, step.units, "catalogue.changed")
    return step.reached


@reaction("catalogue.reminded", queue="bulk", in_steps=True)
def remind_of_catalogue(event: Event, after: int) -> int | None:
    """Tell the people of the units that were reminded to look at a catalogue's new version."""
    step = reminded_by(event, after)
    _tell_of_change(event, Catalogue.objects.get(pk=event.object_id), step.units, "catalogue.reminder")
    return step.reached


def _tell_of_change(event: Event, catalogue: Catalogue, units: list[int], kind: str) -> None:
    url = reverse("catalogue_change", args=[catalogue.pk])
    _tell(event, User.objects.filter(enterprise__in=units, is_active=True), kind, catalogue_notice_data(catalogue), url)


@reaction("filing.submit", "filing.file", queue="quick")
def end_catalogue_todos(event: Event) -> None:
    """End the to-dos of a catalogue's new version that the report handed in has answered."""
    filing = _filing_of(event)
    end_by_report(enterprise_id=filing.enterprise_id, versions=filing.catalogue_versions, user=event.actor)


@reaction("extension.asked", queue="quick")
def tell_of_extension_asked(event: Event) -> None:
    """Tell the reviewers of the deciding department that a unit asks for more time."""
    filing = _filing_of(event)
    _tell_of_extension(event, filing, "extension.asked", _reviewers(filing))


@reaction("extension.granted", "extension.refused", queue="quick")
def tell_of_extension(event: Event) -> None:
    """Tell the enterprise's people whether their report is due later."""
    filing = _filing_of(event)
    _tell_of_extension(event, filing, event.kind, _writers(filing))


def _tell_of_extension(event: Event, filing: Filing, kind: str, people: QuerySet[User]) -> None:
    data = notice_data(filing=filing, department=filing.department, reason=str(event.data["reason"]))
    _tell(event, people, kind, data | {"on": event.data["on"]}, reverse("filing_extension", args=[filing.pk]))


@reaction("extension.granted_many", queue="bulk")
def tell_of_extensions(event: Event) -> None:
    """Tell the people of all the units whose reports were extended together: an event holds some hundred of them."""
    units = Filing.objects.filter(pk__in=list(event.lines.values_list("object_id", flat=True))).values("enterprise")
    campaign = Campaign.objects.get(pk=event.object_id)
    data = {"campaign": campaign.name, "on": event.data["new"], "reason": str(event.data["reason"])[:MOST_REASON]}
    people = User.objects.filter(enterprise__in=units, is_active=True)
    _tell(event, people, "extension.granted", data, reverse("home"))


@reaction("campaign.periodic_due", "campaign.phase_launched", queue="quick")
def tell_office_of_campaign(event: Event) -> None:
    """Tell the city's office that a phase has begun, or that it is time for the next periodic task."""
    campaign = Campaign.objects.get(pk=event.object_id)
    of_city = {"department__kind": DepartmentKind.COMMITTEE, "department__level": RegionLevel.CITY}
    people = User.objects.filter(role=Role.OFFICE, is_active=True, **of_city)
    data = {
        "campaign": campaign.name,
        "on": event.data.get("opens_on", ""),
        "phase": event.data.get("phase", ""),
        "count": event.data.get("obligations", ""),
    }
    _tell(event, people, event.kind, data, reverse("campaign", args=[campaign.pk]))


@reaction("letter.issue", queue="quick")
def deliver(event: Event) -> None:
    """Put an issued letter into the inboxes of those who answer it; only then it is delivered."""
    letter = _letter_of(event)
    kind = "letter.invited" if letter.kind == LetterKind.INTERVIEW else "letter.issued"
    people = people_who_answer(letter)
    _tell(event, people, kind, letter_data(letter, event), reverse("follow_up", args=[letter.pk]))
    if people.exists():
        deliver_letter(letter_id=letter.pk)


LETTER_TURNS = {
    "return": "letter.returned",
    "extend": "letter.extended",
    "reschedule": "letter.rescheduled",
    "hold": "letter.held",
    "close": "letter.closed",
}


@reaction(*(f"letter.{action}" for action in LETTER_TURNS), queue="quick")
def tell_who_answers(event: Event) -> None:
    """Tell those who answer a letter what its writer has done with it."""
    letter = _letter_of(event)
    kind = LETTER_TURNS[event.kind.removeprefix("letter.")]
    url = reverse("follow_up", args=[letter.pk])
    _tell(event, people_who_answer(letter), kind, letter_data(letter, event), url)


@reaction("letter.reply", "letter.raised", queue="quick")
def tell_who_follows_up(event: Event) -> None:
    """Tell the office that wrote a letter that it was answered; who stands above, that it is overdue."""
    letter = _letter_of(event)
    kind, department = "letter.replied", letter.issuer_id
    if event.kind == "letter.raised":
        kind, department = "letter.raised", event.data["department"]
    url = reverse("follow_up", args=[letter.pk])
    _tell(event, officials_of(department), kind, letter_data(letter, event), url)


def _letter_of(event: Event) -> Letter:
    return with_all(Letter.objects.all()).get(pk=event.object_id)


# --- training -------------------------------------------------------------------------------------------------------
@reaction("training.changed", "training.cancelled", queue="quick")
def tell_of_session(event: Event) -> None:
    """Tell the people of the units that signed up when a session was cancelled, or has another time or place."""
    if event.kind == "training.changed" and not event.data["moved"]:
        return
    session = TrainingSession.objects.select_related("department").get(pk=event.object_id)
    units = session.attendances.values("enterprise")
    url = reverse("training", args=[session.pk])
    people = User.objects.filter(enterprise__in=units, is_active=True)
    _tell(event, people, event.kind, session_notice_data(session), url)


def _filing_of(event: Event) -> Filing:
    return Filing.objects.select_related("campaign", "enterprise", "department").get(pk=event.object_id)


def _reviewers(filing: Filing) -> QuerySet[User]:
    return User.objects.filter(department=filing.department_id, role=Role.REVIEWER, is_active=True)


def _people(filing: Filing) -> QuerySet[User]:
    return User.objects.filter(enterprise=filing.enterprise_id, is_active=True)


def _writers(filing: Filing) -> QuerySet[User]:
    """Return whose turn it is to write: the enterprise's people, and the reviewer who enters a paper report."""
    people = _people(filing)
    return people | User.objects.filter(pk=filing.entered_by_id, is_active=True) if filing.is_paper else people


def _send(event: Event, filing: Filing, kind: str, people: QuerySet[User], url: str) -> None:
    department = event.actor.department if event.actor is not None and event.actor.department_id else filing.department
    data = notice_data(filing=filing, department=department, reason=str(event.data.get("reason", "")))
    _tell(event, people, kind, data, url)
