"""The items of a keeper's drafts as a sheet: on screen, as a workbook, and back from one.

A row is named by the short name of its catalogue and its code, so that one file may hold several drafts. Lists stand in
one cell, a line each. What is taken in goes into drafts alone: a published version never changes.
"""

from collections.abc import Callable, Iterable
from typing import Any

import django_filters as filters
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.interfaces.columns import codes_in_lines, in_language, several
from enterprises.models import User
from enterprises.queries.taxonomy import categories_in_force
from riskreport.ground.sheets import Column, Importer, Links, Sheet, Written, register_sheet
from riskreport.ground.sheets.cleaners import Wrong, choice, text
from riskreport.ground.sheets.importer import Said, Values
from riskreport.ground.ui.badges import level_badge
from risks.domain.drafts import follow_import
from risks.enums import CatalogueState, MeasureClass
from risks.interfaces.draft_item_form import LEVELS
from risks.interfaces.words import measures_in_words
from risks.models import AccidentType, CatalogueItem
from risks.queries.catalogue_pages import named_in
from risks.queries.drafts import drafts_kept_by
from risks.rules import keeps_catalogues

LOWERING = ((True, _l("Yes")), (False, _l("No")))


def items_kept_by(user: User) -> QuerySet[CatalogueItem]:
    """Return the items of the drafts a person keeps."""
    return CatalogueItem.objects.filter(catalogue__in=drafts_kept_by(user))


def items_written_by(user: User) -> QuerySet[CatalogueItem]:
    """Return the items a person may write: those of drafts that are not fixed for a day."""
    return items_kept_by(user).filter(catalogue__state=CatalogueState.DRAFT)


class ItemFilter(filters.FilterSet):
    """One draft, or all that the person keeps."""

    catalogue = filters.ChoiceFilter(label=_l("Catalogue"), field_name="catalogue_id", empty_label=_l("All"))

    class Meta:
        model = CatalogueItem
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drafts = drafts_kept_by(self.request.user).order_by("key")
        self.form.fields["catalogue"].choices = [(row.pk, row.label) for row in drafts]


# --- cells ----------------------------------------------------------------------------------------------------------
def lines(most: int) -> Callable[[str], list[str]]:
    """A list, a line each, of at most ``most`` characters altogether."""

    def clean(value: str) -> list[str]:
        return [line.strip() for line in text(most)(value).split("\n") if line.strip()]

    return clean


def _words(value: str, known: dict[str, str]) -> Iterable[str]:
    """The lines, and what stands between 、 in a line; a name that has one in itself stays whole behind its code."""
    for line in value.split("\n"):
        first = line.strip().split(" ")[0]
        yield from [line] if line.strip() in known or first in known else line.split("、")


def codes(known: dict[str, str], wanted: str) -> Callable[[str], list[str]]:
    """A list of codes, a line each in the order given; each may be written as code, name, or both."""

    def clean(value: str) -> list[str]:
        found = []
        for word in filter(None, map(str.strip, _words(value, known))):
            code = known.get(word) or known.get(word.split(" ")[0])
            if code is None:
                raise Wrong(wanted)
            if code not in found:
                found.append(code)
        return found

    return clean


def _catalogue_in_words(key: str, title: str, title_en: str) -> str:
    """A catalogue by its name with the short name, which tells drafts of one name apart."""
    return _("%(title)s (%(key)s)") % {"title": in_language(title, title_en), "key": key}


def _drafts_of(user: User) -> Callable[[str], int]:
    rows = list(drafts_kept_by(user).filter(state=CatalogueState.DRAFT))
    known = {row.key: row.pk for row in rows}

    def clean(value: str) -> int:
        """Take the short name, alone or behind the name in brackets."""
        key = value.replace("（", "(").replace("）", ")").rpartition("(")[2].rstrip(") ")
        if key not in known:
            raise Wrong(_("the short name of a draft you keep: %(offered)s") % {"offered": "、".join(sorted(known))})
        return known[key]

    return clean


def _categories_of(user: User) -> Callable[[str], list[str]]:
    rows = list(categories_in_force())
    known = {row.pk: row.pk for row in rows} | {row.name: row.pk for row in rows}
    clean = codes(known, _("category codes like 1401, one a line"))
    return lambda value: sorted(clean(value))


