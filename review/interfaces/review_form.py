"""Forms of the review desk: a remark, a decision, a reason."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _l

from review.domain.remarks import MOST_CHARACTERS
from review.enums import Action

MOST_REASON = 2000
DECISIONS = {Action.RETURN.value, Action.APPROVE.value}


def new_key() -> str:
    """Return a fresh idempotency key for a form."""
    return str(uuid.uuid4())


class RemarkForm(forms.Form):
    """A remark and what it is pinned to: a section's key, or ``risk-<lineage>``."""

    place = forms.ChoiceField(
        label=_l("About"), choices=(), widget=forms.Select(attrs={"class": "form-select form-select-sm"})
    )
    text = forms.CharField(
        label=_l("Remark"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={
            "required": _l("Write what should be changed. For example: name the fire exit that is blocked.")
        },
    )

    def __init__(self, *args, places: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False  # the same form also decides, with no remark typed
        self.fields["place"].choices = places

    def pinned_to(self) -> dict[str, str]:
        """Return section and lineage of the chosen place."""
        place = self.cleaned_data["place"]
        if place.startswith("risk-"):
            return {"section": "risks", "lineage": place.removeprefix("risk-")}
        return {"section": place, "lineage": ""}


class StepForm(forms.Form):
    """What every step carries: the version the person saw and the key that makes a repetition harmless."""

    seen_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class DecisionForm(StepForm):
    """The covering text of a decision; a return must have one."""

    outcome = forms.ChoiceField(choices=[(value, value) for value in sorted(DECISIONS)], widget=forms.HiddenInput)
    message = forms.CharField(
        label=_l("Message to the enterprise"),
        max_length=MOST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ReasonForm(StepForm):
    """A step that needs a reason."""

    reason = forms.CharField(
        label=_l("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_l("The enterprise and the departments read it, and it stays in the archive."),
        error_messages={"required": _l("Write the reason. For example: the unit closed on 1 March, see the notice.")},
    )
