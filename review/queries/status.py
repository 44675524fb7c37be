"""What a filing's state is called, and whose turn it is."""

from django.utils.translation import gettext as _

from review.enums import FilingState
from review.models import Filing

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
        S.RETURNED: _("Returned · the enterprise to correct it"),
        S.APPROVED: _("First report approved · the enterprise to file the final report"),
        S.FILED: _("Final report filed · nothing to do"),
        S.SUPPLEMENT_OPEN: _("Supplement open · the enterprise to complete it"),
        S.EXEMPT: _("Exempt · nothing to do"),
        S.VOID: _("Void · nothing to do"),
    }
    if filing.is_paper:
        texts |= {
            S.DRAFTING: _("Being entered from paper · %(department)s to hand it in by %(due)s"),
            S.RETURNED: _("Returned · %(department)s to correct it with the enterprise"),
            S.APPROVED: _("First report approved · %(department)s to file the final report for the enterprise"),
            S.SUPPLEMENT_OPEN: _("Supplement open · %(department)s to complete it with the enterprise"),
        }
    return texts[S(filing.state)] % names


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
