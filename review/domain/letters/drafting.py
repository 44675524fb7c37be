"""Writing letters: a draft with its frozen evidence, changing its text, and saying why one is not written."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from enterprises.models import Department, Enterprise, Region, User
from review.domain.letters.evidence import PAPER_LANGUAGE, SCHEMA, evidence_for
from review.domain.letters.guards import INTERVIEW_WITHIN, moment_of
from review.domain.letters.wording import check_text, evidence_values, filled
from review.domain.letters.workflow import LetterRefused, StaleLetter, lock_letter
from review.enums import UNDER_WAY, LetterKind, LetterState
from review.models import Campaign, Interview, Letter, LetterEvidence, ProposalDismissal
from review.queries.content import canonical, sha256_of
from review.queries.letters.addressees import office_of
from review.queries.letters.standards import Standard, standards
from review.rules import holds_addressee, is_of_issuer, writes_letters
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer
from riskreport.ground.request import whole_number
from riskreport.ground.workdays import add_working_days

INTERVIEW_AT = dt.time(9, 30)
INTERVIEW_IN_WORKING_DAYS = 3
DISMISSED_FOR = dt.timedelta(days=14)


@dataclass(frozen=True)
class Addressee:
    """To whom a letter goes: columns of the letter, and the first and last town code it must lie within."""

    columns: dict[str, int | None]
    bounds: tuple[int, int]
    name: str


def addressee_of(subject: str) -> Addressee:
    """Return whom a subject names. Raises LetterRefused where nobody could answer."""
    kind, _dash, key = subject.partition("-")
    number = whole_number(key)
    if kind == "enterprise" and (unit := Enterprise.objects.filter(pk=number).first()):
        return Addressee({"to_enterprise_id": unit.pk}, (unit.town_id, unit.town_id), unit.name)
    if kind == "department" and (office := Department.objects.select_related("region").filter(pk=number).first()):
        return Addressee({"to_department_id": office.pk, "answerer_id": office.pk}, office.region.bounds, office.name)
    if kind == "region" and (region := Region.objects.filter(pk=number).first()):
        answerer = office_of(region)
        if answerer is None:
            raise LetterRefused(
                _("No office answers for %(area)s. Write to its lead bureaus.") % {"area": region.label}
            )
        return Addressee({"to_region_id": region.pk, "answerer_id": answerer.pk}, region.bounds, region.name)
    raise LetterRefused(_("Choose to whom the letter goes."))


def draft_letter(*, user: User, kind: LetterKind | str, campaign: Campaign, subject: str, key: str = "") -> Letter:
    """Draft a letter from its kind's text and the figures of today.

    Side effects, in order, in one transaction: the campaign's row is locked; an earlier answer to ``key`` is returned;
    right, addressee and that none of the kind is being written are checked; the letter; its frozen evidence; for an
    interview the invitation; event ``letter.drafted``; the answer is kept under the key. A repeated call with the same
    key returns the letter it made. Raises Refused, LetterRefused, KeyReused.
    """
    kind = LetterKind(kind)
    digest = digest_of(["letter.draft", kind.value, campaign.pk, subject])
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        refusal = _("This form was already used for another step. Open the page again.")
        earlier = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
        if earlier is not None:
            return Letter.objects.get(pk=earlier["letter"])
        addressee = _checked(user, kind, campaign, subject)
        standard = standards()[kind]
        content = evidence_for(user, campaign, clock.today(), subject, standard)
        if content is None:
            raise LetterRefused(_("Nothing is open there in this reporting task: there is no ground for a letter."))
        letter = _create(user, kind, campaign, subject, addressee, standard, content)
        about = {"kind": kind.value, "subject": subject, "sha256": letter.evidence.sha256}
        record_event(kind="letter.drafted", actor=user, about=letter, data=about)
        keep_answer(user=user, key=key, digest=digest, answer={"letter": letter.pk})
    return letter


def _checked(user: User, kind: LetterKind, campaign: Campaign, subject: str) -> Addressee:
    writes_letters.check(user)
    addressee = addressee_of(subject)
    holds_addressee.check(user, addressee.bounds)
    open_ones = Letter.objects.filter(
        issuer=user.department_id, campaign=campaign, subject=subject, kind=kind,
        state__in=[*UNDER_WAY, LetterState.DRAFT],
    )  # fmt: skip
    if (found := open_ones.first()) is not None:
        text = _("A letter of this kind to the same addressee is under way: %(letter)s, “%(state)s”.")
        shown = found.number_text or found.get_kind_display()
        raise LetterRefused(text % {"letter": shown, "state": found.get_state_display()})
    return addressee


def _create(
    user: User, kind: LetterKind, campaign: Campaign, subject: str, addressee: Addressee, standard: Standard,
    content: dict[str, Any],
) -> Letter:  # fmt: skip
    moment, today = clock.now(), clock.today()
    letter = Letter.objects.create(
        kind=kind, issuer_id=user.department_id, campaign=campaign, subject=subject, title=standard.title,
        body=filled(standard.body, evidence_values(content)), created_by=user, created_at=moment,
        due_on=add_working_days(today, standard.answer_days), **addressee.columns,
    )  # fmt: skip
    text = canonical(content)
    LetterEvidence.objects.create(letter=letter, schema=SCHEMA, content=text, sha256=sha256_of(text), created_at=moment)
    if kind == LetterKind.INTERVIEW:
        # a long holiday must not carry it beyond the week in which it has to be
        day = min(add_working_days(today, INTERVIEW_IN_WORKING_DAYS), today + INTERVIEW_WITHIN - dt.timedelta(days=1))
        at = moment_of(day, INTERVIEW_AT)
        with translation.override(PAPER_LANGUAGE):
            place = _("The meeting room of %(office)s") % {"office": user.department.name}
            invited = _("the main responsible person")
        Interview.objects.create(letter=letter, at=at, place=place[:120], invited=invited)
    return letter


def change_draft(
    *, letter_id: int, user: User, seen_version: int, values: dict[str, Any], interview: dict[str, Any] | None = None
) -> Letter:
    """Change text and terms of a draft; its evidence stays.

    Side effects, in order, in one transaction: the letter is locked; state, right, version and marks are checked;
    title, text, copies and day are written, of an interview time, place and who is invited; event ``letter.changed``.
    Raises LetterRefused, StaleLetter, Refused, Letter.DoesNotExist.
    """
    with transaction.atomic():
        letter = lock_letter(letter_id)
        if letter.state != LetterState.DRAFT:
            raise LetterRefused(_("Only a draft can be changed; this letter is “%(state)s”.") % {
                "state": letter.get_state_display()
            })  # fmt: skip
        is_of_issuer.check(user, letter)
        if letter.version != seen_version:
            raise StaleLetter(letter)
        if wrong := check_text(values["body"]):
            raise LetterRefused(wrong)
        if interview and letter.kind == LetterKind.INTERVIEW:
            Interview.objects.filter(letter=letter).update(**interview)
            values = values | {"due_on": timezone.localtime(interview["at"]).date()}
        Letter.objects.filter(pk=letter.pk).update(version=F("version") + 1, **values)
        record_event(kind="letter.changed", actor=user, about=letter, data={"fields": sorted(values)})
        letter.refresh_from_db()
    return letter


def dismiss_proposal(
    *, user: User, kind: LetterKind | str, campaign: Campaign, subject: str, reason: str
) -> ProposalDismissal:
    """Say why a proposed letter is not written; it is proposed again after two weeks.

    Side effects, in one transaction: the campaign's row is locked; right, addressee and reason are checked; the row;
    event ``letter.dismissed``. A second call while one stands returns that one. Raises Refused, LetterRefused.
    """
    kind = LetterKind(kind)
    today = clock.today()
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        writes_letters.check(user)
        addressee = addressee_of(subject)
        holds_addressee.check(user, addressee.bounds)
        if not reason.strip():
            raise LetterRefused(_("Write the reason. For example: the roster is being corrected until Friday."))
        rows = ProposalDismissal.objects.filter(
            campaign=campaign, department=user.department_id, kind=kind, subject=subject, until__gte=today
        )
        if (standing := rows.first()) is not None:
            return standing
        row = ProposalDismissal.objects.create(
            campaign=campaign, department_id=user.department_id, kind=kind, subject=subject, name=addressee.name,
            reason=reason.strip(),
            until=today + DISMISSED_FOR, dismissed_by=user, dismissed_at=clock.now(),
        )  # fmt: skip
        told = {"kind": kind.value, "subject": subject, "reason": row.reason, "until": row.until.isoformat()}
        record_event(kind="letter.dismissed", actor=user, about=campaign, data=told)
    return row
