"""Rows of a CSV file, in UTF-8, UTF-16 or GB18030, between commas, semicolons or tabs."""

import csv
from collections.abc import Iterator
from pathlib import Path

from cells import text_of_field
from guard import MOST_ROWS, SPARE_ROWS, FileRefused
from table import Row

SIGNS = ",\t;"
LONGEST_FIELD = 32_767


def rows_of_csv(path: Path) -> Iterator[Row]:
    """Yield the rows with their numbers as a spreadsheet shows them. Raises FileRefused."""
    csv.field_size_limit(LONGEST_FIELD)
    text = decoded(path.read_bytes())
    lines = text.splitlines(keepends=True)
    first = "".join(lines[:5])
    sign = max(SIGNS, key=first.count)
    number = 0
    try:
        for number, fields in enumerate(csv.reader(lines, delimiter=sign, strict=True), start=1):
            if number > MOST_ROWS + SPARE_ROWS:
                raise FileRefused("too_many_rows", most=MOST_ROWS)
            yield number, [text_of_field(field) for field in fields]
    except csv.Error as error:
        raise FileRefused("bad_csv", line=number + 1) from error


def decoded(content: bytes) -> str:
    """Return the text of a file. Raises FileRefused for one that is no text."""
    for start, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(start):
            return _decoded(content, name)
    if b"\0" in content:
        raise FileRefused("unknown")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(content, "gb18030")


def _decoded(content: bytes, name: str) -> str:
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        raise FileRefused("unknown") from error
    if "\0" in text:
        raise FileRefused("unknown")
    return text
