"""Reading a list of units that came from elsewhere: whatever its columns are called, those known here are taken."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from enterprises.checks import credit_code
from enterprises.checks.matching import Entry
from enterprises.domain.reconciling import FIELDS, ReadList
from enterprises.enums import RegionLevel, Scale
from enterprises.models import Category, Region, User
from enterprises.queries.scope import Scope, scope_for
from riskreport.ground.imports.headings import skipped_worksheets
from riskreport.ground.imports.reading import FileRefused, read_file, rows_of
from riskreport.ground.reader.cells import folded
from riskreport.ground.sheets import get_sheet
from riskreport.ground.sheets.cleaners import words_in_every_language

NAMES = {
    "name": (
        "单位名称",
        "企业名称",
        "机构名称",
        "场所名称",
        "市场主体名称",
        "经营主体名称",
        "企业（机构）名称",
        "unit",
    ),
    "code": ("统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "credit code", "代码"),
    "category": ("行业类别", "单位类别", "类"),
    "town": (
        "乡镇",
        "街道",
        "镇",
        "乡镇街道",
        "镇（街道）",
        "镇(街道)",
        "所属乡镇",
        "所属街道",
        "属地",
        "所在乡镇街道",
    ),
    "address": ("单位地址", "企业地址", "住所", "经营场所", "注册地址", "经营地址", "住所（经营场所）", "详细地址"),
    "scale": ("规上规下", "规模类型"),
}
MOST = {"name": 120, "address": 200}


def read_list(*, path: str, user: User, alive: Callable[[], None]) -> ReadList:
    """Read a kept file of units in the reader's own process.

    Raises FileRefused, with a sentence, for a file that cannot be read or that names neither names nor codes of units.
    """
    known = _known_headings()
    with tempfile.TemporaryDirectory(dir=settings.MEDIA_ROOT) as folder:
        rows = Path(folder, "rows")
        kept = Path(settings.MEDIA_ROOT, path)
        ask = {"file": str(kept), "out": str(rows), "known": sorted(known), "skip": skipped_worksheets()}
        answer = read_file(ask, alive=alive)
        columns = _columns(answer["headings"], known)
        if not {"name", "code"} & columns.keys():
            raise FileRefused(
                _("No column with names or credit codes was found. The headings are: %(found)s. Name one “%(wanted)s”.")
                % {"found": "、".join(filter(None, answer["headings"])), "wanted": "单位名称"}
            )
        return _taken(rows, columns, Cleaning(user))


def _known_headings() -> dict[str, str]:
    """Return the column's key of every heading that is understood: those of our own roster, and what others say."""
    known: dict[str, str] = {}
    sheet = get_sheet("enterprises")
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {folded(str(sheet.by_key[key].heading)): key for key in FIELDS}
    for key, names in NAMES.items():
        for name in names:
            known.setdefault(folded(name), key)
    return known


def _columns(headings: list[str], known: dict[str, str]) -> dict[str, int]:
    """Return the place of each column that the file has; of two of one kind the first counts."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        key = known.get(folded(heading))
        if key:
            found.setdefault(key, place)
    return found


def _taken(rows: Path, columns: dict[str, int], cleaning: "Cleaning") -> ReadList:
    read, outside = ReadList(fields=set(columns)), 0
    for batch in rows_of(str(rows)):
        for number, *cells in batch:
            values, said, is_outside = cleaning.clean({key: cells[place] for key, place in columns.items()})
            outside += is_outside
            read.remarks += [(number, text) for text in said]
            if is_outside:
                continue
            if values.get("name") or values.get("code"):
                read.entries.append(Entry(number, values))
            else:
                read.remarks.append((number, _("The row has neither a name nor a code and was left out.")))
    if outside:
        read.remarks.append((0, _("%(count)s rows lie outside your area and were left out.") % {"count": outside}))
    return read


class Cleaning:
    """Brings the cells of a row into the form in which the roster keeps them."""

    def __init__(self, user: User) -> None:
        scope = scope_for(user)
        self.towns, self.others = _towns(scope)
        self.categories = _categories()
        self.scales = words_in_every_language(Scale)

    def clean(self, cells: dict[str, str]) -> tuple[dict[str, Any], list[str], bool]:
        """Return values, sentences of what could not be taken as it stands, and whether the row lies elsewhere."""
        values: dict[str, Any] = {key: cells.get(key, "")[:most] for key, most in MOST.items() if key in cells}
        said: list[str] = []
        if code := credit_code.normalise(cells.get("code", "")):
            values["code"] = code
            if len(code) > 12 and (wrong := credit_code.problem_with(code)):
                said.append(wrong)
        if town := folded(cells.get("town", "")):
            if town in self.others:
                return values, [], True
            values["town"] = self.towns.get(town)
            if values["town"] is None:
                said.append(_("The town “%(town)s” is not known; it was not compared.") % {"town": cells["town"]})
        for key, known in (("category", self.categories), ("scale", self.scales)):
            if cells.get(key):
                values[key] = known.get(folded(cells[key]))
        return {key: value for key, value in values.items() if value}, said, False


def _towns(scope: Scope) -> tuple[dict[str, int], set[str]]:
    """Return the towns of the scope by name, and the names that towns outside of it alone have.

    A name that two towns of the scope share stands for neither.
    """
    own: dict[str, int | None] = {}
    others = set()
    rows = Region.objects.filter(level=RegionLevel.TOWN).values_list("code", "name", "display_name", "name_en")
    for code, *names in rows:
        for name in {folded(name) for name in (*names, str(code)) if name}:
            if any(low <= code <= high for low, high in scope.ranges):
                own[name] = None if name in own else code
            else:
                others.add(name)
    return {name: code for name, code in own.items() if code}, others - own.keys()


def _categories() -> dict[str, str]:
    rows = Category.objects.values_list("code", "name", "name_en")
    return {folded(name): code for code, *names in rows for name in (*names, code) if name}
