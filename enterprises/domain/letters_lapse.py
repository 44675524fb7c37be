"""Deleting the letters whose time is over: they hold codes that are nowhere else."""

from pathlib import Path

from django.conf import settings

from enterprises.domain.issuing import FOLDER, LETTERS_KEPT
from enterprises.models import LetterBatch
from riskreport.ground import clock
from riskreport.ground.request import whole_number


def remove_lapsed_letters() -> int:
    """Delete lapsed files of letters, also those an interrupted job left behind; return how many. Safe to run twice."""
    moment = clock.now()
    LetterBatch.objects.filter(file_until__lte=moment).exclude(file="").update(file="")
    wanted = set(LetterBatch.objects.exclude(file="").values_list("file", flat=True))
    removed = 0
    for path in Path(settings.MEDIA_ROOT, FOLDER).glob("*.pdf"):
        age = moment.timestamp() - path.stat().st_mtime
        lapsed = f"{FOLDER}/{path.name}" not in wanted
        if lapsed and (age > LETTERS_KEPT.total_seconds() or _is_ended(path)):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _is_ended(path: Path) -> bool:
    """Whether the job that wrote the file has noted another place or has lapsed: its number begins the file's name."""
    number = path.name.split("-", 1)[0]
    job = whole_number(number)
    return job is not None and LetterBatch.objects.filter(job=job).exclude(file_until=None).exists()
