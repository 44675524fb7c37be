"""The person's own workbook with the wrong cells marked and noted."""

import json
from pathlib import Path
from typing import Any

from guard import FileRefused
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

YELLOW = PatternFill("solid", start_color="FFFFF2A8")
NOTE_WIDTH, NOTE_HEIGHT = 320, 110


def mark_cells(ask: dict[str, Any]) -> dict[str, Any]:
    """Mark the cells listed in the file ``mark``, as [cell, note], on worksheet ``sheet``; write to ``out``."""
    try:
        with Path(ask["file"]).open("rb") as file:  # by its content: the name it is kept under says nothing
            book = load_workbook(file, keep_links=False, rich_text=True)
        sheet = book[ask["sheet"]]
        marks = json.loads(Path(ask["mark"]).read_text(encoding="utf-8"))
        for place, note in marks:
            cell = sheet[place]
            for merged in sheet.merged_cells.ranges:
                if cell.coordinate in merged:
                    cell = sheet.cell(merged.min_row, merged.min_col)
            cell.fill = YELLOW
            cell.comment = Comment(note, ask["author"], width=NOTE_WIDTH, height=NOTE_HEIGHT)
        book.active = book.index(sheet)
        book.save(ask["out"])
    except Exception as error:  # whatever openpyxl stumbles over in a strange file: the caller has another way
        raise FileRefused("not_marked") from error
    return {"marked": len(marks)}
