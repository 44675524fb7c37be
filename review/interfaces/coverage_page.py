"""How far units are trained, as it is drawn: every number a link to the list it counts."""

import datetime as dt
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from enterprises.queries.scope import Scope
from review.interfaces.board_page import counted, rate_text
from review.interfaces.training_filters import counted_address
from review.queries.board import labels_of
from review.queries.completion import WHOLE
from review.queries.training import Group, Part, Trained, coverage

FIGURES = {
    "roster": _l("Units on the roster"),
    "trained": _l("Units trained"),
    "rate": pgettext_lazy("training", "Coverage"),
    "untrained": pgettext_lazy("training", "Not trained yet"),
    "people": _l("People trained"),
    "sessions": pgettext_lazy("training", "Sessions held"),
}


class CoveragePage:
    """Training coverage of a scope on a day, in all and by area and line; ``codes`` narrow it and stand in each link.

    ``opens_people`` says whether the person may open the list of people; else their number is plain.
    """

    def __init__(
        self,
        *,
        as_of: dt.date,
        scope: Scope = WHOLE,
        part: Part | None = None,
        codes: dict[str, Any] | None = None,
        opens_people: bool = True,
    ) -> None:
        self.as_of, self.scope, self.part = as_of, scope, part or Part()
        self.codes, self.opens_people = codes or {}, opens_people

    def _groups(self, by: str) -> list[Group]:
        return coverage(as_of=self.as_of, by=by, scope=self.scope, part=self.part)

    @property
    def tiles(self) -> list[dict[str, Any]]:
        """The figures of the whole."""
        figures = self._groups("total")[0].figures
        return [
            {"label": heading, "number": self._number(name, figures, self.codes, str(heading))}
            for name, heading in FIGURES.items()
        ]

    def table(self, by: str, heading: str, ways: str = "") -> SafeString:
        """Draw the figures of each district, town, sector or category; ``ways`` names what a row narrows to."""
        groups = {group.code: group.figures for group in self._groups(by)}
        names = labels_of(by, groups)
        head = "".join(f'<th scope="col" class="rr-int">{escape(str(words))}</th>' for words in FIGURES.values())
        lines = (self._line(by, code, name, groups[code], ways) for code, name in names.items())
        # Names are escaped in _line, numbers and addresses by counted.
        return mark_safe(  # nosec B703
            f'<table class="table rr-figures"><thead><tr><th scope="col">{escape(heading)}</th>{head}</tr></thead>'
            f"<tbody>{''.join(lines)}</tbody></table>"
        )

    def _line(self, by: str, code: Any, name: str, figures: Trained, ways: str) -> str:
        here = self.codes | {by: code}
        cells = "".join(
            f'<td class="rr-int" data-label="{escape(str(words))}">{self._number(figure, figures, here, name)}</td>'
            for figure, words in FIGURES.items()
        )
        shown = escape(name)
        if ways:
            shown = f'<a href="{escape(self.here(**{ways: code}))}">{shown}</a>'
        return f'<tr><th scope="row">{shown}</th>{cells}</tr>'

    def _number(self, name: str, figures: Trained, codes: dict[str, Any], label: str) -> SafeString | str:
        if name == "rate":
            return rate_text(figures.rate)
        number = getattr(figures, name)
        if name == "people" and not self.opens_people:
            return f"{number:,}"
        return counted(number, counted_address(name, as_of=self.as_of, codes=codes), label)

    def here(self, **changes: Any) -> str:
        """Return the address of this page with some of its choices changed."""
        asked = {"as_of": self.as_of.isoformat(), **_in_address(self.codes), **changes}
        return f"{reverse('training_coverage')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _in_address(codes: dict[str, Any]) -> dict[str, Any]:
    return {("county" if name == "district" else name): value for name, value in codes.items()}


def part_heading(by: str) -> str:
    """Return what the rows of a table are."""
    return {
        "district": _("District or county-level city"),
        "town": _("Town or street"),
        "sector": _("Sector"),
        "category": _("Category"),
    }[by]
