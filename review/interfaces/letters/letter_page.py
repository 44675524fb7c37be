"""What the page of a letter says: where it stands, its facts, its way, what is to be done."""

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enterprises.enums import ENTERPRISE_ROLES
from enterprises.models import User
from review.domain.letters.workflow import letter_moves_for
from review.enums import ANSWER_OWED, LetterAction, LetterKind, LetterState
from review.interfaces.letters.paper import body_of
from review.interfaces.letters.sheet import TONES
from review.models import Letter
from review.queries.content import sha256_of
from review.queries.timeline import actor_name
from riskreport.ground import clock
from riskreport.ground.models import Event
from riskreport.ground.sheets.values import text_of_date, text_of_moment

S, A = LetterState, LetterAction
PRIMARY = {A.ISSUE, A.READ, A.REPLY, A.HOLD, A.CLOSE}


def whose_turn_on(letter: Letter) -> str:
    """Say in one sentence where a letter stands and whose turn it is."""
    names = {"name": letter.addressee, "due": text_of_date(letter.due_on), "issuer": letter.issuer.label}
    if letter.kind == LetterKind.INTERVIEW and letter.state in ANSWER_OWED and not letter.interview.held_at:
        return _("The interview is on %(at)s; %(issuer)s records it afterwards.") % (
            names | {"at": text_of_moment(letter.interview.at)}
        )
    if letter.state in ANSWER_OWED and letter.due_on < clock.today():
        return _("Overdue: %(name)s was to answer by %(due)s.") % names
    return {
        S.DRAFT: _("A draft: read it through, then issue it."),
        S.ISSUED: _("Issued, and not yet in an inbox: %(name)s has nobody who could read it.") % names,
        S.DELIVERED: _("%(name)s is to sign the receipt and answer by %(due)s.") % names,
        S.READ: _("%(name)s is to answer by %(due)s.") % names,
        S.REPLIED: _("%(issuer)s is to check the answer.") % names,
        S.RETURNED: _("%(name)s is to complete its answer by %(due)s.") % names,
        S.CLOSED: _("Checked and closed."),
        S.WITHDRAWN: _("The draft was withdrawn; nothing was sent."),
    }[S(letter.state)]


def letter_context(user: User, letter: Letter) -> dict[str, Any]:
    """Return what the page of a letter shows. The letter's replies, raises and evidence are read here."""
    content = json.loads(letter.evidence.content)
    moves = [move for move in letter_moves_for(user, letter) if move.action != A.DELIVER]
    return {
        "letter": letter,
        "status": whose_turn_on(letter),
        "tone": "bad" if _is_overdue(letter) else TONES[letter.state],
        "facts": _facts(letter),
        "body": [line for line in body_of(letter).splitlines() if line.strip()],
        "evidence": content,
        "verifies": sha256_of(letter.evidence.content) == letter.evidence.sha256,
        "moves": [
            {"action": move.action.value, "label": move.action.label, "primary": move.action in PRIMARY}
            for move in moves
        ],
        "replies": list(letter.replies.select_related("replied_by").prefetch_related("files")),
        "raises": list(letter.raises.select_related("to_department")),
        "events": _events(letter, user),
        "edits": any(move.action == A.ISSUE for move in moves),
    }


def _is_overdue(letter: Letter) -> bool:
    return letter.state in ANSWER_OWED and letter.due_on < clock.today()


def _facts(letter: Letter) -> list[tuple[str, str]]:
    rows = [
        (_("Kind of letter"), letter.get_kind_display()),
        (_("To"), letter.addressee),
        (_("Issued by"), letter.issuer.label),
        (_("Reporting task"), letter.campaign.label if letter.campaign else ""),
        (_("Issued on"), text_of_moment(letter.issued_at)),
        (_("Delivered"), text_of_moment(letter.delivered_at)),
        (_("Receipt signed"), text_of_moment(letter.read_at)),
        (_("Answer by"), text_of_date(letter.due_on)),
    ]
    if letter.kind == LetterKind.INTERVIEW:
        held = letter.interview
        rows[-1] = (_("Written result by"), text_of_date(letter.due_on) if held.held_at else "")
        rows += [
            (_("Time of the interview"), text_of_moment(held.at)),
            (_("Place of the interview"), held.place),
            (_("Who is to come"), held.invited),
            (_("Who attended"), f"{held.attended_name}（{held.attended_post}）" if held.held_at else ""),
        ]
    return rows


def _events(letter: Letter, reader: User) -> list[dict[str, str]]:
    rows = Event.objects.filter(object_type="review.letter", object_id=letter.pk).select_related("actor__department")
    hidden = {"letter.drafted", "letter.changed"} if reader.role in ENTERPRISE_ROLES else set()
    return [
        {
            "text": _event_text(row),
            "at": text_of_moment(row.at),
            "who": actor_name(row.actor, reader),
            "reason": str(row.data.get("reason", "")),
        }
        for row in rows.exclude(kind__in=hidden).order_by("id")
    ]


def _event_text(row: Event) -> str:
    named = {"due": row.data.get("due_on", ""), "was": row.data.get("was_due_on", "")}
    return {
        "letter.drafted": pgettext("letter event", "Drafted"),
        "letter.changed": pgettext("letter event", "Text changed"),
        "letter.issue": pgettext("letter event", "Issued"),
        "letter.withdraw": pgettext("letter event", "Draft withdrawn"),
        "letter.deliver": pgettext("letter event", "Delivered to the inboxes"),
        "letter.read": pgettext("letter event", "Receipt signed"),
        "letter.reply": pgettext("letter event", "Answered"),
        "letter.return": pgettext("letter event", "Returned for more, by %(due)s") % named,
        "letter.extend": pgettext("letter event", "Extended from %(was)s to %(due)s") % named,
        "letter.reschedule": pgettext("letter event", "The interview got another time"),
        "letter.hold": pgettext("letter event", "Interview recorded; written result by %(due)s") % named,
        "letter.close": pgettext("letter event", "Checked and closed"),
        "letter.raised": pgettext("letter event", "Overdue: went a level up"),
    }[row.kind]
