"""What each act on a letter does besides changing its state, in the transaction of the act."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from enterprises.models import User
from review.domain.letters.numbering import number_text, take_number
from review.domain.letters.wording import filled_terms
from review.enums import LetterAction, LetterKind
from review.models import Interview, Letter, LetterFile, LetterReply
from review.queries.letters.standards import mark_of, standards
from riskreport.ground import clock
from riskreport.ground.domain.request_keys import digest_of
from riskreport.ground.workdays import add_working_days

A = LetterAction


@dataclass
class Effect:
    """Columns of the letter to write, and what the event says besides."""

    changes: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


Given = dict[str, Any]


def apply(*, action: LetterAction, letter: Letter, user: User | None, given: Given) -> Effect:
    """Do what belongs to an act and return what is to be written."""
    effect = EFFECTS.get(action)
    return effect(letter, user, given) if effect else Effect()


def _issue(letter: Letter, user: User | None, given: Given) -> Effect:
    """Give the number; put terms into the text, which from then on nobody changes; its digest goes into the event."""
    moment = clock.now()
    year = timezone.localtime(moment).year
    standard = standards()[LetterKind(letter.kind)]
    number = take_number(issuer_id=letter.issuer_id, kind=letter.kind, year=year)
    text = number_text(mark=mark_of(letter.issuer_id), word=standard.word, year=year, number=number)
    due_on = timezone.localtime(letter.interview.at).date() if letter.kind == LetterKind.INTERVIEW else letter.due_on
    body = filled_terms(letter, due_on)
    changes = {
        "year": year, "number": number, "number_text": text, "body": body, "due_on": due_on,
        "issued_by_id": user.pk if user else None, "issued_at": moment,
    }  # fmt: skip
    digest = digest_of([text, letter.title, body, letter.copies, letter.evidence.sha256])
    return Effect(changes, {"number": text, "sha256": digest, "due_on": due_on.isoformat()})


def _deliver(letter: Letter, user: User | None, given: Given) -> Effect:
    return Effect({"delivered_at": clock.now()})


def _read(letter: Letter, user: User | None, given: Given) -> Effect:
    moment = clock.now()
    return Effect({"read_at": moment, "read_by_id": user.pk, "delivered_at": letter.delivered_at or moment})


def _reply(letter: Letter, user: User | None, given: Given) -> Effect:
    moment = clock.now()
    number = letter.replies.count() + 1  # the letter's row is locked
    reply = LetterReply.objects.create(
        letter=letter, number=number, text=given["text"], replied_by=user, replied_at=moment
    )
    LetterFile.objects.bulk_create(LetterFile(reply=reply, **file) for file in given.get("files", ()))
    digests = [file["sha256"] for file in given.get("files", ())]
    return Effect({"replied_at": moment}, {"reply": number, "files": digests})


def _new_day(letter: Letter, user: User | None, given: Given) -> Effect:
    day: dt.date = given["due_on"]
    return Effect({"due_on": day}, {"due_on": day.isoformat(), "was_due_on": letter.due_on.isoformat()})


def _reschedule(letter: Letter, user: User | None, given: Given) -> Effect:
    Interview.objects.filter(letter=letter).update(at=given["at"], place=given["place"])
    day = timezone.localtime(given["at"]).date()
    return Effect({"due_on": day}, {"at": given["at"].isoformat(), "place": given["place"], "due_on": day.isoformat()})


def _hold(letter: Letter, user: User | None, given: Given) -> Effect:
    """Keep who came and what was said; the written result is due within the working days of the kind."""
    Interview.objects.filter(letter=letter).update(
        held_at=given["held_at"],
        attended_name=given["attended_name"],
        attended_post=given["attended_post"],
        minutes=given["minutes"],
    )
    held_on = timezone.localtime(given["held_at"]).date()
    due_on = add_working_days(held_on, standards()[LetterKind.INTERVIEW].answer_days)
    told = {"held_on": held_on.isoformat(), "post": given["attended_post"], "due_on": due_on.isoformat()}
    return Effect({"due_on": due_on}, told)


def _close(letter: Letter, user: User | None, given: Given) -> Effect:
    return Effect({"closed_at": clock.now()})


EFFECTS: dict[LetterAction, Callable[[Letter, User | None, Given], Effect]] = {
    A.ISSUE: _issue,
    A.DELIVER: _deliver,
    A.READ: _read,
    A.REPLY: _reply,
    A.RETURN: _new_day,
    A.EXTEND: _new_day,
    A.RESCHEDULE: _reschedule,
    A.HOLD: _hold,
    A.CLOSE: _close,
}
