"""A corpus of files as people really send them: what is kept, what is refused with a sentence, and no half file."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from enterprises.enums import Role
from review.domain.attachments import AttachmentRefused, attach_file, may_attach, remove_attachment
from review.enums import AttachmentKind, FilingState
from review.models import Attachment
from riskreport.ground.domain.kept_files import plain_name
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    """The sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + struct.pack(">H", 4) + b"\x00\x00\xff\xda" + struct.pack(">H", 2) + b"\x01\x02\xff\xd9"


def png() -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\x00\x00")), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def office(main: str = "word/document.xml", *, types: str = "<Types/>", extra: dict | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr(main, "<w/>")
        for name, body in (extra or {}).items():
            package.writestr(name, body)
    return out.getvalue()


def stored_office() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<w/>")
    return out.getvalue()


ACCEPTED = {
    "盖章件.pdf": (PDF, "application/pdf"),
    "第1页.JPG": (JPEG, "image/jpeg"),
    "填充.jpg": (JPEG.replace(b"\xff\xda", b"\xff\xff\xda"), "image/jpeg"),
    "page.png": (png(), "image/png"),
    "说明.docx": (office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "清单.xlsx": (office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
REFUSED = {
    "empty.pdf": (b"", "empty"),
    "program renamed.PDF": (b"MZ\x90\x00" + b"\x00" * 200, "ends in .pdf, but the content is of another kind"),
    "program with a pdf inside.pdf": (b"MZ\x90\x00" + PDF, "ends in .pdf, but the content is of another kind"),
    "page.html": (b"<!doctype html><script>alert(1)</script>", "not accepted"),
    "picture.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not accepted"),
    "cut off.pdf": (PDF[:30], "damaged"),
    "cut off.png": (png()[:-6], "damaged"),
    "changed.png": (png().replace(b"IDAT", b"IDAX"), "damaged"),
    "cut off.jpg": (JPEG[:-2], "damaged"),
    "cut off early.jpg": (JPEG[:5], "damaged"),
    "no segments.jpg": (b"\xff\xd8\xff" + b"\x00" * 40, "damaged"),
    "cut off in a segment.jpg": (JPEG[:4] + b"\x00", "damaged"),
    "cut off.docx": (office()[:60], "damaged"),
    "one byte changed.docx": (stored_office().replace(b"<w/>", b"<v/>", 1), "damaged"),
    "with macros.docx": (office(extra={"word/vbaProject.bin": "x"}), "macros"),
    "macro type.docx": (office(types='<Types ct="application/vnd.ms-word.document.macroEnabled.main+xml"/>'), "macros"),
    "archive.zip": (office("readme.txt"), "zip archive"),
    "bomb.xlsx": (office("xl/workbook.xml", extra={"xl/sheet.xml": "0" * 5_000_000}), "unpacks"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "password"),
}


def files_on_disk() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT, "attachments").rglob("*") if path.is_file()}


def attach(filing, name, content, *, kind=AttachmentKind.OTHER, by=None):
    file = SimpleUploadedFile(name, content)
    return attach_file(filing_id=filing.pk, user=by or factories.writer_of(filing), name=name, file=file, kind=kind)


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_accepted_files_are_kept_whole_under_our_own_name(name):
    content, content_type = ACCEPTED[name]
    row = attach(factories.filing(FilingState.DRAFTING), name, content)
    kept = Path(settings.MEDIA_ROOT, row.path)
    assert kept.read_bytes() == content
    assert Path(name).stem not in row.path
    assert (row.content_type, row.size) == (content_type, len(content))
    assert row.name.rsplit(".", 1)[0] == Path(name).stem


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refused_files_leave_a_sentence_and_no_half_file(name):
    content, said = REFUSED[name]
    filing, before = factories.filing(FilingState.DRAFTING), files_on_disk()
    with pytest.raises(AttachmentRefused) as refused:
        attach(filing, name, content)
    assert said in str(refused.value)
    assert str(refused.value).endswith(".")
    assert files_on_disk() == before
    assert not Attachment.objects.filter(filing=filing).exists()


def test_too_large_says_how_large_and_what_is_allowed(settings):
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    filing, before = factories.filing(FilingState.DRAFTING), files_on_disk()
    with pytest.raises(AttachmentRefused, match=r"1\.5 MB; at most 1 MB"):
        attach(filing, "large.pdf", PDF + b" " * (1024 * 1536))
    assert files_on_disk() == before


