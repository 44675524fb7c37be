"""What follows an act on a report: the people whose turn it is now get a notice."""

from django.db.models import QuerySet
from django.urls import reverse

from enterprises.domain.roster_changes import follow_roster, hold_with_roster
from enterprises.enums import Role
from enterprises.models import User
from review.domain.following import hold_obligations, keep_obligations
from review.models import Filing
from review.notices import notice_data
from riskreport.ground.domain.notices import send_notice
from riskreport.ground.models import Event
from riskreport.ground.reactions import reaction

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


@reaction("filing.exempt", "filing.void", queue="quick")
def tell_of_end(event: Event) -> None:
    """Tell the enterprise's people, and the reviewers of the deciding department, that a report ended early."""
    filing = _filing_of(event)
    kind = "report.exempt" if event.kind == "filing.exempt" else "report.void"
    _send(event, filing, kind, _people(filing), reverse("filing", args=[filing.pk]))
    _send(event, filing, f"{kind}_here", _reviewers(filing), reverse("archive", args=[filing.enterprise_id]))


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
    ids = people.exclude(pk=event.actor_id).values_list("pk", flat=True)
    send_notice(user_ids=ids, kind=kind, event=event, data=data, url=url)
