"""Training as sheets: the sessions, who came to them, which units are trained, the library of materials."""

from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.enums import RegionLevel, Scale
from enterprises.interfaces.codes import unit_code_for
from enterprises.interfaces.columns import UNIT_CODES, first_of, name_of, names_in_lines, several
from enterprises.models import Enterprise
from enterprises.queries.scope import enterprises_for_user
from enterprises.rules import is_official, may_read_phones
from review.enums import AttendanceWay, MaterialKind, MaterialLanguage, TrainingKind, TrainingState
from review.interfaces.training_filters import (
    TRAINED,
    AttendanceFilter,
    MaterialFilter,
    SessionFilter,
    TrainedUnitFilter,
)
from review.interfaces.training_import import ATTENDANCE_IMPORT, YES_NO, session_for
from review.models import TrainingAttendance, TrainingSession
from review.queries.materials import materials_for_user, with_last_version
from review.queries.training import attendances_for_user, is_trained, sessions_for_user
from review.rules import opens_filings, organises_training
from riskreport.ground import clock
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.sheets.cleaners import choice, phone, text
from riskreport.ground.sheets.values import mask_phone
from riskreport.ground.ui.addresses import row_address
from riskreport.ground.ui.badges import status_badge

TONES = {
    TrainingState.PLANNED: "neutral",
    TrainingState.OPEN: "accent",
    TrainingState.HELD: "ok",
    TrainingState.CANCELLED: "bad",
}


def _counted(name: str, condition: Q) -> Any:
    """Return what brings a count of a session's people: a question of a page's own rows."""

    def add(rows: QuerySet[TrainingSession]) -> QuerySet[TrainingSession]:
        people = TrainingAttendance.objects.filter(condition, session=OuterRef("pk")).order_by().values("session")
        return rows.annotate(**{name: Subquery(people.annotate(n=Count("*")).values("n"))})

    return add


def _or_none(count: int | None) -> int:
    return count or 0


def _left(capacity: int | None, people: int | None) -> int | None:
    return None if capacity is None else max(0, capacity - (people or 0))


def _names_or_all(lines: str | None) -> str:
    return names_in_lines(lines) or str(_("All categories"))


_signed = _counted("people", Q())
_came = _counted("came", Q(came=True))
_for_whom = several(
    "category", TrainingSession.categories.through.objects.all, parent="trainingsession", code="category_id",
    path="category__name",
)  # fmt: skip

register_sheet(
    Sheet(
        name="training_sessions",
        title=_("Training sessions"),
        rows=sessions_for_user,
        rule=opens_filings,
        filterset=SessionFilter,
        order="-starts",
        empty_title=_("No training sessions yet"),
        empty_text=_("Departments plan them here; units see them once sign-up is open."),
        columns=(
            Column("title", pgettext_lazy("training", "Session"), "title", width=36, css="rr-wide", sort="title",
                   link=row_address("training")),
            Column("state", _("Status"), "state", kind="choice", choices=TrainingState, width=14, css="rr-fit",
                   sort="state", draw=lambda row, value: status_badge(value, TONES[row.state])),
            Column("starts", pgettext_lazy("training", "Begins"), "starts_at", kind="datetime", width=18,
                   sort="starts_at"),
            Column("kind", pgettext_lazy("training", "Kind"), "kind", kind="choice", choices=TrainingKind, width=12,
                   css="rr-fit", sort="kind"),
            Column("department", _("Organised by"), "department_label",
                   adds=name_of("department", "department__name"), width=28, css="rr-wide"),
            Column("area", _("For units of"), "area_label", adds=name_of("area", "region__display_name"), width=14,
                   css="rr-fit", sort="region_id"),
            Column("categories", _("For categories"), "category_lines", _names_or_all, adds=_for_whom, width=30,
                   hidden=True),
            Column("capacity", pgettext_lazy("training", "Seats"), "capacity", kind="int", width=10, hidden=True),
            Column("people", pgettext_lazy("training", "Signed up"), "people", _or_none, adds=_signed, kind="int",
                   width=10),
            Column("left", _("Seats left"), ("capacity", "people"), _left, adds=_signed, kind="int", width=10,
                   hidden=True),
            Column("came", pgettext_lazy("training", "Came"), "came", _or_none, adds=_came, kind="int", width=10),
            Column("number", _("Session number"), "pk", kind="int", width=10, hidden=True),
            Column("level", pgettext_lazy("training", "Level"), "level", kind="choice", choices=RegionLevel,
                   width=16, hidden=True),
            Column("trainer", _("Trainer"), "trainer", width=16, hidden=True),
            Column("ends", pgettext_lazy("training", "Ends"), "ends_at", kind="datetime", width=18, hidden=True),
            Column("place", _("Place or address of the stream"), "place", width=36, hidden=True),
            Column("material", _("Material"), "material__title", width=30, hidden=True),
            Column("language", _("Language of the material"), "material__language", kind="choice",
                   choices=MaterialLanguage, width=12, hidden=True),
            Column("respects", _("Respects of the standard met"), "respects", len, kind="int", width=12, hidden=True),
            Column("held", _("Counts from"), "held_on", kind="date", width=12, sort="held_on", hidden=True),
        ),
    )
)  # fmt: skip


