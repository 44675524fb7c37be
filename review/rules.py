"""Who may do what with a filing, as small predicates that answer with a reason."""

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.enums import ENTERPRISE_ROLES, DepartmentKind, RegionLevel, Role
from enterprises.rules import (
    is_chief,
    is_enterprise_person,
    is_office,
    is_official,
    is_reviewer,
    is_signed_in,
    keeps,
    keeps_taxonomy,
    reads_business,
)
from review.enums import OFFERED, FilingState, Stage, TrainingState
from riskreport.ground import clock
from riskreport.ground.access import rule


@rule(_("Only the people of the reporting enterprise may do this."))
def is_of_enterprise(user, filing) -> bool:
    """A person of the very enterprise that reports."""
    return user.role in ENTERPRISE_ROLES and user.enterprise_id == filing.enterprise_id


@rule(_("This report is written on paper and entered by the department; the enterprise does not edit it here."))
def is_not_paper(user, filing) -> bool:
    """The report is written by the enterprise itself."""
    return not filing.is_paper


@rule(_("Only a reviewer of the department that decides this report may do this."))
def is_deciding(user, filing) -> bool:
    """A reviewer of the one department that decides."""
    return user.role == Role.REVIEWER and user.department_id == filing.department_id


@rule(_("This report was started by the enterprise; only the enterprise may write it."))
def is_paper_or_untouched(user, filing) -> bool:
    """A paper report, or one nobody has started."""
    return filing.is_paper or filing.state == FilingState.NOT_STARTED


@rule(_("You entered this report; another reviewer of the department must decide it."))
def did_not_enter(user, filing) -> bool:
    """Whoever entered a paper report, or a part of it, cannot decide it (four eyes)."""
    if filing.entered_by_id == user.pk or filing.snapshots.filter(created_by=user).exists():
        return False
    if not filing.is_paper:
        return True
    return not (
        filing.sections.filter(updated_by=user).exists()
        or filing.declared_risks.filter(updated_by=user).exists()
        or filing.attachments.filter(uploaded_by=user).exists()
    )


@rule(_("Another reviewer has taken this report for review."))
def is_claimer(user, filing) -> bool:
    """The reviewer who took it."""
    return filing.claimed_by_id == user.pk


@rule(_("Only the safety committee office of this area may do this."))
def is_committee_of_area(user, filing) -> bool:
    """The safety committee office whose area holds the unit."""
    if user.role != Role.OFFICE or user.department.kind != DepartmentKind.COMMITTEE:
        return False
    prefetch_related_objects([user.department], "areas")  # asked once per request, for many filings
    return any(area.low <= filing.town_id <= area.high for area in user.department.areas.all())


@rule(_("Oversight reads; it writes nothing."))
def is_not_oversight(user, obj=None) -> bool:
    """Everybody but those who only read."""
    return user.role != Role.OVERSIGHT


@rule(_("The system makes this step when a unit moves or is merged; nobody makes it by hand."))
def only_the_roster(user, obj=None) -> bool:
    """Nobody: the step follows from an act on the roster."""
    return False


@rule(_("Only a reviewer of the deciding department, or the chief who keeps its people, may put this report back."))
def keeps_claimer(user, filing) -> bool:
    """Who keeps the account of the person that took the report: a colleague may be away or leave."""
    return user.is_chief and filing.claimed_by_id is not None and keeps(user, filing.claimed_by).allowed


@rule(_("Only reviewers and inspectors record visits on the spot."))
def goes_on_visits(user, filing=None) -> bool:
    """A reviewer or inspector of any department; which units they reach is asked where the report is read."""
    return user.is_authenticated and user.role in {Role.REVIEWER, Role.INSPECTOR}


@rule(_("This report has not been filed yet, or it is void: there is nothing to check on the spot."))
def stands_filed(user, filing) -> bool:
    """A final report was filed and still counts, whether it is being supplemented or not."""
    return filing.first_filed_on is not None and filing.state != FilingState.VOID


@rule(_("Only the person who recorded the visit, or the chief who keeps their account, may take it back."))
def may_withdraw_visit(user, recorder) -> bool:
    """Who recorded a visit, and the chief of that person; one that nobody recorded stays."""
    return recorder is not None and (user.pk == recorder.pk or keeps(user, recorder).allowed)


# --- reporting tasks --------------------------------------------------------------------------------------------------
runs_campaigns = keeps_taxonomy  # the city's safety committee office


@rule(_("Only the keeper or chief of the city's lead department, or the city's safety committee office, may do this."))
def leads_sector(user, step=None) -> bool:
    """Who keeps the checklist of a sector: keeper or chief of the city's bureau of its lead line."""
    if not user.is_authenticated or not (user.role == Role.KEEPER or user.is_chief) or user.department is None:
        return False
    if step is None:
        return True
    at_city = user.department.level == RegionLevel.CITY
    return at_city and user.department.line_id == step.sector.lead_id


@rule(_("This report is filed or no longer expected: there is nothing to extend."))
def is_owed(user, filing) -> bool:
    """The report counts and was never filed."""
    return filing.first_filed_on is None and filing.left_on is None


keeps_checklist = leads_sector | runs_campaigns
may_ask_extension = is_of_enterprise & is_owed
may_extend = (is_deciding | is_committee_of_area) & is_owed
ANSWERING_ROLES = {Role.REVIEWER, Role.KEEPER, Role.INSPECTOR, Role.OFFICE}
may_write = (is_of_enterprise & is_not_paper) | (is_deciding & is_paper_or_untouched)
may_claim = is_deciding & did_not_enter
may_decide = is_deciding & did_not_enter & is_claimer
may_put_back = is_deciding | keeps_claimer
may_reopen = is_of_enterprise | is_deciding
may_exempt = is_deciding | is_committee_of_area
may_void = is_committee_of_area
may_record_visit = goes_on_visits & stands_filed
opens_visit_withdrawal = goes_on_visits | is_chief

