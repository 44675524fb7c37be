"""Setting documents as PDF with Typst: our own sources, data beside them, fonts from a package, nothing from a network.

What a person wrote never becomes part of a source: it travels as JSON in ``sys.inputs`` and is placed as a string, so
that ``#``, ``*`` or ``$`` in it stay what they are. PDF/A-2b, because such papers are filed for years.
"""

import datetime as dt
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

SOURCES = Path(settings.BASE_DIR, "templates", "documents")


class NotTypeset(RuntimeError):
    """A document that could not be set: the source or the data is wrong. Meant for the log, not for a person."""


@cache
def font_folders() -> tuple[str, ...]:
    """Return where the Chinese fonts lie; the system's own are not asked, so that every machine sets the same page."""
    import justmytype_intl_cjk

    return (str(Path(justmytype_intl_cjk.__file__).parent / "fonts" / "ofl" / "notosanssc"),)


def typeset(source: str, data: dict[str, Any], *, at: dt.datetime | None = None) -> bytes:
    """Return the PDF of ``source`` (a file below templates/documents) with ``data``.

    ``at`` is the date written into the file; the same data and date give the same document. Raises NotTypeset.
    """
    path = SOURCES / source
    try:
        made = typst.compile(
            str(path),
            root=str(SOURCES),
            font_paths=list(font_folders()),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
            pdf_standards=["a-2b"],
            timestamp=int(at.timestamp()) if at else None,
        )
    except typst.TypstError as error:
        raise NotTypeset(f"{source}: {error}") from error
    return bytes(made)


def qr_svg(text: str) -> str:
    """Return a QR code of ``text`` as SVG, to be placed by a source with image(bytes(…))."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=4, border=0)
    return out.getvalue().decode()
