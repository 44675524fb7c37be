"""Keeping a file that somebody sent in: whole or not at all, under a name of our own, with its SHA-256.

And cleaning away what no record names: never a file that one does.
"""

import datetime as dt
import hashlib
import os
import shutil
import tempfile
import unicodedata
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model

from riskreport.ground import clock

MOST_NAME = 150
ASKED = 500  # paths in one question
_references: dict[str, list[tuple[type[Model], str]]] = {}


def files_named_by(folder: str, model: type[Model], *columns: str) -> None:
    """Say which columns name the files of a folder below MEDIA_ROOT: what one of them names is never cleaned away."""
    _references.setdefault(folder, []).extend((model, column) for column in columns)


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


def remove_unreferenced(*, before: dt.datetime) -> int:
    """Remove files of the known folders that no record names and that are older than ``before``; return how many.

    A file whose record is still being written is younger than that. Folders that nobody declared are left alone.
    """
    removed = 0
    for folder, columns in _references.items():
        old = _files_older(Path(settings.MEDIA_ROOT, folder), before)
        for start in range(0, len(old), ASKED):
            paths = {path.relative_to(settings.MEDIA_ROOT).as_posix(): path for path in old[start : start + ASKED]}
            for model, column in columns:
                named = model._default_manager.filter(**{f"{column}__in": list(paths)})
                for name in named.values_list(column, flat=True):
                    paths.pop(name, None)
            for path in paths.values():
                path.unlink(missing_ok=True)
            removed += len(paths)
    return removed


def remove_temporary(*, before: dt.datetime) -> int:
    """Remove halves of files and working folders that an interrupted process left; return how many."""
    root = Path(settings.MEDIA_ROOT)
    halves = [path for path in _files_older(root, before) if path.suffix == ".part"]
    folders = [path for path in root.glob("tmp*/") if path.stat().st_mtime < before.timestamp()]
    for path in halves:
        path.unlink(missing_ok=True)
    for path in folders:
        shutil.rmtree(path, ignore_errors=True)
    return len(halves) + len(folders)


def _files_older(folder: Path, before: dt.datetime) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if path.stat().st_mtime < before.timestamp()]


def plain_name(name: str, extension: str) -> str:
    """Return the person's own file name as text: no folders, no control characters, the extension of what it is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last else last
    shown = "".join(one for one in stem if unicodedata.category(one)[0] != "C").strip(" .")
    return f"{shown[: MOST_NAME - len(extension) - 1] or 'file'}.{extension}"