register_sheet(
    Sheet(
        name="training_people",
        title=_("People at training sessions"),
        rows=attendances_for_user,
        rule=organises_training,
        filterset=AttendanceFilter,
        reads_personal=lambda user: may_read_phones(user).allowed,
        importer=ATTENDANCE_IMPORT,
        empty_title=_("Nobody has signed up yet"),
        empty_text=_("People appear here when a unit signs them up, or when the organiser notes who came."),
        columns=(
            Column("name", _("Name of the person"), "name", width=14, css="rr-fit", required=True,
                   clean=text(40), example="孙建国",
                   aliases=("姓名", "参训人员", "参训人员姓名", "人员姓名", "签到人")),
            Column("unit", _("Enterprise"), "enterprise__name", width=36, css="rr-wide", sort="enterprise__name",
                   clean=text(120), aliases=("单位名称", "企业名称", "参训企业", "单位")),
            Column("phone", _("Telephone"), "phone", width=16, css="rr-fit", personal=True, mask=mask_phone,
                   clean=phone, example="13800000000", aliases=("电话", "手机", "手机号", "联系电话", "联系方式")),
            Column("came", pgettext_lazy("training", "Came"), "came", kind="bool", width=8, css="rr-fit",
                   required=True, clean_for=choice(YES_NO, also={"到": True, "已到": True, "√": True, "未到": False}),
                   example=_("Yes"), aliases=("是否到会", "到会", "签到", "到场", "是否参加")),
            Column("way", _("How it is known"), "way", kind="choice", choices=AttendanceWay, width=12, css="rr-fit"),
            Column("title", pgettext_lazy("training", "Session"), "session__title", width=36, css="rr-wide"),
            Column("begins", pgettext_lazy("training", "Begins"), "session__starts_at", kind="datetime", width=18),
            Column("session", _("Session number"), "session_id", kind="int", width=10, hidden=True, required=True,
                   clean_for=session_for, aliases=("场次", "培训编号", "培训场次编号")),
            Column("code", _("Credit code or temporary code"), UNIT_CODES, first_of, width=22, hidden=True,
                   required=True, clean_for=unit_code_for, example="91320583MA1M9X0R6P",
                   aliases=("统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "临时代码", "单位信用代码")),
            Column("county", pgettext_lazy("column", "District"), "county_label", width=14, hidden=True,
                   adds=name_of("county", "enterprise__town__parent__display_name")),
            Column("town", _("Town or street"), "town_label", width=16, hidden=True,
                   adds=name_of("town", "enterprise__town__display_name")),
            Column("category", _("Category"), "category_label", width=20, hidden=True,
                   adds=name_of("category", "enterprise__category__name")),
        ),
    )
)  # fmt: skip


TRAINED_TODAY = {True: (TRAINED["yes"], "ok"), False: (TRAINED["no"], "warn")}


def _with_training(rows: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """Bring how often and when people of the unit came last; only a page's own rows pay for it."""
    came = TrainingAttendance.objects.filter(
        enterprise=OuterRef("pk"), came=True, session__state=TrainingState.HELD, session__held_on__lte=clock.today()
    ).order_by().values("enterprise")  # fmt: skip
    return rows.annotate(
        people_came=Subquery(came.annotate(n=Count("*")).values("n")),
        last_on=Subquery(came.annotate(on=Max("session__held_on")).values("on")),
        trained_now=is_trained(clock.today()),
    )


register_sheet(
    Sheet(
        name="training_units",
        title=_("Units and their training"),
        rows=enterprises_for_user,
        rule=is_official,
        filterset=TrainedUnitFilter,
        optimise=lambda rows: rows.defer("profile"),
        empty_title=_("No enterprises in your area yet"),
        empty_text=_("The lead department draws up the roster; units appear here once they are entered."),
        columns=(
            Column("name", _("Name"), "name", width=36, css="rr-wide", sort="name", link=row_address("archive")),
            Column("trained", pgettext_lazy("training", "Trained by today"), "trained_now", kind="bool",
                   adds=_with_training, width=10, css="rr-fit",
                   draw=lambda row, value: status_badge(*TRAINED_TODAY[bool(value)])),
            Column("people", _("People trained"), "people_came", _or_none, adds=_with_training, kind="int", width=10),
            Column("last", _("Last trained on"), "last_on", adds=_with_training, kind="date", width=12),
            Column("category", _("Category"), "category_label", adds=name_of("category"), width=20,
                   sort="category_id"),
            Column("county", pgettext_lazy("column", "District"), "county_label", adds=name_of("county"), width=14,
                   css="rr-fit", sort="town_id"),
            Column("town", _("Town or street"), "town_label", adds=name_of("town"), width=16),
            Column("scale", _("Scale"), "scale", kind="choice", choices=Scale, width=10, hidden=True),
            Column("code", _("Credit code or temporary code"), ("credit_code", "temporary_code"), first_of, width=22,
                   hidden=True),
            Column("joined", _("Joined on"), "joined_on", kind="date", width=12, sort="joined_on", hidden=True),
        ),
    )
)  # fmt: skip


def _sector_or_all(label: str | None) -> str:
    return label or str(_("All sectors"))


def _in_use(withdrawn: Any) -> bool:
    return withdrawn is None


register_sheet(
    Sheet(
        name="materials",
        title=_("Training materials"),
        rows=materials_for_user,
        rule=opens_filings,
        filterset=MaterialFilter,
        order="title",
        empty_title=_("No materials yet"),
        empty_text=_("Departments put working procedures and courseware in here, in the languages they are taught in."),
        columns=(
            Column("title", pgettext_lazy("training", "Title"), "title", width=36, css="rr-wide", sort="title",
                   link=row_address("material")),
            Column("kind", pgettext_lazy("training", "Kind"), "kind", kind="choice", choices=MaterialKind, width=12,
                   css="rr-fit", sort="kind"),
            Column("language", _("Language"), "language", kind="choice", choices=MaterialLanguage, width=10,
                   css="rr-fit", sort="language"),
            Column("sector", _("For the sector"), "sector_label", _sector_or_all,
                   adds=name_of("sector", "sector__name"), width=20, sort="sector_id"),
            Column("department", _("Published by"), "department_label", adds=name_of("department", "department__name"),
                   width=28, css="rr-wide"),
            Column("number", _("Version"), "number", adds=with_last_version, kind="int", width=8),
            Column("published", _("Published at"), "published_at", adds=with_last_version, kind="datetime", width=18),
            Column("in_use", pgettext_lazy("material", "In use"), "withdrawn_at", _in_use, kind="bool", width=8,
                   css="rr-fit"),
        ),
    )
)  # fmt: skip
