"""The risk ledger and the catalogues as sheets: 较大以上风险清单, one declaration for screen, filters and export."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.interfaces.codes import unit_code_for
from enterprises.interfaces.columns import UNIT_CODES, first_of, in_language, name_of
from enterprises.models import User
from enterprises.rules import reads_business
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.sheets.cleaners import choice, phone, text, whole
from riskreport.ground.sheets.values import mask_phone
from riskreport.ground.ui.addresses import row_address
from riskreport.ground.ui.badges import level_badge
from risks.enums import Level, Rank, RiskState
from risks.interfaces import items_sheet  # noqa: F401  registers its sheet
from risks.interfaces.cleaners import accident_for, accident_names, clean_measures, measures_shown
from risks.interfaces.filters import CatalogueFilter, RiskFilter
from risks.interfaces.words import measures_in_words
from risks.models import Catalogue, Risk
from risks.queries.catalogues import catalogues_for_user
from risks.queries.scope import risks_for_user

NAMED_LEVELS = tuple((level.value, level.label) for level in Level)


def _draw_level(row: Risk, value: str) -> str:
    return level_badge(row.level, short=True)


def is_own(user: User) -> bool:
    """Whether the person belongs to the enterprise whose rows are listed: its own telephones are not hidden from it."""
    return user.enterprise_id is not None


register_sheet(
    Sheet(
        name="risks",
        title=_("Risk ledger: larger and above"),
        rows=risks_for_user,
        rule=reads_business,
        filterset=RiskFilter,
        order="-level",  # major before larger: the ledger holds no others
        reads_personal=is_own,
        empty_title=_("No larger-and-above risks in the ledger yet"),
        empty_text=_("Risks enter the ledger when a final report is filed."),
        columns=(
            Column(
                "name", _("Risk"), "name", width=30, css="rr-wide", sort="name", link=row_address("risk"),
                required=True, clean=text(120), example=_("fire in the residents' building"),
                aliases=("风险名称", "较大以上风险名称", "安全风险名称", "较大以上风险", "风险事项"),
            ),
            Column(
                "level", _("Risk level"), "level", kind="choice", choices=NAMED_LEVELS, width=10, sort="level",
                draw=_draw_level, clean_for=choice(NAMED_LEVELS),
                aliases=("等级", "风险级别", "安全风险等级", "管控等级"),
            ),
            Column(
                "unit", _("Enterprise"), "enterprise__name", width=36,
                css="rr-wide", sort="enterprise__name",
            ),
            Column(
                "code", _("Unit's credit or temporary code"), UNIT_CODES, first_of, width=22,
                hidden=True, required=True, clean_for=unit_code_for, example="91320583MA1M9X0R6P",
                aliases=("统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "临时代码", "单位信用代码"),
            ),
            Column("point", _("Risk point"), "point", width=20, hidden=True, clean=text(120),
                   aliases=("风险点名称", "风险点位")),
            Column(
                "place", _("Place"), "place", width=26, css="rr-wide", required=True, clean=text(120),
                example=_("second floor, east wing"),
                aliases=("场所部位", "场所部位环节", "所在场所", "所在部位", "部位", "位置", "所在位置", "具体位置"),
            ),
            Column(
                "accident", _("Accident type"), "accident_label", adds=name_of("accident", "accident_type__name"),
                width=14, css="rr-fit", sort="accident_type_id", clean_for=accident_for, blank=None,
                offers=accident_names,
                aliases=("事故类别", "可能导致的事故类型", "可能发生的事故类型", "易发事故类型", "主要事故类型"),
            ),
            Column(
                "category", _("Category"), "category_label", adds=name_of("category"), width=20, hidden=True,
                sort="category_id",
            ),
            Column("sector", _("Sector"), "sector_label", adds=name_of("sector"), width=20, hidden=True),
            Column(
                "county", pgettext_lazy("column", "District"), "county_label", adds=name_of("county"), width=14,
                css="rr-fit", sort="town_id",
            ),
            Column("town", _("Town or street"), "town_label", adds=name_of("town"), width=16, hidden=True),
            Column(
                "person", _("Responsible person"), "responsible_name", width=14, css="rr-fit", clean=text(40),
                aliases=("责任人", "管控责任人", "包保人", "包保责任人姓名", "责任人姓名"),
            ),
            Column(
                "rank", _("Rank"), "rank", kind="choice", choices=Rank, width=14, hidden=True,
                clean_for=choice(Rank),
                aliases=("责任人职级", "职级类别"),
            ),
            Column("post", _("Post"), "responsible_post", width=16, hidden=True, clean=text(40),
                   aliases=("岗位", "职务岗位", "责任人职务")),
            Column(
                "phone", _("Telephone"), "responsible_phone", width=16, css="rr-fit", personal=True, mask=mask_phone,
                clean=phone,
                aliases=("电话", "责任人电话", "责任人联系电话", "包保责任人电话", "联系方式", "手机号", "手机号码"),
            ),
            Column(
                "measures", _("Measures"), "measures", measures_in_words, width=60, css="rr-wide", hidden=True,
                clean=clean_measures, blank={}, show_for=measures_shown,
                aliases=("主要管控措施", "控制措施", "防控措施", "安全措施", "管控措施", "主要措施"),
            ),
            Column("consequence", _("Consequence"), "consequence", width=40, hidden=True, clean=text(2000),
                   aliases=("后果", "事故后果", "可能造成的后果", "可能导致的后果")),
            Column(
                "recorded", _("In the ledger since"), "recorded_on", kind="date", width=12, hidden=True,
                sort="recorded_on",
            ),
            Column("state", _("Still there"), "state", kind="choice", choices=RiskState, width=10, hidden=True),
            Column("closed", _("Removed on"), "closed_on", kind="date", width=12, hidden=True, sort="closed_on"),
            Column(
                "number", _("Ledger number"), "pk", kind="int", width=12, hidden=True, clean=whole(1, 10**12),
                blank=None, note=_("Leave it as the export gave it; a new risk has none."),
            ),
        ),
    )
)  # fmt: skip


def _with_items_counted(rows: QuerySet[Catalogue]) -> QuerySet[Catalogue]:
    return rows.annotate(item_count=Count("items", distinct=True))


register_sheet(
    Sheet(
        name="catalogues",
        title=_("Risk catalogues"),
        rows=catalogues_for_user,
        rule=reads_business,
        filterset=CatalogueFilter,
        empty_title=_("No catalogue for you yet"),
        empty_text=_("The lead department of your sector publishes its catalogue here."),
        columns=(
            Column(
                "title",
                _("Title"),
                ("title", "title_en"),
                in_language,
                width=40,
                css="rr-wide",
                sort="title",
                link=row_address("catalogue"),
            ),
            Column(
                "line", _("Lead department"), "line_label", adds=name_of("line", "line__name"), width=20, sort="line_id"
            ),
            Column("sector", _("Sector"), "sector_label", adds=name_of("sector", "sector__name"), width=20),
            Column("items", _("Items"), "item_count", kind="int", width=8, adds=_with_items_counted),
            Column("version", _("Version"), "version", kind="int", width=8, sort="version"),
            Column("published", _("Published on"), "published_on", kind="date", width=12, sort="published_on"),
            Column("note", _("Note"), "note", width=40),
        ),
    )
)
