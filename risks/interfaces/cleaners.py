"""Cells of the risk sheet that need more than a plain cleaner: accident types, and measures in one text."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from riskreport.ground.sheets.cleaners import Cleaner, Wrong, folded
from risks.enums import MeasureClass
from risks.interfaces.words import measures_in_words
from risks.models import AccidentType

SEPARATORS = re.compile(r"[；;\n]+")


def accident_for(user: Any) -> Cleaner:
    """Return the cleaner of an accident type: its code, by its name in either language."""
    known = {}
    for row in AccidentType.objects.all():
        known |= {folded(name): row.code for name in (row.code, row.name, row.name_en) if name}

    def clean(text: str) -> str:
        if folded(text) not in known:
            raise Wrong(_("one of the accident types, for example 火灾"))
        return known[folded(text)]

    return clean


def accident_names(user: Any) -> list[str]:
    """Return the names of all accident types, for the template's drop-down."""
    return [row.label for row in AccidentType.objects.all()]


def clean_measures(text: str) -> dict[str, list[str]]:
    """Return measures by class from one text: «工程技术：加装喷淋；加装报警 管理：每日巡查».

    Raises Wrong where a text does not begin with the name of a class.
    """
    classes = _classes()
    names = "|".join(sorted(map(re.escape, classes), key=len, reverse=True))
    parts = re.split(rf"(?:^|(?<=\s))({names})\s*[：:]", text)
    if parts[0].strip() or len(parts) == 1:
        wanted = "、".join(str(kind.label) for kind in MeasureClass)
        raise Wrong(
            _("measures behind the name of their class and a colon; classes are: %(wanted)s") % {"wanted": wanted}
        )
    found: dict[str, list[str]] = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        texts = [one.strip() for one in SEPARATORS.split(body) if one.strip()]
        if texts:
            found.setdefault(classes[name], []).extend(texts)
    return found


def measures_shown(user: Any) -> Callable[[Any], str]:
    """Return the function that puts stored measures into words."""
    return lambda measures: measures_in_words(measures or {})


def _classes() -> dict[str, str]:
    known = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {str(kind.label): kind.value for kind in MeasureClass}
    return known
