"""The headings of a list from elsewhere: read as the roster's import reads them, with the department's memory."""

from django.conf import settings
from django.utils import translation

from riskreport.ground.imports.headings import known_headings
from riskreport.ground.reader.cells import heading_key
from riskreport.ground.sheets.declaration import Sheet, get_sheet

# What a comparison calls the roster's columns; a unit without a credit code goes by its temporary one.
COMPARED = {
    "name": "name",
    "credit_code": "code",
    "temporary_code": "code",
    "category": "category",
    "town": "town",
    "address": "address",
    "scale": "scale",
}
NAMING = {"name", "credit_code", "temporary_code"}


def roster_sheet() -> Sheet:
    """Return the sheet whose columns a list is read by."""
    return get_sheet("enterprises")


def known_words() -> dict[str, str]:
    """Return the roster's column of every known heading; the column of either code, which no import writes, too."""
    sheet = roster_sheet()
    known = known_headings(sheet)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known.setdefault(heading_key(str(sheet.by_key["code"].heading)), "credit_code")
    return known
