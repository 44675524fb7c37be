"""The sheet of departments: what they are called and how to reach them; their areas and lines stand fixed."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.enums import DepartmentKind, RegionLevel
from enterprises.interfaces.columns import name_of, names_in_lines, several
from enterprises.models import Department
from enterprises.queries.accounts import departments_for_user
from enterprises.rules import is_chief, is_operator
from riskreport.ground.sheets import Column, Importer, Sheet, cleaners, register_sheet
from riskreport.ground.sheets.importer import Said, Values

DEPARTMENTS = "departments"
opens_departments = is_chief | is_operator


_areas = several("areas", Department.areas.through.objects.all, parent="department", code="region_id",
                 path="region__display_name")  # fmt: skip


def remarks(user: Any) -> Callable[[Values, Values | None], Iterable[Said]]:
    """Return the one rule across a row: a file changes departments and makes none."""

    def judge(values: Values, standing: Values | None) -> Iterator[Said]:
        if standing is None:
            yield "code", _("the code of a department in the list; new departments come with the reference data")

    return judge


register_sheet(
    Sheet(
        name=DEPARTMENTS,
        title=_l("Departments"),
        rows=departments_for_user,
        rule=opens_departments,
        order="code",
        importer=Importer(
            rule=is_chief,
            model=Department,
            keys=(("code",),),
            standing=departments_for_user,
            remarks=remarks,
            version="",
            event="departments.imported",
        ),
        columns=(
            Column("name", _l("Name"), "name", width=30, css="rr-wide", sort="name", clean=cleaners.text(80),
                   required=True, example="昆山市民政局",
                   aliases=("部门名称", "单位名称", "机构名称", "部门全称")),
            Column("code", _l("Code"), "code", width=20, css="rr-fit", sort="code", clean=cleaners.text(40),
                   required=True, example="civil-320583",
                   aliases=("部门代码", "部门编码", "编码")),
            Column("short_name", _l("Short name"), "short_name", width=18, clean=cleaners.text(40), example="昆山民政",
                   aliases=("部门简称",)),
            Column("kind", _l("Kind"), "kind", kind="choice", choices=DepartmentKind, width=16),
            Column("level", _l("Level"), "level", kind="choice", choices=RegionLevel, width=14),
            Column("line", _l("Line"), "line_label", adds=name_of("line", "line__name"), width=16),
            Column("areas", _l("Areas"), "areas_lines", names_in_lines, adds=_areas, width=24),
            Column("phone", _l("Telephone"), "phone", width=18, css="rr-fit", clean=cleaners.phone,
                   example="0512-57300000",
                   aliases=("电话", "办公电话", "值班电话", "联系方式")),
        ),
    )
)  # fmt: skip