opens_filings = reads_business
opens_review = is_reviewer
opens_board = is_official
opens_home = is_signed_in
opens_paper_entry = is_reviewer
may_remark = is_official & is_not_oversight
opens_desk = is_official
opens_enterprise_pages = is_enterprise_person
opens_office_pages = is_office
opens_campaigns = is_official
opens_bulk_extension = is_reviewer | is_office


@rule(_("Only a snapshot that was submitted can be printed for the stamp."))
def has_draft_snapshot(user, filing) -> bool:
    """There is something to print."""
    return filing.snapshots.filter(stage=Stage.DRAFT).exists()


# --- wall displays and bulletins --------------------------------------------------------------------------------------
@rule(_("Only the safety committee office whose area holds this region may do this."))
def is_office_of_region(user, region) -> bool:
    """A person of the committee office, city or county, in whose area the region lies."""
    if not is_office(user).allowed:
        return False
    prefetch_related_objects([user.department], "areas")
    return any(area.low <= region.low and region.high <= area.high for area in user.department.areas.all())


@rule(_("This bulletin is another office's. Only the office that made it may change it."))
def is_own_bulletin(user, bulletin) -> bool:
    """A person of the very committee office that the bulletin or template belongs to."""
    return is_office(user).allowed and user.department_id == bulletin.department_id


keeps_displays = is_office
keeps_bulletins = is_office
opens_bulletins = is_official


# --- follow-up letters ------------------------------------------------------------------------------------------------
@rule(_("Only the office that writes this letter may do this."))
def is_of_issuer(user, letter) -> bool:
    """A person of the committee office whose letter it is."""
    return is_office(user).allowed and user.department_id == letter.issuer_id


@rule(_("Only those to whom the letter goes may do this."))
def answers_letter(user, letter) -> bool:
    """A person of the unit it goes to, or somebody of the department that answers it who does not only read."""
    if letter.to_enterprise_id is not None:
        return user.role in ENTERPRISE_ROLES and user.enterprise_id == letter.to_enterprise_id
    return user.role in ANSWERING_ROLES and user.department_id == letter.answerer_id


@rule(_("The system makes this step when the letter has reached the inboxes."))
def only_the_post(user, obj=None) -> bool:
    """Nobody: delivery follows from issuing."""
    return False


@rule(_("Only reviewers, keepers and the safety committee office remind units."))
def may_remind(user, obj=None) -> bool:
    """Who decides reports or keeps rosters, and the office; each within their scope."""
    return user.is_authenticated and user.role in {Role.REVIEWER, Role.KEEPER, Role.OFFICE}


@rule(_("Only the safety committee office of the area to which the letter goes may write it."))
def holds_addressee(user, low_high) -> bool:
    """The committee office whose area holds the addressee's towns."""
    prefetch_related_objects([user.department], "areas")
    low, high = low_high
    return any(area.low <= low and high <= area.high for area in user.department.areas.all())


opens_letters = reads_business
writes_letters = is_office
sets_letter_standards = keeps_taxonomy
opens_answer = reads_business & is_not_oversight


# --- training ---------------------------------------------------------------------------------------------------------
@rule(_("Training is organised by keepers and reviewers of departments, township offices and the committee office."))
def organises_training(user, session=None) -> bool:
    """Who may organise sessions and keep materials at all: keepers, reviewers and the office."""
    return user.is_authenticated and user.role in {Role.KEEPER, Role.REVIEWER, Role.OFFICE}


@rule(_("Only the department that organises the session, or keeps the material, may do this."))
def is_of_its_department(user, row=None) -> bool:
    """A person of the department the session or the material belongs to."""
    return row is None or user.department_id == row.department_id


@rule(_("Only a session that is planned or open for sign-up is changed. What was held or cancelled stays as it is."))
def is_still_ahead(user, session=None) -> bool:
    """The session was neither held nor cancelled."""
    return session is None or session.state in {TrainingState.PLANNED, TrainingState.OPEN}


@rule(_("Nobody can sign up: the session is not open for sign-up."))
def is_open_to_sign_up(user, session) -> bool:
    """The session takes people in."""
    return session.state == TrainingState.OPEN


@rule(_("Sign-up ended when the session began. Who comes all the same checks in there."))
def has_not_begun(user, session) -> bool:
    """The session is still to come."""
    return session.starts_at > clock.now()


@rule(_("Who came is noted from the day of the session on, unless it was cancelled or is only planned."))
def takes_attendance(user, session) -> bool:
    """The session is open and its day has come, or it was held."""
    return session.state in OFFERED and timezone.localdate(session.starts_at) <= clock.today()


@rule(_("The test is for the units that came to the session. Check in first, or ask the organiser to note you."))
def unit_came(user, session) -> bool:
    """Somebody of the person's unit came."""
    return session.attendances.filter(enterprise=user.enterprise_id, came=True).exists()


keeps_training = organises_training & is_of_its_department
may_change_session = keeps_training & is_still_ahead
may_sign_up = is_enterprise_person & is_open_to_sign_up & has_not_begun
may_note_attendance = keeps_training & takes_attendance
may_check_in = is_enterprise_person & takes_attendance
may_take_test = is_enterprise_person & unit_came
keeps_standard = keeps_taxonomy
