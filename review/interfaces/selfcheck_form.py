"""The form of one page of the self-check: present or not, with a note, for at most twenty items."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from review.enums import Answered
from riskreport.ground.ui.draft_form import DraftForm, text_field
from risks.models import CatalogueItem
from risks.queries.catalogues import ItemGroup

MOST_NOTE = 500


class SelfCheckForm(DraftForm):
    """Answers to the items of one page. Fields: ``answer-<code>`` and ``note-<code>``."""

    def __init__(self, data: Any = None, *, page: ItemGroup, stored: dict | None = None) -> None:
        self.page = page
        super().__init__(data, initial=self.flat_of(stored or {}))
        for item in page.items:
            self.fields[f"answer-{item.code}"] = forms.ChoiceField(
                label=f"{item.code} {item.label}", choices=Answered.choices, widget=forms.RadioSelect
            )
            self.fields[f"note-{item.code}"] = text_field(
                _("Note on %(code)s") % {"code": item.code}, most=MOST_NOTE, required=False
            )

    def flat_of(self, stored: dict[str, Any]) -> dict[str, str]:
        """Return the answers and notes as fields."""
        answers, flat = stored.get("answers", {}), {}
        for item in self.page.items:
            given = answers.get(item.code, {})
            flat[f"answer-{item.code}"] = given.get("answer", "")
            flat[f"note-{item.code}"] = given.get("note", "")
        return flat

    def to_stored(self) -> dict[str, Any]:
        """Return the section's data; an item with neither answer nor note is left out."""
        answers = {}
        for item in self.page.items:
            answer = self.cleaned_data.get(f"answer-{item.code}", "")
            note = self.cleaned_data.get(f"note-{item.code}", "")
            if answer or note:
                answers[item.code] = {"answer": answer, "note": note}
        return {"answers": answers}

    def rows(self) -> Iterator[tuple[CatalogueItem, BoundField, BoundField]]:
        """Yield each item with its two fields, as the page draws them."""
        for item in self.page.items:
            yield item, self[f"answer-{item.code}"], self[f"note-{item.code}"]
