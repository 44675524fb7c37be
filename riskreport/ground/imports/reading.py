"""Having a file read by the reader, a process with limits of its own, and putting its answer into words."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from riskreport.ground.reader.guard import MOST_BYTES, MOST_ROWS

READER = Path(__file__).resolve().parent.parent / "reader"
MEMORY = 1200 * 1024 * 1024
SECONDS = 60
POLL = 1.0


class FileRefused(Exception):
    """A file that is not taken in. Its text is one plain sentence for the person."""


def read_file(ask: dict[str, Any], *, alive: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Run the reader over ``ask`` (file, out, known, skip; see riskreport/ground/reader) and return its answer.

    ``alive`` is called each second while it works. Raises FileRefused when the file is refused, and when the reader
    crashed, was killed or took too long; the caller's process is never in danger.
    """
    ask = {"memory": MEMORY, "seconds": SECONDS} | ask
    process = subprocess.Popen(
        [sys.executable, "-I", str(READER), json.dumps(ask)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    try:
        said = _wait(process, ask["seconds"], alive)
    finally:
        process.kill()
        process.wait()
    try:
        answer = json.loads(said)
    except ValueError:
        raise FileRefused(sentence("crashed", {})) from None
    if "refused" in answer:
        raise FileRefused(sentence(answer["refused"], answer["found"]))
    return answer


def _wait(process: subprocess.Popen, seconds: float, alive: Callable[[], None]) -> bytes:
    waited = 0.0
    while True:
        try:
            return process.communicate(timeout=POLL)[0]
        except subprocess.TimeoutExpired:
            waited += POLL
            if waited >= seconds:
                raise FileRefused(sentence("too_long", {"seconds": int(seconds)})) from None
            alive()


def rows_of(path: str) -> Iterator[list[list]]:
    """Yield the rows the reader wrote, in lists: each row its number in the file and the texts of its cells."""
    with Path(settings.MEDIA_ROOT, path).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def peak_memory_of_readers() -> int:
    """Return the most memory a reader of this process has used, in bytes, for the benchmark."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def sentence(code: str, found: dict[str, Any]) -> str:
    """Return the plain sentence for why a file is refused."""
    return _sentences()[code] % found


def _sentences() -> dict[str, str]:
    return _wrong_kind() | {
        "empty": _("The file is empty. Choose the right file and upload it again."),
        "too_big": _("The file has %(size)s MB; at most %(most)s MB are accepted. Split the list into several files."),
        "damaged": _("The file is damaged or was not copied completely. Open it once in Excel or WPS, save it as .xlsx "
                     "and upload it again."),
        "no_workbook": _("This zip archive is no Excel workbook. Save the list as .xlsx and upload it again."),
        "too_many_parts": _("The file consists of %(count)s parts, far more than a list has. Copy the rows into the "
                            "template and upload that."),
        "unpacks_too_big": _("The file unpacks to far more than a list needs. Copy the rows into the template and "
                             "upload that."),
        "lies": _("The file says other sizes of its parts than they have; it may have been made to do harm. Copy the "
                  "rows into the template and upload that."),
        "encoding": _("The inside of the file is written in an unusual encoding. Open it in Excel or WPS, save it as "
                      ".xlsx and upload it again."),
        "entities": _("The file holds definitions (DTD) that no Excel workbook needs; it may have been made to do "
                      "harm. Copy the rows into the template and upload that."),
        "far_cell": _("A cell lies far outside the list (%(cell)s). Delete everything to the right of and below the "
                      "list, or copy the rows into the template, and upload it again."),
        "too_many_rows": _("The list has more than %(most)s rows. Split it into several files."),
        "too_many_columns": _("The list has %(count)s columns; at most %(most)s are accepted. Delete those that are "
                              "not needed."),
        "no_rows": _("No worksheet with a list was found in the file. Put headings and rows on a visible worksheet."),
        "only_headings": _("Below the headings there is no row. Fill in the list and upload it again."),
        "bad_csv": _("Line %(line)s of the CSV file can't be split into cells: a quotation mark is missing or a cell "
                     "is too long. Save the list as .xlsx and upload that."),
        "memory": _("The file needs too much memory to be read. Delete empty columns and rows, or copy the list into "
                    "the template, and upload it again."),
        "crashed": _("The file could not be read: it is built in an unusual way or needs too much memory. Copy the "
                     "rows into the template and upload that."),
        "too_long": _("The file was not read within %(seconds)s seconds and was stopped. Copy the rows into the "
                      "template and upload that."),
        "not_marked": _("The file could not be marked."),
    }  # fmt: skip


def _wrong_kind() -> dict[str, str]:
    return {
        "old_excel": _("This is a workbook of the old kind (.xls). Open it in Excel or WPS, save it as .xlsx and "
                       "upload that."),
        "binary_excel": _("This is a binary workbook (.xlsb). Open it in Excel or WPS, save it as .xlsx and upload "
                          "that."),
        "open_document": _("This is an OpenDocument file (.ods). Save it as .xlsx and upload that."),
        "encrypted": _("The file is protected by a password. Remove the password, save it and upload it again."),
        "macros": _("The file contains macros. Save it as .xlsx without macros and upload that."),
        "word": _("This is a Word document. Copy the list into the Excel template and upload that."),
        "pdf": _("This is a PDF. An Excel workbook (.xlsx) or a CSV file is needed."),
        "picture": _("This is a picture. An Excel workbook (.xlsx) or a CSV file is needed."),
        "archive": _("This is an archive. Unpack it and upload the Excel workbook (.xlsx) in it."),
        "web_page": _("This is a web page or XML that was only named like a workbook. Open it in Excel or WPS, save it "
                      "as .xlsx and upload that."),
        "unknown": _("This is no Excel workbook and no text. An Excel workbook (.xlsx) or a CSV file is needed."),
    }  # fmt: skip


def limits_in_words() -> str:
    """Return what may be uploaded, for the page."""
    return _("Excel (.xlsx, also saved by WPS) or CSV, at most %(size)s MB and %(rows)s rows.") % {
        "size": MOST_BYTES // 1024 // 1024,
        "rows": f"{MOST_ROWS:,}",
    }
