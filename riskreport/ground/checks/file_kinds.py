"""What a file from outside really is, found from its content and never from its name. Reads, writes nothing.

Accepted: PDF, JPEG, PNG, Word (docx) and Excel (xlsx) without macros. A picture or document that was cut off on the way
is told from one that is whole, so that no half file is kept.
"""

import struct
import zipfile
import zlib
from collections.abc import Container
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

MOST_ENTRIES = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 200
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TAIL = 2048


class FileRefused(ValueError):
    """A file that is not accepted. Its text is one plain sentence for the person."""


class UnknownKind(FileRefused):
    """A file whose content is of no accepted kind, whatever its name says."""


@dataclass(frozen=True)
class FileKind:
    """An accepted kind: how it is named on disk and sent back."""

    extension: str
    content_type: str


PDF = FileKind("pdf", "application/pdf")
JPEG = FileKind("jpg", "image/jpeg")
PNG = FileKind("png", "image/png")
DOCX = FileKind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = FileKind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ENDINGS = frozenset({"pdf", "jpg", "jpeg", "png", "docx", "xlsx"})


def look_at_file(file: Any, *, kinds: Container[FileKind] | None = None) -> FileKind:
    """Return what a file that was sent in is; ``kinds`` narrows what is accepted. Raises FileRefused.

    ``file`` is an uploaded file (size, seek, read). Its size is judged first, so that nothing large is read.
    """
    if not file.size:
        raise FileRefused(_("The file is empty. Choose the right file and attach it again."))
    most = settings.ATTACHMENT_MAX_BYTES
    if file.size > most:
        raise FileRefused(
            _("The file has %(size)s MB; at most %(most)s MB are accepted. Scan it at a lower resolution or in parts.")
            % {"size": f"{file.size / 1024 / 1024:.1f}", "most": most // 1024 // 1024}
        )
    kind = kind_of(file)
    if kinds is not None and kind not in kinds:
        raise FileRefused(_("This kind of file is not accepted here. Use PDF or Word (docx)."))
    return kind


def kind_of(file: BinaryIO) -> FileKind:
    """Return what the file is. ``file`` can be sought; its position afterwards is anywhere. Raises FileRefused."""
    file.seek(0)
    head = file.read(1024)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return _pdf(file)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(file)
    if head.startswith(PNG_HEAD):
        return _png(file)
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    if head.startswith(OLE_HEAD):
        raise FileRefused(
            _("This is an old or password-protected Office file. Save it as docx, xlsx or PDF without a password.")
        )
    raise UnknownKind(
        _("This kind of file is not accepted. Use PDF, a JPG or PNG picture, Word (docx) or Excel (xlsx).")
    )


def _broken() -> FileRefused:
    return FileRefused(
        _("The file is damaged or was not copied completely. Open it once to check, then attach it again.")
    )


def _pdf(file: BinaryIO) -> FileKind:
    file.seek(0, 2)
    file.seek(max(0, file.tell() - TAIL))
    if b"%%EOF" not in file.read():
        raise _broken()
    return PDF


def _jpeg(file: BinaryIO) -> FileKind:
    """Walk the segments to the picture's data and look for its end: a preview inside has an end of its own."""
    file.seek(2)
    while True:
        mark = file.read(2)
        if len(mark) < 2 or mark[0] != 0xFF:
            raise _broken()
        if mark[1] == 0xFF:
            file.seek(-1, 1)
            continue
        length = file.read(2)
        if len(length) < 2:
            raise _broken()
        file.seek(struct.unpack(">H", length)[0] - 2, 1)
        if mark[1] == 0xDA:
            break
    if b"\xff\xd9" not in file.read():
        raise _broken()
    return JPEG


def _png(file: BinaryIO) -> FileKind:
    """Walk the chunks with their check sums to the last one."""
    file.seek(len(PNG_HEAD))
    while True:
        head = file.read(8)
        if len(head) < 8:
            raise _broken()
        length, name = struct.unpack(">I4s", head)
        body, check = file.read(length), file.read(4)
        if len(body) < length or len(check) < 4 or zlib.crc32(name + body) != struct.unpack(">I", check)[0]:
            raise _broken()
        if name == b"IEND":
            return PNG


def _office(file: BinaryIO) -> FileKind:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            return _office_kind(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise _broken() from error


def _office_kind(package: zipfile.ZipFile) -> FileKind:
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked / packed > MOST_RATIO:
        raise FileRefused(_("The file unpacks to far more than it should. Save it anew and attach it again."))
    names = {entry.filename for entry in entries}
    kind = DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else None
    if kind is None or "[Content_Types].xml" not in names:
        raise FileRefused(_("A zip archive is not accepted. Attach the documents in it one by one."))
    types = package.read("[Content_Types].xml")
    if any(name.lower().endswith("vbaproject.bin") for name in names) or b"macroenabled" in types.lower():
        raise FileRefused(_("The file contains macros. Save it as docx or xlsx without macros and attach it again."))
    if package.testzip() is not None:
        raise _broken()
    return kind
