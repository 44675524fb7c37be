"""The Excel template of a sheet: headings in the reader's language, drop-downs, codes as text, instructions."""

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from riskreport.ground.imports.checking import letter_of
from riskreport.ground.imports.reading import limits_in_words
from riskreport.ground.reader.guard import MOST_ROWS
from riskreport.ground.sheets.cleaners import words_of
from riskreport.ground.sheets.declaration import Column, Sheet
from riskreport.ground.sheets.workbook import worksheet_name
from riskreport.ground.sheets.writers import OPTIONS

SHORT_LIST = 200  # characters: Excel takes 255 in a rule itself, longer lists stand on a worksheet


def write_template(sheet: Sheet, user: Any) -> bytes:
    """Return the template as a workbook: the list to fill in, how to, and what the drop-downs offer."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {**OPTIONS, "in_memory": True, "constant_memory": False}) as book:
        formats = {
            "text": book.add_format({"num_format": "@"}),
            "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#F5F7FA", "text_wrap": True}),
            "must": book.add_format({"bold": True, "bottom": 1, "bg_color": "#DCE8F7", "text_wrap": True}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        page = book.add_worksheet(worksheet_name(str(sheet.title)))
        page.freeze_panes(1, 1)
        offers = {column.key: offered(column, user) for column in sheet.imported}
        for place, column in enumerate(sheet.imported):
            page.set_column(place, place, column.width, formats["text"])
            mark, form = ("*", formats["must"]) if column.required else ("", formats["head"])
            page.write_string(0, place, f"{mark}{column.heading}", form)
            if hint(column):
                page.write_comment(0, place, hint(column), {"x_scale": 1.6})
        _write_instructions(book, formats, sheet)
        _write_offers(book, page, sheet, offers)
    return target.getvalue()


def offered(column: Column, user: Any) -> list[str]:
    """Return the words of a column's drop-down."""
    if column.offers is not None:
        return list(column.offers(user))
    return list(words_of(column.choices).values()) if column.choices is not None else []


def hint(column: Column) -> str:
    """Return what a note on the heading says: how to fill the column in, and an example."""
    example = _("Example: %(example)s") % {"example": column.example} if column.example else ""
    return "\n".join(part for part in (str(column.note), example) if part)


def _write_instructions(book: Any, formats: dict, sheet: Sheet) -> None:
    page = book.add_worksheet(pgettext("workbook", "Instructions"))
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 12)
    page.set_column(2, 2, 70)
    lines = [
        _("One row for each entry. Columns marked * must be filled in for new entries."),
        _("A column may be left out; what stands in it stays. An empty cell empties what stands."),
        _("Write codes and telephones as they are; the cells are text, so zeros stay."),
        _("Dates: 2021-10-01, 2021/10/1 or 2021年10月1日."),
        limits_in_words(),
    ]
    for number, line in enumerate(lines):
        page.merge_range(number, 0, number, 2, line, formats["wrap"])
    top = len(lines) + 1
    page.write_row(top, 0, [_("Column"), _("Required"), _("How to fill it in")], formats["head"])
    for number, column in enumerate(sheet.imported, start=top + 1):
        page.write_string(number, 0, str(column.heading))
        page.write_string(number, 1, _("Yes") if column.required else "")
        page.write_string(number, 2, hint(column).replace("\n", " "), formats["wrap"])


def _write_offers(book: Any, page: Any, sheet: Sheet, offers: dict[str, list[str]]) -> None:
    """Give cells their drop-downs; several values in one cell are typed, so a rule only warns and never forbids."""
    long = {key: words for key, words in offers.items() if len(",".join(words)) > SHORT_LIST}
    name = pgettext("workbook", "Choices")
    for place, (key, words) in enumerate(long.items()):
        if place == 0:
            listed = book.add_worksheet(name)
            listed.hide()
        listed.write_column(0, place, [str(sheet.by_key[key].heading), *words])
    for place, column in enumerate(sheet.imported):
        words = offers[column.key]
        if not words:
            continue
        source: Any = words
        if column.key in long:
            letter = letter_of(list(long).index(column.key))
            source = f"='{name}'!${letter}$2:${letter}${len(words) + 1}"
        page.data_validation(
            1, place, MOST_ROWS, place, {"validate": "list", "source": source, "error_type": "information"}
        )
