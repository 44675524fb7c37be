"""Filling in our own Word templates: the marks of a template stand in the file, what they become is always text.

A template is a .docx below templates/documents with Jinja marks in the form docxtpl reads (``{{ name }}``,
``{%p for line in lines %}``, ``{%tr for row in rows %}``). It runs in a sandbox, and every value is made harmless as it
is written: angle brackets, ampersands and marks in it stay what they are, a new line becomes a line break, characters
that XML does not know are left out. No value can be declared safe.
"""

import html
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

SOURCES = Path(settings.BASE_DIR, "templates", "documents")

UNKNOWN_TO_XML = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n|[\r\v\f\u2028\u2029]")


class NotFilledIn(RuntimeError):
    """A Word document that could not be made: template or data are wrong. Meant for the log, not for a person."""


def render_word(template: Path, context: Mapping[str, Any]) -> bytes:
    """Return the .docx of ``template`` (a file below templates/documents) with ``context`` in its marks.

    Raises NotFilledIn, also for a template from elsewhere and for a mark that ``context`` does not answer.
    """
    path = Path(SOURCES, template).resolve()
    if not path.is_relative_to(SOURCES.resolve()):
        raise NotFilledIn(f"{template}: not one of our own templates")
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, finalize=as_text, undefined=StrictUndefined, keep_trailing_newline=True
    )
    document = DocxTemplate(path)
    out = io.BytesIO()
    try:
        document.render(dict(context), environment, autoescape=True)
    except TemplateError as error:
        raise NotFilledIn(f"{template}: {error}") from error
    document.save(out)
    return out.getvalue()


def as_text(value: Any) -> Any:
    """Return ``value`` as characters of the document's XML; nothing in it is taken for XML or for a mark."""
    if isinstance(value, Undefined):
        return value
    if value is None:
        return ""
    lines = LINE_ENDS.sub("\n", str(value))
    escaped = html.escape(UNKNOWN_TO_XML.sub("", lines), quote=True)
    # docxtpl makes "{{" of "{_{" after it has filled in a template: the line travels as a number.
    return Markup(escaped.replace("_", "&#95;"))  # escaped above  # nosec B704