def _accidents_of(user: User) -> Callable[[str], list[str]]:
    rows = list(AccidentType.objects.all())
    known = {row.pk: row.pk for row in rows} | {row.name: row.pk for row in rows}
    return codes(known, _("accident types by code or name, the main one first, one a line"))


def _measures(kind: MeasureClass) -> Callable[[dict[str, list[str]]], str]:
    return lambda measures: "\n".join(measures.get(kind.value, []))


def _named(key: str, entries: list[dict]) -> str:
    """The name of a group or part among those of its catalogue."""
    return next((named_in(entry) for entry in entries if entry["key"] == key), key)


_with_categories = several(
    "categories",
    CatalogueItem.categories.through.objects.all,
    parent="catalogueitem",
    code="category_id",
    path="category__name",
)


# --- rows -----------------------------------------------------------------------------------------------------------
def _keys_of(entries: Iterable[dict]) -> dict[str, str]:
    """Every word by which a group or part is known → its key."""
    return {word: entry["key"] for entry in entries for word in (entry["key"], entry["name"], entry["name_en"]) if word}


def _places_of(user: User) -> dict[int, dict[str, dict[str, str]]]:
    rows = drafts_kept_by(user).only("pk", "groups", "parts")
    return {row.pk: {"group": _keys_of(row.groups), "part": _keys_of(row.parts)} for row in rows}


def _prepare(user: User) -> Callable[[Values, Values | None], Values]:
    """Turn names of groups and parts into keys, the five columns of measures into one value; new items stand last."""
    places = _places_of(user)
    classes = set(MeasureClass.values)
    last = dict(items_written_by(user).order_by().values_list("catalogue").annotate(n=Max("order")))

    def prepare(values: Values, standing: Values | None) -> Values:
        ready = {key: value for key, value in values.items() if key not in classes}
        known = places.get(values.get("catalogue"), {})  # type: ignore[arg-type]
        for name in ("group", "part"):
            if name in ready:
                words = known.get(name, {})
                ready[name] = words.get(ready[name], ready[name]) if ready[name] else next(iter(words.values()), "")
        former = standing["measures"] if standing else dict.fromkeys(MeasureClass.values, ())
        given = {
            kind: values[kind] for kind in MeasureClass.values if values.get(kind) or kind in {*former} & {*values}
        }
        ready["measures"] = {kind: list(texts) for kind, texts in (former | given).items()}
        if standing is None:
            ready["order"] = last[ready["catalogue"]] = last.get(ready["catalogue"], 0) + 1
        return ready

    return prepare


def _remarks(user: User) -> Callable[[Values, Values | None], Iterable[Said]]:
    places = _places_of(user)

    def remarks(values: Values, standing: Values | None) -> Iterable[Said]:
        known = places.get(values.get("catalogue"), {})  # type: ignore[arg-type]
        for name in ("group", "part"):
            keys = set(known.get(name, {}).values())
            if name in values and values[name] not in keys:
                yield name, _("one of: %(offered)s") % {"offered": "、".join(sorted(known.get(name, {})))}

    return remarks


def _announce(written: Iterable[Written], user: User) -> None:
    follow_import(item_ids=[row.pk for row in written])


def _item_url(row: CatalogueItem) -> str:
    return reverse("draft_item", args=[row.catalogue_id, row.pk])


def _draw_level(row: CatalogueItem, value: str) -> str:
    return level_badge(row.level, short=True)


MEASURE_WORDS = {
    MeasureClass.ENGINEERING: ("工程技术", "工程控制措施", "技术措施"),
    MeasureClass.MANAGEMENT: ("管理控制措施", "管理制度措施"),
    MeasureClass.TRAINING: ("培训教育措施", "教育培训", "培训措施"),
    MeasureClass.PROTECTION: ("个体防护", "个人防护措施"),
    MeasureClass.EMERGENCY: ("应急措施", "应急处置"),
}


def _measure_column(kind: MeasureClass) -> Column:
    return Column(
        kind.value,
        kind.label,
        "measures",
        _measures(kind),
        width=40,
        css="rr-wide",
        hidden=True,
        clean=lines(800),
        blank=[],
        note=_l("1 to 3 measures, one a line."),
        aliases=MEASURE_WORDS.get(kind, ()),
    )


