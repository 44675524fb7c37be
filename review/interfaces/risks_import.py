"""Taking in the risk sheet: what stands in the ledger is compared; what is new or differs goes into the open report.

The ledger is what the last final report said, so a sheet never writes it. A row that differs, or is new, becomes a
declared risk of the unit's report that this person may write just now; where no report is open the row is refused with
a sentence that says how a change is made. Level and rank are judged as on the page.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.models import User
from enterprises.rules import is_enterprise_person, is_reviewer
from review.domain.risk_list import add_own_risk
from review.domain.sections import save_risk
from review.domain.workflow import may_edit
from review.enums import EDITABLE
from review.models import DeclaredRisk, Filing
from review.queries.scope import filings_for_user
from riskreport.ground.access import Refused
from riskreport.ground.imports.standing import is_same
from riskreport.ground.sheets.declaration import give_importer
from riskreport.ground.sheets.importer import Asked, Importer, Said, Values
from risks.enums import LARGER_AND_ABOVE, RANKS_FOR, Level, Rank
from risks.interfaces import sheets  # noqa: F401  (the sheet that gets its importer here)
from risks.interfaces.words import rank_wanted
from risks.models import Risk
from risks.queries.scope import risks_for_user

COLUMNS = {
    "name": "name",
    "point": "point",
    "place": "place",
    "consequence": "consequence",
    "accident": "accident_type_id",
    "measures": "measures",
    "person": "responsible_name",
    "post": "responsible_post",
    "phone": "responsible_phone",
    "rank": "rank",
}


class Drafts:
    """The reports that a person may write just now, by unit; asked once."""

    def __init__(self, user: User) -> None:
        rows = filings_for_user(user).filter(state__in=EDITABLE)
        if user.enterprise_id is None:
            rows = rows.filter(is_paper=True)
        rows = rows.select_related("campaign", "enterprise", "department", "category", "town").order_by("pk")
        self.by_unit: dict[int, Filing] = {row.enterprise_id: row for row in rows if may_edit(user, row).allowed}

    def declared(self, unit: int, name: str, place: str) -> DeclaredRisk | None:
        """Return the risk of this name at this place in the unit's report, if it declares one."""
        return self.by_unit[unit].declared_risks.filter(name=name, place=place, is_withdrawn=False).first()


def remarks(user: User) -> Callable[[Values, Values | None], Iterable[Said]]:
    """Return why a row cannot go into a report: none is open, the method sets the level, the rank is too low."""
    drafts = Drafts(user)

    def say(values: Values, standing: Values | None) -> Iterable[Said]:
        changed = [key for key, value in values.items() if standing and not is_same(value, standing.get(key))]
        if standing is None:
            yield from _about_new(drafts, values)
        elif changed:
            yield from _about_changed(drafts, standing["code"], changed)
        if standing is None or changed:
            yield from _about_rank({**(standing or {}), **values})

    return say


def _about_new(drafts: Drafts, values: Values) -> Iterable[Said]:
    if values.get("number"):
        yield "number", str(RISKS_IMPORTER.elsewhere)
    elif values["code"] not in drafts.by_unit:
        yield (
            "code",
            _("a unit whose report is open for writing by you; open a supplement or a change report first"),
        )
    elif values.get("level") and values["level"] not in LARGER_AND_ABOVE:
        yield "level", _("larger or major: lower ones are not on this list")
    elif (known := drafts.declared(values["code"], values["name"], values["place"])) and _lifts(values, known):
        yield "level", _level_follows()


def _lifts(values: Values, known: DeclaredRisk) -> bool:
    return bool(values.get("level")) and values["level"] != known.level


def _about_changed(drafts: Drafts, unit: int, changed: list[str]) -> Iterable[Said]:
    if unit not in drafts.by_unit:
        yield (
            changed[0],
            _(
                "what the filed report says. It is changed by a supplement or a change report: have the report "
                "reopened, then send the sheet in again"
            ),
        )
    elif "code" in changed:
        yield "code", _("the unit that the ledger names; a risk does not move to another one")
    elif "level" in changed:
        yield "level", _level_follows()


def _level_follows() -> str:
    return _("the level found by the method; change it in the report, under “Method and level”")


def _about_rank(values: Values) -> Iterable[Said]:
    rank, level = values.get("rank"), values.get("level") or Level.LARGER
    if rank and Rank(rank) not in RANKS_FOR[Level(level)]:
        yield "rank", rank_wanted(level)


def act(user: User) -> Callable[[Asked], None]:
    """Return the function that puts one row into the report, as the pages of the report do."""
    drafts = Drafts(user)

    def do(asked: Asked) -> None:
        if asked.target is None:
            _add(drafts, user, asked)
            return
        risk = Risk.objects.get(pk=asked.target)
        draft = _open(drafts, risk.enterprise_id)
        row = draft.declared_risks.filter(lineage=risk.lineage, is_withdrawn=False).first()
        if row is None:
            raise Refused(_("The open report no longer declares this risk. Add it there again if it is still there."))
        _save(draft, user, row, asked.values)

    return do


def _add(drafts: Drafts, user: User, asked: Asked) -> None:
    values = asked.values
    draft = _open(drafts, values["code"])
    row = drafts.declared(values["code"], values["name"], values["place"])
    if row is not None:
        _save(draft, user, row, values)
        return
    level = {"level": values["level"]} if values.get("level") else {}
    add_own_risk(filing_id=draft.pk, user=user, values=_columns(values) | level, key=asked.key)


def _open(drafts: Drafts, unit: int) -> Filing:
    if unit not in drafts.by_unit:
        raise Refused(_("The report is no longer open for writing by you."))
    return drafts.by_unit[unit]


def _save(draft: Filing, user: User, row: DeclaredRisk, values: Values) -> None:
    save_risk(filing_id=draft.pk, user=user, values=_columns(values), risk_id=row.pk, seen_version=row.version)


def _columns(values: Values) -> dict[str, Any]:
    return {COLUMNS[key]: value for key, value in values.items() if key in COLUMNS}


RISKS_IMPORTER = Importer(
    rule=is_enterprise_person | is_reviewer,
    model=Risk,
    keys=(("number",), ("code", "name", "place")),
    standing=risks_for_user,
    fields={"number": "id", "code": "enterprise_id", **{key: name for key, name in COLUMNS.items() if key != name}},
    version="",
    remarks=remarks,
    act=act,
    event="risks.imported",
    elsewhere=_l("a risk of your own ledger; a new one has no number"),
)
give_importer("risks", RISKS_IMPORTER)
