"""The home of every role: what now, whose turn, by when."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.enums import ENTERPRISE_ROLES, Role
from enterprises.interfaces.people_filters import LastSignIn
from enterprises.models import User
from enterprises.queries.accounts import units_without_account
from enterprises.queries.likeness import suspected_pairs
from enterprises.rules import issues_accounts, keeps_rosters
from review.enums import NOT_EXPECTED, FilingState
from review.interfaces.filters import filings_address
from review.interfaces.letters.letter_page import whose_turn_on
from review.interfaces.queue_sheet import LIST_LABELS, waiting_days
from review.models import Campaign, Filing
from review.queries import home as queries
from review.queries import queue
from review.queries.catalogue_changes import todos_of
from review.queries.completion import percent
from review.queries.letters.scope import letters_to_answer, with_all
from review.queries.status import by_when, is_enterprises_turn, is_late, tone_of, whose_turn
from review.rules import opens_answer, opens_home
from riskreport.ground import clock
from riskreport.ground.access import access
from riskreport.ground.domain.notices import notice_text
from riskreport.ground.queries.inbox import failed_jobs, notices_for_user, parked_reactions
from risks.enums import Colour
from risks.rules import keeps_catalogues

NOTICES = 5
S = FilingState


@access(opens_home)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the person's home."""
    role = Role.ENTERPRISE_USER if request.user.role in ENTERPRISE_ROLES else Role(request.user.role)
    template, build = HOMES[role]
    context = build(request.user) | {"notices": _notices(request.user), "letters": _letters(request.user)}
    return render(request, f"review/home/{template}.html", context)


def _notices(user: User) -> list[dict]:
    rows = notices_for_user(user).filter(read_at=None)[:NOTICES]
    return [{"notice": row, "text": notice_text(row)} for row in rows]


def _letters(user: User) -> list[dict]:
    """Return the letters that wait for the person's unit or department."""
    rows = with_all(letters_to_answer(user))[:NOTICES] if opens_answer(user).allowed else []
    return [{"letter": row, "status": whose_turn_on(row), "late": row.due_on < clock.today()} for row in rows]


def _tile(label: str, count: int, url: str, hint: str = "", tone: str = "") -> dict:
    return {"label": label, "count": count, "url": url, "hint": hint, "tone": tone}


def _filings_url(**asked: Any) -> str:
    return f"{reverse('filings')}?{urlencode(asked)}"


# --- enterprise -----------------------------------------------------------------------------------------------------
def _enterprise(user: User) -> dict:
    filings = [_own(filing) for filing in queries.own_filings(user)]
    filings.sort(key=lambda row: not row["ours"])
    return {
        "filings": filings,
        "todos": list(todos_of(user).filter(done_at=None)),
        "scans": sum(1 for row in filings if row["filing"].lacks_scan),
        "ours": sum(1 for row in filings if row["ours"]),
        "rating": queries.own_rating(user),
        "levels": queries.ledger_levels(user),
    }


def _own(filing: Filing) -> dict:
    ours = is_enterprises_turn(filing)
    return {
        "filing": filing,
        "status": filing.get_state_display() if ours else whose_turn(filing),  # by when stands in a line of its own
        "tone": tone_of(filing.state),
        "ours": ours,
        "step": _next_step(filing.state),
        "late": is_late(filing),
        "by_when": by_when(filing),
        "way": _way(filing),
    }


def _way(filing: Filing) -> list[dict]:
    """Return the steps of the report's way with which are done and which is now; nothing when it has ended early."""
    if filing.state in NOT_EXPECTED:
        return []
    if filing.campaign.stages == 1:
        steps = [_("Write the report"), _("Certify and file"), _("Done")]
        now = {S.NOT_STARTED: 0, S.DRAFTING: 0, S.SUPPLEMENT_OPEN: 0}.get(S(filing.state), 2)
    else:
        steps = [_("Write the first report"), _("The department reviews"), _("File the final report"), _("Done")]
        now = {S.SUBMITTED: 1, S.IN_REVIEW: 1, S.APPROVED: 2, S.FILED: 3}.get(S(filing.state), 0)
    done = filing.state == S.FILED
    return [
        {"label": label, "done": index < now or done, "now": index == now and not done}
        for index, label in enumerate(steps)
    ]


def _next_step(state: str) -> str:
    return {
        S.NOT_STARTED: _("Start the report"),
        S.DRAFTING: _("Go on with the report"),
        S.SUBMITTED: _("See where it stands"),
        S.IN_REVIEW: _("See where it stands"),
        S.RETURNED: _("Read the remarks and correct"),
        S.APPROVED: _("Check and file the final report"),
        S.FILED: _("See the report and the receipt"),
        S.SUPPLEMENT_OPEN: _("Go on with the supplement"),
        S.EXEMPT: _("See the report"),
        S.VOID: _("See the report"),
    }[S(state)]


# --- department -----------------------------------------------------------------------------------------------------
def _reviewer(user: User) -> dict:
    counts = queue.desk_counts(user)
    hints = {
        queue.WAITING: _("Nobody has taken them yet."),
        queue.MINE: _("You have taken them; decide or put them back."),
        queue.COLLEAGUES: _("A colleague is at work on them."),
        queue.RETURNED: _("It is the enterprises' turn to correct."),
        queue.OVERDUE: _("Not filed although the day has passed."),
    }
    tones = {queue.WAITING: "accent", queue.MINE: "accent", queue.OVERDUE: "bad"}
    tiles = [
        _tile(LIST_LABELS[name], counts[name], f"{reverse('review_queue')}?list={name}", hint, tones.get(name, ""))
        for name, hint in hints.items()
    ]
    if not counts["all"]:
        return {"tiles": _state_tiles(user), "counts": counts, "decides": False, "campaigns": _campaigns(user)}
    waiting = [{"filing": row, "days": waiting_days(row.submitted_at)} for row in queries.longest_waiting(user)]
    mine = queries.oldest_in_review(user) if counts[queue.MINE] else None
    return {
        "tiles": tiles,
        "counts": counts,
        "decides": True,
        "next": mine or (waiting[0]["filing"] if waiting else None),
        "waiting": waiting,
        "campaigns": _campaigns(user),
    }