register_sheet(
    Sheet(
        name="catalogue_items",
        title=_l("Items of catalogue drafts"),
        rows=items_kept_by,
        rule=keeps_catalogues,
        filterset=ItemFilter,
        empty_title=_l("No item in a draft"),
        empty_text=_l("Open a draft first; its items can then be written or brought in from a sheet."),
        columns=(
            Column("code", _l("Item code"), "code", width=12, css="rr-fit", link=_item_url, clean=text(12),
                   required=True, example="MZ-01",
                   aliases=("编号", "条目代码", "目录编号", "风险编号")),
            Column("name", _l("Name in Chinese"), "name", width=30, css="rr-wide", clean=text(30), required=True,
                   example="居室火灾",
                   aliases=("名称", "风险名称", "条目名称", "较大以上风险名称")),
            Column("catalogue", _l("Catalogue (short name)"),
                   ("catalogue__key", "catalogue__title", "catalogue__title_en"), _catalogue_in_words, width=30,
                   clean_for=_drafts_of, required=True, example="civil",
                   aliases=("目录", "风险目录", "目录名称")),
            Column("level", _l("Risk level"), "level", kind="choice", choices=tuple(LEVELS), width=10, draw=_draw_level,
                   clean_for=choice(tuple(LEVELS)), required=True,
                   aliases=("等级", "风险级别", "最低等级")),
            Column("group", _l("Group"), ("group", "catalogue__groups"), _named, width=20, clean=text(60),
                   required=True,
                   aliases=("组别", "分类", "风险分类")),
            Column("part", _l("Part"), ("part", "catalogue__parts"), _named, width=20, hidden=True, clean=text(60)),
            Column("categories", _l("Asked of these categories"), "categories_lines", codes_in_lines,
                   adds=_with_categories, width=24, clean_for=_categories_of, blank=[], example="1401",
                   note=_l("Category codes, one a line."),
                   aliases=("适用单位类别", "适用范围", "类别代码")),
            Column("place", _l("Place"), "place", width=30, css="rr-wide", clean=text(120),
                   aliases=("场所部位", "场所部位环节", "部位", "位置", "风险部位")),
            Column("look_for", _l("What to look for"), "look_for", "\n".join, width=50, css="rr-wide", hidden=True,
                   clean=lines(800), blank=[], note=_l("2 to 4 things, one a line."),
                   aliases=("检查要点", "辨识要点", "排查内容", "辨识内容")),
            Column("accidents", _l("Accident types"), "accident_types", "\n".join, width=12, hidden=True,
                   clean_for=_accidents_of, blank=[], example="08", note=_l("Codes or names, the main one first."),
                   aliases=("事故类别", "可能导致的事故类型", "可能发生的事故类型", "主要事故类型")),
            Column("consequence", _l("Consequence"), "consequence", width=40, css="rr-wide", hidden=True,
                   clean=text(300),
                   aliases=("后果", "事故后果", "可能造成的后果")),
            Column("may_be_lowered", _l("May a unit rate it lower?"), "may_be_lowered", kind="choice", choices=LOWERING,
                   width=10, clean_for=choice(LOWERING), blank=True),
            *map(_measure_column, MeasureClass),
            Column("measures", _l("All measures in one cell"), "measures", measures_in_words, width=60, hidden=True,
                   clean=text(8000),
                   note=_l("Only to read: the five columns of measures are what counts.")),
            Column("basis", _l("Basis"), "basis", width=30, hidden=True, clean=text(1000),
                   aliases=("辨识依据", "判定依据", "法规依据", "依据文件", "法律法规依据")),
            Column("name_en", _l("Name in English"), "name_en", width=30, hidden=True, clean=text(120)),
        ),
        importer=Importer(
            rule=keeps_catalogues,
            model=CatalogueItem,
            keys=(("catalogue", "code"),),
            standing=items_written_by,
            fields={"catalogue": "catalogue_id", "accidents": "accident_types"},
            columns_only=frozenset(MeasureClass.values),
            links=(Links("categories", CatalogueItem.categories.through, "catalogueitem_id", "category_id"),),
            prepare=_prepare,
            remarks=_remarks,
            version="edit_version",
            event="catalogue.imported",
            announce=_announce,
        ),
    )
)  # fmt: skip
