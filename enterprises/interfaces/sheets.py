"""Rosters as sheets: one declaration for screen, filters and export."""

from collections.abc import Callable, Iterator

from django.db.models import F, FilteredRelation, Q, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from enterprises.enums import ContactKind, Lifecycle, Scale
from enterprises.interfaces import preparation_sheet, reconciliation_sheets  # noqa: F401  register their sheets
from enterprises.interfaces import roster_cells as roster
from enterprises.interfaces.columns import first_of, name_of, names_in_lines, several
from enterprises.interfaces.filters import EnterpriseFilter
from enterprises.interfaces.roster_headings import ALIASES
from enterprises.interfaces.roster_import import ROSTER_IMPORT
from enterprises.models import Enterprise, EnterpriseCategory
from enterprises.models.enterprise import NoCodeReason
from enterprises.queries.scope import enterprises_for_user
from enterprises.rules import is_official
from riskreport.ground.sheets import Column, Sheet, cleaners, register_sheet
from riskreport.ground.sheets.values import mask_name, mask_phone
from riskreport.ground.ui.addresses import row_address
from riskreport.ground.ui.badges import status_badge

LIFECYCLE_TONES = {
    Lifecycle.ACTIVE: "ok",
    Lifecycle.SUSPENDED: "warn",
    Lifecycle.CLOSED: "neutral",
    Lifecycle.WRITTEN_OFF: "neutral",
}


def contact_of(kind: str) -> Callable[[QuerySet], QuerySet]:
    """Return what brings a row's contact of ``kind`` as ``<kind>_name`` and ``<kind>_phone``."""

    def add(rows: QuerySet) -> QuerySet:
        link = FilteredRelation("contacts", condition=Q(contacts__kind=kind))
        names = {f"{kind}_name": F(f"{kind}_contact__name"), f"{kind}_phone": F(f"{kind}_contact__phone")}
        return rows.annotate(**{f"{kind}_contact": link}).annotate(**names)

    return add


