"""The form of the basic information, made from its one declaration."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _l

from enterprises.checks.basic_information import FIELDS, GROUPS, BasicField
from riskreport.ground.ui.draft_form import DraftForm, long_field, text_field
from riskreport.ground.ui.fields import draw_field

MOST = 2000  # generous: what is too long for the report is said by the checks, so that nothing typed is cut
INPUT_MODES = {"whole": "numeric", "area": "decimal", "degree": "decimal", "phone": "tel"}
CHOOSE = ("", _l("Please choose"))


class BasicForm(DraftForm):
    """Basic information of the unit. ``stored`` is the section's data."""

    def __init__(self, data: Any = None, *, stored: dict | None = None) -> None:
        super().__init__(data, initial=self.flat_of(stored or {}))
        for field in FIELDS:
            self.fields[field.key] = _field_for(field)
        self.helper = FormHelper()
        self.helper.form_tag = self.helper.disable_csrf = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*[Group(key, label) for key, label in GROUPS])

    def flat_of(self, stored: dict[str, Any]) -> dict[str, str]:
        """Return the fields; the data is flat already."""
        return {field.key: str(stored.get(field.key, "") or "") for field in FIELDS}

    def to_stored(self) -> dict[str, Any]:
        """Return the section's data."""
        return {field.key: self.cleaned_data.get(field.key, "") for field in FIELDS}


class Group(LayoutObject):
    """A heading with its fields, drawn as fields are everywhere."""

    def __init__(self, key: str, label: Any) -> None:
        self.key, self.label = key, label
        self.fields = [field.key for field in FIELDS if field.group == key]

    def render(self, form: forms.Form, context: Any, **kwargs: Any) -> SafeString:
        """Return the group as HTML."""
        drawn = mark_safe("".join(draw_field(form[name]) for name in self.fields))  # each escaped  # nosec B703
        box = '<div id="group-{}" class="rr-group-box"><h2 class="rr-group">{}</h2><div class="rr-two">{}</div></div>'
        return format_html(box, self.key, self.label, drawn)


def _field_for(field: BasicField) -> forms.Field:
    common = {"required": field.required, "help_text": field.help}
    if field.kind == "choice":
        return forms.ChoiceField(label=field.label, choices=[CHOOSE, *field.choices], **common)
    if field.kind == "long":
        return long_field(field.label, most=MOST, **common)
    made = text_field(field.label, most=MOST, **common)
    if field.kind in INPUT_MODES:
        made.widget.attrs["inputmode"] = INPUT_MODES[field.kind]
    made.widget.attrs["autocomplete"] = "off"
    return made
