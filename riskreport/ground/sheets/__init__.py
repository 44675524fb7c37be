"""Sheets: one declaration per roster, for its table on screen, its filters and its export."""

from riskreport.ground.sheets.declaration import Column, Sheet, get_sheet, register_sheet, sheet_names

__all__ = ["Column", "Sheet", "get_sheet", "register_sheet", "sheet_names"]
