"""Answering a letter with files: a file is kept whole or not at all, and only with its answer."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from enterprises.models import User
from review.domain.attachments import look_at_upload
from review.domain.letters.workflow import LetterMoved, LetterRefused, move_letter
from review.enums import LetterAction
from riskreport.ground.domain.kept_files import drop_file, keep_file, plain_name

FOLDER = "letters"
MOST_FILES = 10


def answer_letter(
    *, letter_id: int, user: User, seen_version: int, text: str, files: Sequence[Any] = (), key: str = ""
) -> LetterMoved:
    """Answer a letter.

    Side effects, in order: each file's size and content are checked and its bytes kept under a name of our own; the
    move ``reply`` (workflow.py) with the answer and its files. When anything is refused, and when the answer was a
    repetition, no file is left. Raises LetterRefused, AttachmentRefused, StaleLetter, KeyReused.
    """
    if len(files) > MOST_FILES:
        raise LetterRefused(_("Attach at most %(count)s files.") % {"count": MOST_FILES})
    kept: list[dict[str, Any]] = []
    done = False
    try:
        for file in files:
            found = look_at_upload(file, file.name)
            path, digest = keep_file(file=file, folder=FOLDER, extension=found.extension)
            name = plain_name(file.name, found.extension)
            kept.append({"name": name, "path": path, "content_type": found.content_type, "size": file.size,
                         "sha256": digest})  # fmt: skip
        moved = move_letter(
            letter_id=letter_id, action=LetterAction.REPLY, user=user, seen_version=seen_version, key=key,
            given={"text": text.strip(), "files": kept},
        )  # fmt: skip
        done = not moved.repeated
    finally:
        if not done:
            for row in kept:
                drop_file(row["path"])
    return moved