def _narrow(rows: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """Leave out what no column reads: the profile alone would be parsed from JSON for every row."""
    return rows.defer("profile", "longitude", "latitude", "no_code_reason", "left_reason", "trade_code", "version")


def _lifecycle_badge(row: Enterprise, value: str) -> str:
    return status_badge(value, LIFECYCLE_TONES.get(row.lifecycle, "neutral"))


def shown(name: str) -> Callable[[QuerySet], QuerySet]:
    """Return what brings a column that rows leave out, as ``<name>_shown``."""
    return lambda rows: rows.annotate(**{f"{name}_shown": F(name)})


def _with_employees(rows: QuerySet) -> QuerySet:
    return rows.annotate(employees_shown=KT("profile__employees"))


def _degrees(name: str) -> Callable[[QuerySet], QuerySet]:
    """Return what brings a coordinate as ``<name>_shown``, as text: to read a decimal costs five times as much."""
    return lambda rows: rows.annotate(**{f"{name}_shown": Cast(name, TextField())})


def _six_places(degrees: str | None) -> str:
    return f"{float(degrees):.6f}" if degrees else ""


_with_further = several(
    "further", EnterpriseCategory.objects.all, parent="enterprise", code="category_id", path="category__name"
)


def _point_columns() -> Iterator[Column]:
    bounds = (
        ("longitude", _("Longitude"), (110, 130), "120.961900"),
        ("latitude", _("Latitude"), (25, 40), "31.298900"),
    )
    for key, heading, (low, high), example in bounds:
        yield Column(
            key,
            heading,
            f"{key}_shown",
            _six_places,
            adds=_degrees(key),
            width=12,
            css="rr-int",
            hidden=True,
            clean=cleaners.decimal(low, high, 6),
            blank=None,
            example=example,
            aliases=ALIASES[key],
        )


legal_person, principal, safety_officer = map(
    contact_of, (ContactKind.LEGAL, ContactKind.PRINCIPAL, ContactKind.SAFETY)
)


def _people_columns() -> Iterator[Column]:
    people = (
        ("legal", _("Legal representative"), "legal_name", legal_person, True, "周敏"),
        ("principal", _("Main responsible person"), "principal_name", principal, True, "钱丽华"),
        (
            "principal_phone",
            _("Main responsible person's telephone"),
            "principal_phone",
            principal,
            True,
            "13800000000",
        ),
        ("safety", _("Safety officer"), "safety_name", safety_officer, False, "孙建国"),
        (
            "phone",
            _("Safety officer's telephone"),
            "safety_phone",
            safety_officer,
            True,
            "13900000000",
        ),
    )
    for key, heading, reads, adds, hidden, example in people:
        is_phone = reads.endswith("_phone")
        yield Column(
            key,
            heading,
            reads,
            adds=adds,
            width=18 if is_phone else 14,
            css="rr-fit" if is_phone else "",
            hidden=hidden,
            personal=True,
            mask=mask_phone if is_phone else mask_name,
            clean=cleaners.phone if is_phone else cleaners.text(40),
            example=example,
            aliases=ALIASES[key],
        )


register_sheet(
    Sheet(
        name="enterprises",
        title=_("Roster of enterprises"),
        rows=enterprises_for_user,
        rule=is_official,
        filterset=EnterpriseFilter,
        optimise=_narrow,
        order="county",
        empty_title=_("No enterprises in your area yet"),
        empty_text=_("The lead department draws up the roster; units appear here once they are entered."),
        importer=ROSTER_IMPORT,
        columns=(
            Column(
                "name",
                _("Name"),
                "name",
                width=36,
                css="rr-wide",
                sort="name",
                link=row_address("archive"),
                clean=cleaners.text(120),
                required=True,
                example="昆山市夕阳红养老院",
                aliases=ALIASES["name"],
            ),
            Column(
                "code",
                _("Credit or temporary code"),
                ("credit_code", "temporary_code"),
                first_of,
                width=22,
                css="rr-fit",
            ),
            Column(
                "credit_code",
                _("Unified social credit code"),
                "credit_code",
                width=22,
                css="rr-fit",
                hidden=True,
                clean=roster.clean_credit_code,
                blank=None,
                example="91320500MA1MXKQ23N",  # pragma: allowlist secret
                aliases=ALIASES["credit_code"],
                note=_("18 characters. Units without one leave it empty and give the reason."),
            ),
            Column(
                "temporary_code",
                _("Temporary code"),
                "temporary_code",
                width=18,
                css="rr-fit",
                hidden=True,
                clean=roster.clean_temporary_code,
                blank=None,
                example="LS32058300001",
                note=_("The system gives it to a unit without a credit code. Leave it empty for new units."),
            ),
            Column(
                "no_code_reason",
                _("Reason for having no credit code"),
                "no_code_reason_shown",
                adds=shown("no_code_reason"),
                kind="choice",
                choices=NoCodeReason,
                width=24,
                hidden=True,
                clean_for=cleaners.choice(NoCodeReason),
                example=_("Awaiting registration"),
            ),
            Column(
                "category",
                _("Category"),
                "category_label",
                adds=name_of("category"),
                width=20,
                sort="category_id",
                clean_for=roster.category_cleaner,
                show_for=roster.category_shower,
                offers=roster.category_words,
                required=True,
                example="养老护理服务机构",
                aliases=ALIASES["category"],
            ),
            Column(
                "further",
                _("Further categories"),
                "further_lines",
                names_in_lines,
                adds=_with_further,
                width=24,
                hidden=True,
                clean_for=roster.further_cleaner,
                show_for=roster.category_shower,
                blank=[],
                example="公众聚集场所",
                aliases=ALIASES["further"],
                note=_("Several with 、 between them."),
            ),
            Column("sector", _("Sector"), "sector_label", adds=name_of("sector"), width=20, hidden=True),
            Column(
                "county",
                _("District or county-level city"),
                "county_label",
                adds=name_of("county"),
                width=14,
                sort="town_id",
                clean_for=roster.county_cleaner,
                show_for=roster.region_shower,
                example="昆山市",
                aliases=ALIASES["county"],
                note=_("Only compared with the town; the town decides."),
            ),
            Column(
                "town",
                _("Town or street"),
                "town_label",
                adds=name_of("town"),
                width=16,
                clean_for=roster.town_cleaner,
                show_for=roster.region_shower,
                offers=roster.town_words,
                required=True,
                example="花桥镇",
                aliases=ALIASES["town"],
            ),
            Column(
                "address",
                _("Address"),
                "address",
                width=40,
                css="rr-wide",
                hidden=True,
                clean=cleaners.text(200),
                required=True,
                example="花桥镇光明路18号",
                aliases=ALIASES["address"],
            ),
            *_point_columns(),
            Column(
                "scale",
                _("Scale"),
                "scale",
                kind="choice",
                choices=Scale,
                width=10,
                css="rr-fit",
                sort="scale",
                clean_for=cleaners.choice(Scale, also=roster.SCALE_WORDS),
                example=_("Below scale"),
                aliases=ALIASES["scale"],
            ),
            Column(
                "trade_code",
                _("Trade code (GB/T 4754)"),
                "trade_code_shown",
                adds=shown("trade_code"),
                width=12,
                hidden=True,
                clean=roster.clean_trade_code,
                example="8514",
                aliases=ALIASES["trade_code"],
            ),
            Column(
                "lifecycle",
                _("Lifecycle"),
                "lifecycle",
                kind="choice",
                choices=Lifecycle,
                width=12,
                sort="lifecycle",
                draw=_lifecycle_badge,
                clean_for=cleaners.choice(Lifecycle, also=roster.LIFECYCLE_WORDS),
                example=_("In operation"),
                note=_("Empty: a new unit is in operation, a standing one stays as it is."),
                aliases=ALIASES["lifecycle"],
            ),
            Column(
                "joined",
                _("Joined on"),
                "joined_on",
                kind="date",
                width=12,
                sort="joined_on",
                hidden=True,
                clean=cleaners.date,
                blank=None,
                example="2021-10-01",
                note=_("Empty: a new unit joins today."),
                aliases=ALIASES["joined"],
            ),
            Column(
                "left",
                _("Left on"),
                "left_on",
                kind="date",
                width=12,
                sort="left_on",
                hidden=True,
                clean=cleaners.date,
                blank=None,
                example="2021-12-31",
                note=_("Only for units that are closed or written off."),
                aliases=ALIASES["left"],
            ),
            Column(
                "left_reason",
                _("Reason for leaving"),
                "left_reason_shown",
                adds=shown("left_reason"),
                width=24,
                hidden=True,
                clean=cleaners.text(200),
                example="已注销",
                aliases=ALIASES["left_reason"],
            ),
            *_people_columns(),
            Column(
                "employees",
                _("Employees"),
                "employees_shown",
                adds=_with_employees,
                width=10,
                css="rr-int",
                hidden=True,
                clean=roster.clean_employees,
                example="35",
                aliases=ALIASES["employees"],
            ),
            Column(
                "standard_grade",
                _("Standardisation grade"),
                "standard_grade",
                kind="choice",
                choices=roster.GRADES,
                width=14,
                hidden=True,
                clean_for=cleaners.choice(roster.GRADES, also=roster.GRADE_WORDS),
                blank=None,
                example=_("Grade three"),
                aliases=ALIASES["standard_grade"],
            ),
        ),
    )
)
