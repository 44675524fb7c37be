"""Keeping a file that somebody sent in: whole or not at all, under a name of our own, with its SHA-256."""

import hashlib
import os
import tempfile
import unicodedata
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings

from riskreport.ground import clock

MOST_NAME = 150


def keep_file(*, file: Any, folder: str, extension: str) -> tuple[str, str]:
    """Write an uploaded file (seek, chunks) below MEDIA_ROOT; return its path there and its SHA-256.

    Side effect: one new file, complete and on disk; when anything fails, none. Every call makes another.
    """
    path = f"{folder}/{clock.today():%Y/%m}/{uuid.uuid4().hex}.{extension}"
    target = Path(settings.MEDIA_ROOT, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle, part = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            file.seek(0)
            for chunk in file.chunks():
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        Path(part).replace(target)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return path, digest.hexdigest()


def drop_file(path: str) -> None:
    """Remove a kept file again. A file that is gone, or no path, does no harm."""
    if path:
        Path(settings.MEDIA_ROOT, path).unlink(missing_ok=True)


def plain_name(name: str, extension: str) -> str:
    """Return the person's own file name as text: no folders, no control characters, the extension of what it is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last else last
    shown = "".join(one for one in stem if unicodedata.category(one)[0] != "C").strip(" .")
    return f"{shown[: MOST_NAME - len(extension) - 1] or 'file'}.{extension}"
