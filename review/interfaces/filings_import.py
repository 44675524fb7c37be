"""Taking in the sheet of filings: what it says of a report is compared and never written; two columns ask for acts.

«申请办理的事项» and «办理理由» let the office or the deciding department exempt, reopen and void many reports at
once. Each goes through move_filing, exactly as on the page of one report.
"""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.models import Enterprise, User
from enterprises.rules import is_office, is_reviewer
from review.domain.workflow import find_move, move_filing
from review.enums import Action
from review.models import Campaign, Filing
from review.queries.scope import filings_for_user
from review.queries.status import whose_turn
from riskreport.ground.imports.standing import is_same
from riskreport.ground.sheets.cleaners import Cleaner, Wrong, folded
from riskreport.ground.sheets.importer import Asked, Importer, Said, Values

ACTIONS = (Action.EXEMPT, Action.REOPEN, Action.VOID)
OFFERED = tuple((action.value, action.label) for action in ACTIONS)
FACTS = ("unit", "status", "scale", "due", "filed", "major", "larger", "joined", "left")
UNIT, ACT, REASON = "unit", "action", "reason"
MOST_REASON = 500


def campaign_for(user: User) -> Cleaner:
    """Return the cleaner of a reporting task: its id, by its name in either language or its code."""
    known = {}
    for row in Campaign.objects.all():
        known |= {folded(name): row.pk for name in (row.code, row.name, row.name_en) if name}

    def clean(text: str) -> int:
        if folded(text) not in known:
            raise Wrong(_("the name of a reporting task"))
        return known[folded(text)]

    return clean


def without_blanks(user: User) -> Callable[[Values, Values | None], Values]:
    """A fact that the sheet leaves empty says nothing of the report."""

    def prepare(values: Values, standing: Values | None) -> Values:
        return {key: value for key, value in values.items() if key not in FACTS or value not in ("", None)}

    return prepare


def remarks(user: User) -> Callable[[Values, Values | None], Iterable[Said]]:
    """Return what is wrong across the columns of a row: facts that differ, acts that are not possible."""

    def say(values: Values, standing: Values | None) -> Iterable[Said]:
        if standing is None:
            yield "code", _("a report that exists: they are made by launching a task or when a unit joins it")
            return
        known = {**standing, UNIT: Enterprise.objects.values_list("name", flat=True).get(pk=standing["code"])}
        for key in FACTS:
            if key in values and not is_same(values[key], known[key]):
                yield key, _("what the system knows; it follows from the reports and is not changed by a sheet")
        yield from _about_the_act(user, values)

    return say


def _about_the_act(user: User, values: Values) -> Iterable[Said]:
    action, reason = values.get(ACT), values.get(REASON)
    if action and not reason:
        yield REASON, _("the reason of the act: the other side reads it")
    if reason and not action:
        yield ACT, _("the act that this reason is for, or an empty reason")
    if action and (refusal := _refusal(user, values, action)):
        yield ACT, refusal


def _refusal(user: User, values: Values, action: str) -> str:
    """Return why the act is not possible now or not for this person, or nothing."""
    rows = filings_for_user(user).select_related("campaign", "enterprise", "department", "category", "town")
    filing = rows.get(enterprise=values["code"], campaign=values["campaign"])
    move = find_move(filing, Action(action))
    if move is None:
        return _("an act that is possible now: %(status)s") % {"status": whose_turn(filing)}
    return str(move.who(user, filing).reason) if not move.who(user, filing).allowed else ""


def act(user: User) -> Callable[[Asked], None]:
    """Return the function that makes one move, as the page of the report does."""

    def do(asked: Asked) -> None:
        move_filing(
            filing_id=asked.target,
            action=asked.values[ACT],
            user=user,
            seen_version=asked.seen_version,
            reason=asked.values[REASON],
            key=asked.key,
        )

    return do


FILINGS_IMPORTER = Importer(
    rule=is_reviewer | is_office,
    model=Filing,
    keys=(("code", "campaign"),),
    standing=filings_for_user,
    fields={
        "code": "enterprise_id",
        "campaign": "campaign_id",
        "status": "state",
        "due": "due_on",
        "filed": "first_filed_on",
        "major": "risks_major",
        "larger": "risks_larger",
        "joined": "joined_on",
        "left": "left_on",
    },
    columns_only=frozenset({UNIT}),
    asks=frozenset({ACT, REASON}),
    prepare=without_blanks,
    remarks=remarks,
    act=act,
    event="filings.imported",
    elsewhere=_l("a report of your own area and line"),
)
