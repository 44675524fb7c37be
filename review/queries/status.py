"""What a filing's state is called, whose turn it is and by when."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from review.enums import ENTERPRISE_TURN, FilingState
from review.models import Filing
from riskreport.ground import clock

S = FilingState


TEXTS = {
    S.NOT_STARTED: _l("Not started · the enterprise to begin by %(due)s"),
    S.DRAFTING: _l("Being drafted · the enterprise to hand in by %(due)s"),
    S.SUBMITTED: _l("First report waiting for review · to be taken by %(department)s"),
    S.IN_REVIEW: _l("First report in review · at %(department)s"),
    S.RETURNED: _l("Returned · the enterprise to correct it by %(due)s"),
    S.APPROVED: _l("First report approved · the enterprise to file the final report by %(due)s"),
    S.FILED: _l("Final report filed · nothing to do"),
    S.SUPPLEMENT_OPEN: _l("Supplement open · the enterprise to complete it"),
    S.EXEMPT: _l("Exempt · nothing to do"),
    S.VOID: _l("Void · nothing to do"),
}
ON_PAPER = {
    S.DRAFTING: _l("Being entered from paper · %(department)s to hand it in by %(due)s"),
    S.RETURNED: _l("Returned · %(department)s to correct it with the enterprise by %(due)s"),
    S.APPROVED: _l("First report approved · %(department)s to file the final report for the enterprise by %(due)s"),
    S.SUPPLEMENT_OPEN: _l("Supplement open · %(department)s to complete it with the enterprise"),
}


def whose_turn(filing: Filing) -> str:
    """Return the state in words with whose turn it is. Needs ``department`` selected with the filing."""
    office = filing.department
    return turn_in_words(filing.state, filing.is_paper, filing.due_on, office.short_name or office.label)


def turn_in_words(state: str, is_paper: bool, due_on: dt.date, department: str) -> str:
    """Return a filing's state in words with whose turn it is, for example 初报待审 · 由昆山市民政局审核.

    A paper report is in the hands of the department that enters it wherever it would be the enterprise's turn.
    """
    text = ON_PAPER.get(S(state), TEXTS[S(state)]) if is_paper else TEXTS[S(state)]
    return str(text) % {"department": department, "due": due_on}


def is_enterprises_turn(filing: Filing) -> bool:
    """Whether the enterprise has to do something now; what is on paper, the department enters."""
    return filing.state in ENTERPRISE_TURN and not filing.is_paper


def days_left(filing: Filing) -> int:
    """Return how many days there are until the filing is due; less than nothing when the day has passed."""
    return (filing.due_on - clock.today()).days


def is_late(filing: Filing) -> bool:
    """Whether the enterprise has let the day pass without filing."""
    return is_enterprises_turn(filing) and days_left(filing) < 0 and filing.first_filed_on is None


def by_when(filing: Filing) -> str:
    """Return until when the enterprise has time, or nothing when it is not its turn."""
    if not is_enterprises_turn(filing):
        return ""
    left = days_left(filing)
    named = {"day": filing.due_on, "days": abs(left)}
    if filing.first_filed_on is not None:
        return _("Already filed once; complete the supplement as soon as you can.")
    if left < 0:
        return _("It was due on %(day)s, %(days)s days ago. Please do it now.") % named
    if left == 0:
        return _("It is due today.")
    return _("By %(day)s, %(days)s days left.") % named


TONES = {
    S.NOT_STARTED: "neutral",
    S.DRAFTING: "accent",
    S.SUBMITTED: "accent",
    S.IN_REVIEW: "accent",
    S.RETURNED: "warn",
    S.APPROVED: "ok",
    S.FILED: "ok",
    S.SUPPLEMENT_OPEN: "warn",
    S.EXEMPT: "neutral",
    S.VOID: "neutral",
}


def tone_of(state: str) -> str:
    """Return the tone of a state's badge: neutral, accent, ok, warn or bad."""
    return TONES[S(state)]
