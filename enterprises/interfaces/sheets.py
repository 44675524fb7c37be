"""Rosters as sheets: one declaration for screen, filters and export."""

from collections.abc import Callable, Iterator

from django.db.models import F, FilteredRelation, Prefetch, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from enterprises.enums import ContactKind, Lifecycle, Scale
from enterprises.interfaces import preparation_sheet, reconciliation_sheets  # noqa: F401  register their sheets
from enterprises.interfaces import roster_cells as roster
from enterprises.interfaces.columns import name_of
from enterprises.interfaces.filters import EnterpriseFilter
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


def _with_further(rows: QuerySet) -> QuerySet:
    links = EnterpriseCategory.objects.select_related("category").order_by("category_id")
    return rows.prefetch_related(Prefetch("category_links", queryset=links))


def _further_names(row: Enterprise) -> str:
    return "、".join(link.category.label for link in row.category_links.all())


with_longitude, with_latitude = shown("longitude"), shown("latitude")


def _point_columns() -> Iterator[Column]:
    bounds = (
        ("longitude", _("Longitude"), with_longitude, (110, 130), "120.961900"),
        ("latitude", _("Latitude"), with_latitude, (25, 40), "31.298900"),
    )
    for key, heading, adds, (low, high), example in bounds:
        yield Column(
            key,
            heading,
            f"{key}_shown",
            adds=adds,
            width=12,
            css="rr-int",
            hidden=True,
            clean=cleaners.decimal(low, high, 6),
            blank=None,
            example=example,
        )


legal_person, principal, safety_officer = map(
    contact_of, (ContactKind.LEGAL, ContactKind.PRINCIPAL, ContactKind.SAFETY)
)


def _people_columns() -> Iterator[Column]:
    people = (
        ("legal", _("Legal representative"), "legal_name", legal_person, True, "周敏", ("法人", "法人代表")),
        ("principal", _("Main responsible person"), "principal_name", principal, True, "钱丽华", ("负责人",)),
        (
            "principal_phone",
            _("Main responsible person's telephone"),
            "principal_phone",
            principal,
            True,
            "13800000000",
            ("主要负责人联系电话", "负责人电话", "联系电话"),
        ),
        ("safety", _("Safety officer"), "safety_name", safety_officer, False, "孙建国", ("安全员", "安全管理人员")),
        (
            "phone",
            _("Safety officer's telephone"),
            "safety_phone",
            safety_officer,
            False,
            "13900000000",
            ("安全员电话", "安全管理人员联系电话"),
        ),
    )
    for key, heading, accessor, adds, hidden, example, aliases in people:
        is_phone = accessor.endswith("_phone")
        yield Column(
            key,
            heading,
            accessor,
            adds=adds,
            width=18 if is_phone else 14,
            css="rr-fit" if is_phone else "",
            hidden=hidden,
            personal=True,
            mask=mask_phone if is_phone else mask_name,
            clean=cleaners.phone if is_phone else cleaners.text(40),
            example=example,
            aliases=aliases,
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
                aliases=("单位名称", "企业名称", "企业单位名称", "机构名称", "场所名称"),
            ),
            Column("code", _("Credit or temporary code"), "code", width=22, css="rr-fit"),
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
                aliases=("信用代码", "社会信用代码", "统一信用代码"),
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
                aliases=("单位类别", "企业类别", "主类别"),
            ),
            Column(
                "further",
                _("Further categories"),
                _further_names,
                adds=_with_further,
                width=24,
                hidden=True,
                clean_for=roster.further_cleaner,
                show_for=roster.category_shower,
                blank=[],
                example="公众聚集场所",
                aliases=("其他类别", "兼属类别"),
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
                aliases=("县区", "区县", "所在板块", "板块"),
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
                aliases=("乡镇", "镇", "街道", "所属镇街", "属地"),
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
                aliases=("详细地址", "单位地址", "经营地址"),
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
                aliases=("从业人员", "从业人数", "员工人数", "职工人数"),
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
            ),
        ),
    )
)
