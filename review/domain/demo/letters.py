"""Letters of the demo city: some of each kind and in each state, made by the letters' own acts."""

import datetime as dt

from enterprises.enums import DepartmentKind, Role
from enterprises.models import User
from review.domain.letters.behind import Behind, groups_behind, overdue_reports, subject_of, worst_first
from review.domain.letters.drafting import dismiss_proposal, draft_letter
from review.domain.letters.raising import raise_overdue
from review.domain.letters.setting import set_mark
from review.domain.letters.workflow import deliver_letter, move_letter
from review.enums import LetterAction, LetterKind
from review.models import Campaign, Interview, Letter
from review.queries.letters.addressees import people_who_answer
from riskreport.ground import clock

A, K = LetterAction, LetterKind
# Kind, and how far it has come (WAYS).
OF_BUREAUS = ((K.REMINDER, 1), (K.REMINDER, 3), (K.WARNING, 4), (K.NOTICE, 5), (K.SUPERVISION, 6), (K.NOTICE, 2))
OF_AREAS = ((K.INTERVIEW, 2), (K.NOTICE, 2), (K.INTERVIEW, 1), (K.REMINDER, 6), (K.WARNING, 0), (K.REMINDER, 7))
ANSWER = "已召开专题会议部署，未报送单位逐家明确责任人和完成时间，每周五报送进度，月底前全部完成。"
MINUTES = "通报了进度和排名情况；被约谈人作了说明，承诺压实责任，每日调度，两周内将完成率提高到全市平均水平以上。"


def write_letters(*, campaigns: list[Campaign], office: User) -> int:
    """Write the demo's letters to those who are furthest behind, and return how many.

    Side effects: the mark of the city's committee office; letters with their events. An office that has
    nobody to answer gets a person without a password; one letter is overdue, and has gone up.
    """
    set_mark(user=office, mark="苏安办")
    today = clock.today()
    key, industry = campaigns[0], campaigns[-1]
    behind = {row: campaign for campaign in (industry, key) for row in _writable(office, campaign, today)}
    areas = [row for row in behind if row.subject.startswith("region")]
    bureaus = [row for row in behind if row.subject.startswith("department")]
    plans = [
        *zip(bureaus, OF_BUREAUS, strict=False),
        *zip(areas, OF_AREAS, strict=False),
    ]
    made = [_letter(office, kind, behind[row], row.subject, far) for row, (kind, far) in plans]
    reports = overdue_reports(office, industry, today, days=1)[:3]
    for number, report in enumerate(reports):
        made.append(
            _letter(office, K.WARNING, industry, subject_of("enterprise", report.enterprise_id), 1 + 2 * number)
        )
    _let_one_be_overdue(made[0], today)
    _hold(next(letter for letter in made if letter.kind == K.INTERVIEW), office)
    left = [row for row in bureaus if row not in dict(plans)]
    if left:
        dismiss_proposal(
            user=office, kind=K.REMINDER, campaign=behind[left[0]], subject=left[0].subject,
            reason="底数清单正在核实，本周五前完成后再看进度。",
        )  # fmt: skip
    return len(made)


def _writable(office: User, campaign: Campaign, today: dt.date) -> list[Behind]:
    rows = worst_first(groups_behind(office, campaign, today, runs=1))
    return [row for row in rows if row.figures.open and row.answerer is not None]


def _letter(office: User, kind: LetterKind, campaign: Campaign, subject: str, far: int) -> Letter:
    """Write a letter and take it ``far``: the key of WAYS."""
    letter = draft_letter(user=office, kind=kind, campaign=campaign, subject=subject)
    for step in WAYS[far]:
        step(letter, office)
    return letter


def _move(letter: Letter, action: LetterAction, user: User, **options: object) -> None:
    version = Letter.objects.values_list("version", flat=True).get(pk=letter.pk)
    move_letter(letter_id=letter.pk, action=action, user=user, seen_version=version, **options)


def _answerer(letter: Letter) -> User:
    found = people_who_answer(letter).order_by("pk").first()
    if found is not None:
        return found
    office = letter.answerer
    role = Role.OFFICE if office.kind == DepartmentKind.COMMITTEE else Role.KEEPER
    return User.objects.create(
        account=f"letters-{office.pk}", name="陆晓东", post="综合科科员", password="!demo", department=office, role=role
    )  # fmt: skip  # nosec B106


def _issue(letter: Letter, office: User) -> None:
    _answerer(letter)
    _move(letter, A.ISSUE, office)
    deliver_letter(letter_id=letter.pk)


def _read(letter: Letter, office: User) -> None:
    _move(letter, A.READ, _answerer(letter))


def _reply(letter: Letter, office: User) -> None:
    _move(letter, A.REPLY, _answerer(letter), given={"text": ANSWER})


def _return(letter: Letter, office: User) -> None:
    due_on = clock.today() + dt.timedelta(days=7)
    _move(letter, A.RETURN, office, reason="请补充未报送单位名单和每家的完成时间。", given={"due_on": due_on})


def _extend(letter: Letter, office: User) -> None:
    due_on = Letter.objects.values_list("due_on", flat=True).get(pk=letter.pk) + dt.timedelta(days=7)
    _move(letter, A.EXTEND, office, reason="正在核对底数清单，同意延期一周。", given={"due_on": due_on})


def _close(letter: Letter, office: User) -> None:
    _move(letter, A.CLOSE, office, reason="措施具体、责任到人，予以办结。")


def _let_one_be_overdue(letter: Letter, today: dt.date) -> None:
    """Put the day of a letter back, which only time does in service, and let the night's work take it up."""
    Letter.objects.filter(pk=letter.pk).update(due_on=today - dt.timedelta(days=4))
    raise_overdue(on=today)


def _hold(letter: Letter, office: User) -> None:
    """Let an interview have been held, as if it had been set for this very hour."""
    moment = clock.now()
    Interview.objects.filter(letter=letter).update(at=moment)
    given = {
        "held_at": moment, "attended_name": "周建明", "attended_post": "主要负责人", "in_person": True,
        "minutes": MINUTES,
    }  # fmt: skip
    _move(letter, A.HOLD, office, given=given)


def _withdraw(letter: Letter, office: User) -> None:
    _move(letter, A.WITHDRAW, office)


ANSWERED = (_issue, _read, _reply)
WAYS = {
    0: (), 1: (_issue,), 2: (_issue, _read), 3: ANSWERED, 4: (*ANSWERED, _return), 5: (*ANSWERED, _close),
    6: (_issue, _extend), 7: (_withdraw,),
}  # fmt: skip