def _state_tiles(user: User) -> list[dict]:
    """Return what is with the departments of the area, for those who watch and do not decide."""
    counts = queries.state_counts(user)
    words = {
        S.SUBMITTED: (_("Waiting for review in the area"), _("It is the deciding departments' turn.")),
        S.IN_REVIEW: (_("In review in the area"), _("It is the deciding departments' turn.")),
        S.RETURNED: (_("Returned in the area"), _("It is the enterprises' turn to correct.")),
    }
    return [
        _tile(label, counts[state], _filings_url(state=state.value), hint) for state, (label, hint) in words.items()
    ]


def _campaigns(user: User) -> list[dict]:
    return [
        {
            "row": row,
            "rate": percent(row.figures.rate),
            "rate_on_time": percent(row.figures.rate_on_time),
            "days_left": (row.campaign.due_on - clock.today()).days,
            "links": _figure_links(row.campaign),
        }
        for row in queries.campaign_figures(user)
    ]


def _figure_links(campaign: Campaign) -> dict[str, str]:
    stages = ("expected", "actual", "on_time", "overdue")
    links = {stage: filings_address(campaign=campaign.code, as_of=clock.today(), stage=stage) for stage in stages}
    return links | {"board": f"{reverse('board')}?{urlencode({'campaign': campaign.code})}"}


def _keeper(user: User) -> dict:
    return {
        "tiles": _groundwork_tiles(user),
        "catalogues": queries.keeper_catalogues(user),
        "campaigns": _campaigns(user),
        "keeps": keeps_catalogues(user).allowed,
    }


def _groundwork_tiles(user: User) -> list[dict]:
    """Return what waits for a keeper of rosters: pairs to tell apart, units nobody can report for."""
    if not (keeps_rosters(user).allowed and issues_accounts(user).allowed):
        return []
    accounts = f"{reverse('unit_accounts')}?last={LastSignIn.NEVER.value}"
    return [
        _tile(_("Suspected duplicates"), len(suspected_pairs(user)), reverse("units_alike"),
              _("Merge them, or say why they are two."), "warn"),
        _tile(_("Units without an account"), units_without_account(user).count(), reverse("units_to_issue"),
              _("Issue accounts, with a letter for each unit."), "accent"),
        _tile(_("Administrators who never signed in"), queries.silent_administrators(user), accounts,
              _("Issue the code again where the letter got lost."), "accent"),
    ]  # fmt: skip


def _office(user: User) -> dict:
    campaigns = _campaigns(user)
    tiles = [
        _tile(_("Overdue units"), row["row"].overdue, row["links"]["overdue"], row["row"].campaign.label, "bad")
        for row in campaigns
    ]
    return {"campaigns": campaigns, "tiles": [*tiles, *_state_tiles(user)], "levels": queries.ledger_levels(user)}


def _inspector(user: User) -> dict:
    counts = queries.inspector_counts(user)
    colours = queries.colour_counts(user)
    tiles = [
        _tile(
            _("Final reports in force"),
            counts["filed"],
            _filings_url(state=S.FILED.value, sort="-filed"),
            _("What is written can be compared with what is there."),
            "accent",
        ),
        _tile(
            _("Reports in force without any risk"),
            counts["zero"],
            _filings_url(state=S.FILED.value, reported="zero"),
            _("Each claim of zero risk is to be verified on the spot."),
            "warn",
        ),
    ]
    return {
        "tiles": tiles,
        "colours": [
            {
                "colour": colour.value,
                "count": colours[colour],
                "url": _filings_url(state=S.FILED.value, colour=colour.value),
            }
            for colour in Colour
        ],
        "recent": [_row(row) for row in queries.recently_filed(user)[:8]],
        "zero": [_row(row) for row in queries.zero_risk_filed(user)[:8]],
        "campaigns": _campaigns(user),
    }


def _row(filing: Filing) -> dict:
    return {"filing": filing, "status": whose_turn(filing), "tone": tone_of(filing.state)}


def _operator(user: User) -> dict:
    failed, parked = failed_jobs(), parked_reactions()
    url = reverse("background")
    return {
        "tiles": [
            _tile(_("Tasks that failed"), failed.count(), url, _("Exports and imports that were given up."), "bad"),
            _tile(_("Reactions set aside"), parked.count(), url, _("Failed five times; release them once mended."),
                  "bad"),
        ],
        "parked": parked[:NOTICES],
        "url": url,
    }  # fmt: skip


HOMES: dict[Role, tuple[str, Callable[[User], dict]]] = {
    Role.ENTERPRISE_USER: ("enterprise", _enterprise),
    Role.REVIEWER: ("reviewer", _reviewer),
    Role.KEEPER: ("keeper", _keeper),
    Role.OFFICE: ("office", _office),
    Role.OVERSIGHT: ("office", _office),
    Role.INSPECTOR: ("inspector", _inspector),
    Role.OPERATOR: ("operator", _operator),
}
