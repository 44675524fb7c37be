"""The guard before a workbook is opened: is it one, is it whole, does it unpack to what it says, does it hide anything.

Sizes are measured while inflating: what a header says is only compared with it. The parts that the reader will read are
scanned for document types, entities, other encodings and cells that lie far away.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

MOST_BYTES = 20 * 1024 * 1024
MOST_ENTRIES = 2_000
MOST_UNPACKED = 600 * 1024 * 1024
MOST_RATIO = 300
RATIO_COUNTS_FROM = 10 * 1024 * 1024
MOST_ROWS = 200_000
SPARE_ROWS = 1_000  # titles, headings, blank rows between
CHUNK = 256 * 1024
OVERLAP = 2_048

ZIP_HEAD = b"PK\x03\x04"
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_FILES = {
    b"%PDF-": "pdf",
    b"\xff\xd8\xff": "picture",
    b"\x89PNG": "picture",
    b"GIF8": "picture",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x1f\x8b": "archive",
}
DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A cell whose column has three letters or whose row has six digits; most files hold none, so the search is quick.
FAR_CELL = re.compile(rb"""[\s:]r\s*=\s*["'](?:[A-Za-z]{3}|[A-Za-z]{1,2}0*[1-9][0-9]{5})""")
FAR_TAG = re.compile(
    rb"""<(?:\w+:)?c\b[^<>]*?[\s:]r\s*=\s*["']([A-Za-z]+)([0-9]+)["'][^<>]*>""",
)
READ_PARTS = re.compile(r"(xl/[^/]+\.xml|xl/worksheets/.*\.xml|.*\.rels|\[content_types\]\.xml)", re.IGNORECASE)


class FileRefused(Exception):
    """A file that is not read: ``code`` says why, ``found`` what was found."""

    def __init__(self, code: str, **found: Any) -> None:
        super().__init__(code)
        self.code = code
        self.found = found


def kind_of(path: Path) -> str:
    """Return "xlsx" or "csv", judged by the first bytes alone. Raises FileRefused for anything else."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4096)
        if not head:
            raise FileRefused("empty")
        if size > MOST_BYTES:
            raise FileRefused("too_big", size=f"{size / 1024 / 1024:.1f}", most=MOST_BYTES // 1024 // 1024)
        if head.startswith(ZIP_HEAD):
            return "xlsx"
        if head.startswith(OLE_HEAD):
            raise FileRefused(_ole_kind(head + file.read()))
    for start, name in OTHER_FILES.items():
        if head.startswith(start):
            raise FileRefused(name)
    lower = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if lower.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")):
        raise FileRefused("web_page")
    if head.startswith(b"PK"):
        raise FileRefused("damaged")
    return "csv"


def _ole_kind(content: bytes) -> str:
    return "encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "old_excel"


def guard_workbook(path: Path) -> None:
    """Look through a zip that says it is a workbook. Raises FileRefused."""
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as package:
            entries = package.infolist()
            _guard_entries(entries)
            _guard_kind({entry.filename for entry in entries})
            _guard_contents(file, entries)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise FileRefused("damaged") from error


def _guard_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise FileRefused("too_many_parts", count=len(entries))
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise FileRefused("damaged")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("encrypted")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise FileRefused("damaged")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FileRefused("unpacks_too_big")


def _guard_kind(names: set[str]) -> None:
    lower = {name.lower() for name in names}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in lower):
        raise FileRefused("macros")
    if "xl/workbook.bin" in lower:
        raise FileRefused("binary_excel")
    if "content.xml" in lower and "mimetype" in lower:
        raise FileRefused("open_document")
    if any(name.startswith("word/") for name in lower):
        raise FileRefused("word")
    if any(name.endswith((".xlsx", ".xls", ".csv")) for name in lower) and "xl/workbook.xml" not in lower:
        raise FileRefused("archive")
    if "xl/workbook.xml" not in lower or "[content_types].xml" not in lower:
        raise FileRefused("no_workbook")


def _guard_contents(file: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
    """Inflate every part and count; scan the parts that will be read. Parts that share bytes are a bomb."""
    unpacked, end_of_last = 0, 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        start = _start_of(file, entry)
        if start < end_of_last:
            raise FileRefused("unpacks_too_big")
        end_of_last = start + entry.compress_size
        scan = Scan(entry.filename) if READ_PARTS.fullmatch(entry.filename) else None
        size = 0
        for piece in _inflated(file, start, entry):
            size += len(piece)
            unpacked += len(piece)
            _guard_size(entry, size, unpacked)
            if scan:
                scan.look(piece)
        if size != entry.file_size:
            raise FileRefused("lies")


def _guard_size(entry: zipfile.ZipInfo, size: int, unpacked: int) -> None:
    if size > entry.file_size:
        raise FileRefused("lies")
    bomb = size > RATIO_COUNTS_FROM and size > MOST_RATIO * max(entry.compress_size, 1)
    if unpacked > MOST_UNPACKED or bomb:
        raise FileRefused("unpacks_too_big")


def _start_of(file: BinaryIO, entry: zipfile.ZipInfo) -> int:
    file.seek(entry.header_offset)
    head = file.read(30)
    if len(head) < 30 or not head.startswith(ZIP_HEAD):
        raise FileRefused("damaged")
    name, extra = struct.unpack("<HH", head[26:30])
    return entry.header_offset + 30 + name + extra


def _inflated(file: BinaryIO, start: int, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the unpacked bytes of a part in pieces of bounded size, whatever its header says."""
    file.seek(start)
    left, crc = entry.compress_size, 0
    inflater = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0:
        packed = file.read(min(left, CHUNK))
        if not packed:
            raise FileRefused("damaged")
        left -= len(packed)
        while packed:
            piece = inflater.decompress(packed, CHUNK * 4) if inflater else packed
            packed = inflater.unconsumed_tail if inflater else b""
            crc = zlib.crc32(piece, crc)
            yield piece
    if inflater:
        rest = inflater.flush()
        crc = zlib.crc32(rest, crc)
        yield rest
    if crc != entry.CRC:
        raise FileRefused("damaged")


class Scan:
    """Looks through one XML part piece by piece; a piece is looked at together with the end of the one before."""

    def __init__(self, name: str) -> None:
        self.is_sheet = "worksheets/" in name.lower()
        self.is_types = name.lower() == "[content_types].xml"
        self.tail = b""
        self.is_first = True

    def look(self, piece: bytes) -> None:
        """Raise FileRefused when the piece holds what no workbook of a person does."""
        if self.is_first and piece:
            self.is_first = False
            if piece[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in piece[:4]:
                raise FileRefused("encoding")
        text = self.tail + piece
        if b"\0" in piece:
            raise FileRefused("encoding")
        if b"<!" in text and DOCUMENT_TYPE.search(text):
            raise FileRefused("entities")
        if self.is_types and b"macroenabled" in text.lower():
            raise FileRefused("macros")
        if self.is_sheet and FAR_CELL.search(text):
            self._look_far(text)
        self.tail = text[-OVERLAP:]

    def _look_far(self, text: bytes) -> None:
        """Far cells that hold nothing (formatting below the last row) do no harm; the reader leaves them out."""
        for found in FAR_TAG.finditer(text):
            letters, row = found.group(1), int(found.group(2)[-9:])
            if found.group(0).endswith(b"/>"):
                continue
            if len(letters) > 2:
                raise FileRefused("far_cell", cell=f"{letters[:3].decode().upper()}{row}")
            if row > MOST_ROWS + SPARE_ROWS:
                raise FileRefused("too_many_rows", most=MOST_ROWS)