def test_failure_after_writing_leaves_no_file(monkeypatch):
    filing, before = factories.filing(FilingState.DRAFTING), files_on_disk()
    monkeypatch.setattr("review.domain.attachments._record", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        attach(filing, "盖章件.pdf", PDF)
    assert files_on_disk() == before
    assert not Attachment.objects.filter(filing=filing).exists()


def test_failure_while_writing_leaves_no_file(monkeypatch):
    filing, before = factories.filing(FilingState.DRAFTING), files_on_disk()
    file = SimpleUploadedFile("a.pdf", PDF)
    monkeypatch.setattr(file, "chunks", lambda: iter([b"%PDF", 1]))
    with pytest.raises(TypeError):
        attach_file(filing_id=filing.pk, user=factories.writer_of(filing), name="a.pdf", file=file, kind="other")
    assert files_on_disk() == before


def test_same_content_twice_is_one_attachment_and_one_file():
    filing = factories.filing(FilingState.DRAFTING)
    first = attach(filing, "盖章件.pdf", PDF)
    before = files_on_disk()
    again = attach(filing, "另一个名字.pdf", PDF)
    assert again.pk == first.pk
    assert files_on_disk() == before
    assert Event.objects.filter(kind="attachment.added", object_id=filing.pk).count() == 1


def test_scan_of_the_stamped_report_may_follow_while_it_waits_and_nothing_else():
    filing = factories.filing(FilingState.SUBMITTED)
    assert attach(filing, "盖章件.pdf", PDF, kind=AttachmentKind.STAMPED).kind == "stamped"
    with pytest.raises(AttachmentRefused):
        attach(filing, "其他.pdf", PDF)


def test_nothing_is_attached_to_a_filed_report_or_by_a_stranger():
    filed = factories.filing(FilingState.FILED)
    assert not may_attach(factories.writer_of(filed), filed, AttachmentKind.STAMPED).allowed
    drafting = factories.filing(FilingState.DRAFTING)
    with pytest.raises(AttachmentRefused, match="Only"):
        attach(drafting, "a.pdf", PDF, by=factories.user(Role.INSPECTOR))


def test_unknown_kind_and_too_many_files_are_refused(monkeypatch):
    filing = factories.filing(FilingState.DRAFTING)
    with pytest.raises(AttachmentRefused, match="Choose what the file is"):
        attach(filing, "a.pdf", PDF, kind="nonsense")
    monkeypatch.setattr("review.domain.attachments.MOST_FILES", 1)
    attach(filing, "a.pdf", PDF)
    with pytest.raises(AttachmentRefused, match="Remove one first"):
        attach(filing, "b.png", png())


def test_removing_marks_the_row_once_and_keeps_the_bytes():
    filing = factories.filing(FilingState.DRAFTING)
    row, writer = attach(filing, "a.pdf", PDF), factories.writer_of(filing)
    for _twice in range(2):
        remove_attachment(filing_id=filing.pk, attachment_id=row.pk, user=writer)
    row.refresh_from_db()
    assert row.removed_at is not None
    assert Path(settings.MEDIA_ROOT, row.path).exists()
    assert Event.objects.filter(kind="attachment.removed", object_id=filing.pk).count() == 1


@pytest.mark.parametrize("paper", [False, True])
def test_what_was_handed_in_stays_while_it_is_reviewed_and_what_followed_may_go(paper):
    filing = factories.filing(FilingState.DRAFTING, paper=paper)
    handed_in = attach(filing, "a.pdf", PDF, kind=AttachmentKind.STAMPED)
    factories.move(filing, "submit")
    followed = attach(filing, "b.png", png(), kind=AttachmentKind.STAMPED)
    writer = factories.writer_of(filing)
    with pytest.raises(AttachmentRefused):
        remove_attachment(filing_id=filing.pk, attachment_id=handed_in.pk, user=writer)
    remove_attachment(filing_id=filing.pk, attachment_id=followed.pk, user=writer)
    factories.move(filing, "withdraw")
    remove_attachment(filing_id=filing.pk, attachment_id=handed_in.pk, user=writer)
    assert set(filing.attachments.filter(pk__in=[handed_in.pk, followed.pk], removed_at=None)) == set()


def test_removing_is_refused_to_whoever_may_not_attach():
    filing = factories.filing(FilingState.DRAFTING)
    row = attach(filing, "a.pdf", PDF)
    with pytest.raises(AttachmentRefused):
        remove_attachment(filing_id=filing.pk, attachment_id=row.pk, user=factories.reviewer_of(filing))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\文件\\盖章件.exe", "盖章件.pdf"),
        ("a\x00b\u202egpj.pdf", "abgpj.pdf"),
        (".pdf", "file.pdf"),
        ("长" * 300 + ".pdf", "长" * 146 + ".pdf"),
    ],
)
def test_names_are_kept_as_plain_text(given, kept):
    assert plain_name(given, "pdf") == kept
