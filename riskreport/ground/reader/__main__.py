"""Reads one file and writes its rows: python -I riskreport/ground/reader '{"file": …, "out": …, …}'.

Asked with ``known`` (keys of headings), ``skip`` (worksheets, folded), ``memory`` (bytes) and ``seconds``. Answers with
one line of JSON: {"refused": code, "found": {…}}, or the worksheet, its headings, the row they stand in, how many rows
there are, which other worksheets hold any, and whether the workbook counts days from 1904. The rows go to ``out`` as
lines of JSON, each a list of rows, each row its number in the file and the texts of its cells. Asked with ``mark`` it
writes a marked copy instead (marking.py).
"""

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guard import FileRefused, guard_workbook, kind_of
from table import Row, Table, find_table, write_rows

ENOUGH = 3  # known headings that make a worksheet the one that is meant


def limit(memory: int, seconds: int) -> None:
    """Take away from this process what a hostile file would ask for."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(ask: dict[str, Any]) -> dict[str, Any]:
    """Guard and read the file, write its rows, return the answer. Raises FileRefused."""
    known = set(ask["known"])
    best: Table | None = None
    filled = []
    for name, rows in _sheets(ask):
        table = find_table(name, rows, known)
        if table is None:
            continue
        filled.append(name)
        if best is None or table.score > best.score:
            best = table
        if table.score >= ENOUGH:
            break
    if best is None:
        raise FileRefused("no_rows")
    count = write_rows(best, Path(ask["out"]))
    if not count:
        raise FileRefused("only_headings")
    others = [name for name in filled if name != best.name]
    return {
        "sheet": best.name,
        "row": best.number,
        "headings": best.headings,
        "rows": count,
        "others": others,
        "from_1904": bool(best.name) and _counts_from_1904(ask),
    }


def _counts_from_1904(ask: dict[str, Any]) -> bool:
    from workbook import counts_from_1904

    return counts_from_1904(Path(ask["file"]))


def _sheets(ask: dict[str, Any]) -> Iterator[tuple[str, Iterator[Row]]]:
    path = Path(ask["file"])
    if kind_of(path) == "csv":
        from csv_file import rows_of_csv

        return iter([("", rows_of_csv(path))])
    if ask.get("guard", True):
        guard_workbook(path)
    from workbook import sheets_of

    return sheets_of(path, set(ask["skip"]))


def mark(ask: dict[str, Any]) -> dict[str, Any]:
    """Write a copy of the workbook with the cells marked that ``mark`` names. Raises FileRefused."""
    from marking import mark_cells

    guard_workbook(Path(ask["file"]))
    return mark_cells(ask)


def main() -> None:
    """Answer on standard output; a crash answers nothing, which is an answer to who started this."""
    ask = json.loads(sys.argv[1])
    limit(ask["memory"], ask["seconds"])
    try:
        answer = mark(ask) if "mark" in ask else read(ask)
    except FileRefused as refusal:
        answer = {"refused": refusal.code, "found": refusal.found}
    except MemoryError:
        answer = {"refused": "memory", "found": {}}
    sys.stdout.write(json.dumps(answer) + "\n")


main()
