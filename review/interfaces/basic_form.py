"""The form of the basic information, made from its one declaration."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _l

from enterprises.checks.basic_information import FIELDS, GROUPS, BasicField
from riskreport.ground.ui.draft_form import DraftForm, long_field, text_field

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
        self.helper.field_template = "review/filing/_crispy_field.html"
        self.helper.layout = Layout(*[_group(key, label) for key, label in GROUPS])

    def flat_of(self, stored: dict[str, Any]) -> dict[str, str]:
        """Return the fields; the data is flat already."""
        return {field.key: str(stored.get(field.key, "") or "") for field in FIELDS}

    def to_stored(self) -> dict[str, Any]:
        """Return the section's data."""
        return {field.key: self.cleaned_data.get(field.key, "") for field in FIELDS}


def _group(key: str, label: Any) -> Fieldset:
    names = [field.key for field in FIELDS if field.group == key]
    legend = HTML(format_html('<h2 class="rr-group">{}</h2>', label))
    return Div(legend, Div(*names, css_class="rr-two"), css_class="rr-group-box", css_id=f"group-{key}")


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
