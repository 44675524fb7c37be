"""What must hold for an act on a letter besides the right to it; each answers with a reason."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from review.domain.letters.wording import MARK, filled_terms
from review.enums import LetterKind
from review.models import Letter
from review.queries.letters.standards import mark_of
from riskreport.ground import clock
from riskreport.ground.access import YES, Answer

INTERVIEW_WITHIN = dt.timedelta(days=7)


def has_mark(letter: Letter, given: dict) -> Answer:
    """The issuing office has the mark that its numbers begin with."""
    if mark_of(letter.issuer_id):
        return YES
    return Answer(False, _("Your office has no mark for its numbers yet, such as 苏安办. Enter it under “Standards”."))


def due_to_come(letter: Letter, given: dict) -> Answer:
    """The answer is due on a day to come."""
    if letter.kind == LetterKind.INTERVIEW or letter.due_on > clock.today():
        return YES
    return Answer(False, _("The answer is due on a day that is not to come. Set another day first."))


def text_is_whole(letter: Letter, given: dict) -> Answer:
    """No mark is left unfilled."""
    left = MARK.findall(filled_terms(letter, letter.due_on))
    if not left:
        return YES
    shown = "".join(f"【{mark}】" for mark in left)
    return Answer(False, _("The text still holds %(marks)s. Replace it by words first.") % {"marks": shown})


def interview_within_a_week(letter: Letter, given: dict) -> Answer:
    """An interview is at a time to come, within a week."""
    if letter.kind != LetterKind.INTERVIEW:
        return YES
    at = given.get("at") or letter.interview.at
    if clock.now() < at <= clock.now() + INTERVIEW_WITHIN:
        return YES
    return Answer(False, _("The interview must be at a time to come, within a week from now. Set another time."))


def is_held(letter: Letter, given: dict) -> Answer:
    """The written result follows an interview that was held."""
    if letter.kind != LetterKind.INTERVIEW or letter.interview.held_at:
        return YES
    return Answer(False, _("The interview is not recorded yet; the written result follows it."))


def is_not_held(letter: Letter, given: dict) -> Answer:
    """An interview is held once."""
    if letter.kind == LetterKind.INTERVIEW and not letter.interview.held_at:
        return YES
    return Answer(False, _("This interview is recorded already."))


def came_in_person(letter: Letter, given: dict) -> Answer:
    """Nobody came as a proxy."""
    if given.get("in_person"):
        return YES
    return Answer(False, _("A proxy does not count. If the person invited did not come, set another time instead."))


def held_by_now(letter: Letter, given: dict) -> Answer:
    """What is recorded has taken place, after the letter was issued."""
    held_at = given.get("held_at")
    if held_at and letter.issued_at <= held_at <= clock.now():
        return YES
    return Answer(False, _("The interview lies in the past, after the letter was issued. Check day and time."))


def later_day(letter: Letter, given: dict) -> Answer:
    """A new day is given that is to come, and later than the one that stood where it is put off."""
    day = given.get("due_on")
    if day is None or day <= clock.today():
        return Answer(False, _("Choose a day to come for the answer."))
    return YES


def put_off(letter: Letter, given: dict) -> Answer:
    """The new day lies after the old one."""
    if given["due_on"] > letter.due_on:
        return YES
    return Answer(False, _("The new day must lie after %(day)s.") % {"day": letter.due_on})


def held_or_none(letter: Letter, given: dict) -> Answer:
    """Only the day of a written result is put off; an interview gets another time."""
    if letter.kind != LetterKind.INTERVIEW or letter.interview.held_at:
        return YES
    return Answer(False, _("Set another time for the interview instead."))


def has_text(letter: Letter, given: dict) -> Answer:
    """An answer says something."""
    if given.get("text", "").strip():
        return YES
    return Answer(False, _("Write the answer: what was done, by whom, and by when the rest is done."))


def moment_of(day: dt.date, time: dt.time) -> dt.datetime:
    """Return a moment of the city's time."""
    return timezone.make_aware(dt.datetime.combine(day, time))
