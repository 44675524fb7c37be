"""Sheets: one declaration per roster, for its table on screen, its filters, its export and its import."""

from riskreport.ground.sheets.declaration import Column, Sheet, get_sheet, register_sheet, sheet_names
from riskreport.ground.sheets.importer import Asked, Importer, Leaving, Links, Side, Written

__all__ = [
    "Asked",
    "Column",
    "Importer",
    "Leaving",
    "Links",
    "Sheet",
    "Side",
    "Written",
    "get_sheet",
    "register_sheet",
    "sheet_names",
]
