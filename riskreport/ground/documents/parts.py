"""Setting a document of thousands of pages: part by part in a process of its own each, then joined into one PDF.

One run over 10,000 letters took 2.6 GB; runs in one process keep what they have set. A process per part gives its
memory back, and the whole stays within what one part takes.
"""

import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pikepdf
from django.conf import settings

from riskreport.ground.documents.typeset import NotTypeset, typeset

SECONDS = 180


def typeset_parts(source: str, parts: Iterable[dict[str, Any]], *, at: dt.datetime | None = None) -> bytes:
    """Return one PDF of ``source`` set once for each of ``parts``, in their order.

    What it is made of travels through pipes and never lies on disk. Raises NotTypeset.
    """
    joined: pikepdf.Pdf | None = None
    for part in parts:
        made = pikepdf.open(io.BytesIO(_set_apart(source, part, at)))
        if joined is None:
            joined = made
        else:
            joined.pages.extend(made.pages)
    if joined is None:
        raise NotTypeset(f"{source}: no part")
    out = io.BytesIO()
    joined.save(out)
    return out.getvalue()


def _set_apart(source: str, data: dict[str, Any], at: dt.datetime | None) -> bytes:
    asked = json.dumps({"source": source, "data": data, "at": at.timestamp() if at else None}, default=str)
    done = subprocess.run(
        [sys.executable, "-m", "riskreport.ground.documents.parts"],
        input=asked.encode(),
        capture_output=True,
        cwd=settings.BASE_DIR,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise NotTypeset(f"{source}: the typesetter ended with {done.returncode}")
    return done.stdout


def main() -> None:
    """Set what standard input asks for and write the PDF to standard output."""
    asked = json.load(sys.stdin)
    at = dt.datetime.fromtimestamp(asked["at"], tz=dt.UTC) if asked["at"] else None
    sys.stdout.buffer.write(typeset(asked["source"], asked["data"], at=at))


if __name__ == "__main__":
    main()
