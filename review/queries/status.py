"""What a filing's state is called, whose turn it is and by when."""

from django.utils.translation import gettext as _

from review.enums import ENTERPRISE_TURN, FilingState
from review.models import Filing
from riskreport.ground import clock

S = FilingState


def whose_turn(filing: Filing) -> str:
    """Return the state in words with whose turn it is, for example 初报待审 · 由昆山市民政局审核.

    A paper report is in the hands of the department that enters it wherever it would be the enterprise's turn.

    Needs ``campaign``, ``enterprise`` and ``department`` selected with the filing.
    """
    department = filing.department.short_name or filing.department.label
    names = {"department": department, "enterprise": filing.enterprise.name, "due": filing.due_on}
    texts = {
        S.NOT_STARTED: _("Not started · the enterprise to begin by %(due)s"),
        S.DRAFTING: _("Being drafted · the enterprise to hand in by %(due)s"),
        S.SUBMITTED: _("First report waiting for review · to be taken by %(department)s"),
        S.IN_REVIEW: _("First report in review · at %(department)s"),
        S.RETURNED: _("Returned · the enterprise to correct it by %(due)s"),
        S.APPROVED: _("First report approved · the enterprise to file the final report by %(due)s"),
        S.FILED: _("Final report filed · nothing to do"),
        S.SUPPLEMENT_OPEN: _("Supplement open · the enterprise to complete it"),
        S.EXEMPT: _("Exempt · nothing to do"),
        S.VOID: _("Void · nothing to do"),
    }
    if filing.is_paper:
        texts |= {
            S.DRAFTING: _("Being entered from paper · %(department)s to hand it in by %(due)s"),
            S.RETURNED: _("Returned · %(department)s to correct it with the enterprise by %(due)s"),
            S.APPROVED: _(
                "First report approved · %(department)s to file the final report for the enterprise by %(due)s"
            ),
            S.SUPPLEMENT_OPEN: _("Supplement open · %(department)s to complete it with the enterprise"),
        }
    return texts[S(filing.state)] % names


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
