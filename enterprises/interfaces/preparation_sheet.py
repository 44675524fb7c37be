"""How far each department has prepared its line: its plan and its steps, one row a department."""

import django_filters as filters
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.enums import RegionLevel
from enterprises.interfaces.columns import in_language, name_of
from enterprises.models import Department, Line
from enterprises.queries.preparation import departments_readable_by, with_progress
from enterprises.rules import reads_business
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.ui.badges import status_badge

LEVELS = [(level.value, level.label) for level in (RegionLevel.CITY, RegionLevel.COUNTY)]


class PreparationFilter(filters.FilterSet):
    """Filters of the list: level and line."""

    level = filters.ChoiceFilter(label=pgettext_lazy("region", "Level"), choices=LEVELS, empty_label=_("All"))
    line = filters.ChoiceFilter(label=_("Line"), field_name="line_id", empty_label=_("All"))

    class Meta:
        model = Department
        fields: list[str] = []

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["line"].choices = [(row.pk, row.label) for row in Line.objects.all()]


def _department_url(row: Department) -> str:
    return reverse("department", args=[row.pk])


def _steps(done: int, count: int) -> str:
    return f"{done}/{count}" if count else ""


def _draw_steps(row: Department, value: str) -> str:
    if not row.steps_count:
        return ""
    return status_badge(value, "ok" if row.steps_done == row.steps_count else "accent")


register_sheet(
    Sheet(
        name="preparation",
        title=_("Plans and steps of departments"),
        rows=departments_readable_by,
        rule=reads_business,
        filterset=PreparationFilter,
        order="region",
        empty_title=_("No department yet"),
        empty_text=_("Departments put their implementation plan and their steps here."),
        columns=(
            Column("name", _("Department"), ("name", "name_en"), in_language, width=36, css="rr-wide",
                   link=_department_url),
            Column("region", pgettext_lazy("column", "Place"), "region_label",
                   adds=name_of("region", "region__display_name"), width=14, sort="region_id"),
            Column("plan", _("Implementation plan, version"), "plan_number", kind="int", width=10,
                   adds=with_progress),
            Column("plan_at", _("Uploaded"), "plan_at", kind="datetime", width=18, adds=with_progress),
            Column("steps", _("Steps done"), ("steps_done", "steps_count"), _steps, width=12, css="rr-fit",
                   draw=_draw_steps, adds=with_progress),
            Column("due", _("Next day due"), "next_due", kind="date", width=12, adds=with_progress),
            Column("line", _("Line"), "line_label", adds=name_of("line", "line__name"), width=20, hidden=True),
        ),
    )
)  # fmt: skip
