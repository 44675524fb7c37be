"""The cells of the roster of enterprises (底数清单): what their texts become, for the person who imports."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.checks import credit_code
from enterprises.enums import Lifecycle, RegionLevel, Role, Scale
from enterprises.models import Category, Enterprise, Region
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.scope import scope_for
from riskreport.ground.reader.cells import folded
from riskreport.ground.sheets.cleaners import Cleaner, Wrong, several

MOST_OFFERED = 8
GRADES = {1: _l("Grade one"), 2: _l("Grade two"), 3: _l("Grade three")}
# What departments' own lists write for it.
GRADE_WORDS = {"一级": 1, "二级": 2, "三级": 3, "无": None, "未评级": None, "未创建": None}
SCALE_WORDS = {"规模以上": Scale.ABOVE.value, "规模以下": Scale.BELOW.value, "无": Scale.UNSCALED.value}
LIFECYCLE_WORDS = {
    "正常": Lifecycle.ACTIVE.value,
    "在营": Lifecycle.ACTIVE.value,
    "营业": Lifecycle.ACTIVE.value,
    "停业": Lifecycle.SUSPENDED.value,
    "歇业": Lifecycle.SUSPENDED.value,
    "关停": Lifecycle.CLOSED.value,
    "注销": Lifecycle.WRITTEN_OFF.value,
}


def kept_categories(user: Any) -> list[Category]:
    """Return the categories whose units the person keeps: those their line leads; the office keeps all."""
    rows = Category.objects.filter(retired_on=None).order_by("code")
    return list(rows if user.role == Role.OFFICE else rows.filter(lead=user.department.line_id))


def kept_enterprises(user: Any) -> QuerySet[Enterprise]:
    """Return the enterprises the person keeps: their categories within their area."""
    categories = [row.code for row in kept_categories(user)]
    return Enterprise.objects.filter(scope_for(user).area_q(), category__in=categories)


def clean_credit_code(value: str) -> str:
    """A unified social credit code, whatever way it was typed."""
    problem = credit_code.problem_with(value)
    if problem:
        raise Wrong(problem)
    return credit_code.normalise(value)


def clean_temporary_code(value: str) -> str:
    """A temporary code as the system gives them: LS and eleven digits."""
    code = credit_code.normalise(value)
    if not (code.startswith("LS") and code[2:].isdigit() and len(code) == 13):
        raise Wrong(_("a temporary code the system gave: LS and 11 digits. Leave the cell empty to get one"))
    return code


def category_cleaner(user: Any) -> Cleaner:
    """One of the categories the person keeps, by name in either language or by code."""
    kept = kept_categories(user)
    return _named_cleaner(kept, _("one of your categories: %(names)s") % {"names": _some(kept)})


def further_cleaner(user: Any) -> Cleaner:
    """Any categories, between 、 or commas."""
    return several(_named_cleaner(Category.objects.order_by("code"), _("names of categories, with 、 between them")))


def _named_cleaner(rows: Iterable[Category], wanted: str) -> Cleaner:
    known = {folded(word): row.code for row in rows for word in (row.code, row.name, row.name_en) if word}

    def clean(value: str) -> str:
        found = known.get(folded(value))
        if found is None:
            raise Wrong(wanted)
        return found

    return clean


def category_words(user: Any) -> Sequence[str]:
    """The words of the template's drop-down."""
    return [row.label for row in kept_categories(user)]


def towns_of(user: Any) -> list[Region]:
    """Return the towns of the person's area."""
    rows = Region.objects.filter(level=RegionLevel.TOWN).select_related("parent").order_by("order", "code")
    return list(rows.filter(scope_for(user).area_q("code")))


def town_words(user: Any) -> Sequence[str]:
    """The words of the template's drop-down."""
    return [row.label for row in towns_of(user)]


def town_cleaner(user: Any) -> Cleaner:
    """A town of the person's area: by name, by county and town together, or by its code."""
    towns = towns_of(user)
    known: dict[str, set[int]] = {}
    for town in towns:
        for word in _town_words(town):
            known.setdefault(folded(word), set()).add(town.pk)
    some = "、".join(town.label for town in towns[:3])
    wanted = _("a town or street of your area, as the template's list writes it, for example %(names)s") % {
        "names": some
    }
    double = _("the town with its county, because several are called so: %(example)s") % {
        "example": f"{towns[0].parent.name}{towns[0].name}" if towns else ""
    }

    def clean(value: str) -> int:
        found = known.get(folded(value), set())
        if len(found) != 1:
            raise Wrong(double if found else wanted)
        return next(iter(found))

    return clean


def towns_wanted(user: Any) -> Callable[[Mapping[str, Any]], str]:
    """Return what names towns of the county that the row itself says, where that lies in the person's area."""
    of_county: dict[int, list[str]] = {}
    for town in towns_of(user):
        of_county.setdefault(town.pk // COUNTY_DIVISOR, []).append(town.label)

    def wanted(values: Mapping[str, Any]) -> str:
        names = of_county.get(values.get("county") or 0)
        return (
            _("a town or street of the county in the same row, for example %(names)s") % {"names": "、".join(names[:3])}
            if names
            else ""
        )

    return wanted


def _town_words(town: Region) -> Iterator[str]:
    own = [word for word in (town.name, town.display_name, town.name_en) if word]
    yield str(town.pk)
    yield from own
    for county in (town.parent.name, town.parent.display_name):
        for word in own:
            yield f"{county}{word}"
            yield f"{county}/{word}"


def county_cleaner(user: Any) -> Cleaner:
    """A district or county-level city, by name or code."""
    rows = Region.objects.filter(level=RegionLevel.COUNTY)
    known = {folded(str(word)): row.pk for row in rows for word in _county_words(row) if word}

    def clean(value: str) -> int:
        found = known.get(folded(value))
        if found is None:
            raise Wrong(_("a district or county-level city of the city"))
        return found

    return clean


def _county_words(row: Region) -> tuple:
    return (row.pk, row.name, row.display_name, row.name_en)


def category_shower(user: Any) -> Callable[[Any], str]:
    """Return what gives the name of a category, or of several, for their codes."""
    names = {row.code: row.label for row in Category.objects.all()}
    return lambda value: "、".join(names.get(code, code) for code in (value if isinstance(value, list) else [value]))


def region_shower(user: Any) -> Callable[[Any], str]:
    """Return what gives the name of a town or county for its code."""
    names = {row.pk: row.label for row in Region.objects.all()}
    return lambda value: names.get(value, str(value))


def clean_trade_code(value: str) -> str:
    """A trade code of GB/T 4754: one letter and up to four digits, or the digits alone."""
    code = value.upper()
    digits = code[1:] if code[:1].isalpha() else code
    if not (digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 4):
        raise Wrong(_("a trade code of GB/T 4754: two to four digits, a letter may stand before them"))
    return code


def clean_employees(value: str) -> str:
    """A number of people, kept as the basic information keeps it."""
    if not (value.isascii() and value.isdigit() and len(value) <= 6):
        raise Wrong(_("a whole number of people"))
    return str(int(value))


def _some(rows: Sequence[Category]) -> str:
    names = "、".join(row.label for row in rows[:MOST_OFFERED])
    return names + (" …" if len(rows) > MOST_OFFERED else "")
