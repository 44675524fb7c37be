"""The last step: what is certified, the points to confirm, and who signs."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from review.checks.registry import Problem, Severity

PROMISES: tuple[str | Promise, ...] = (
    _l("The information in this report is true, accurate and complete; nothing was concealed or left out."),
    _l("The risks were identified and assessed item by item, and those rated larger or above are all reported."),
    _l("Each risk has its measures and its responsible person, and the measures are carried out."),
    _l("When a risk, its level or the basic information changes, the change is reported in time."),
    _l("We accept verification by the departments and answer for what is reported here."),
)


class UndertakingForm(forms.Form):
    """Points to confirm; for a final report also the certificate with name and post."""

    def __init__(self, data: Any = None, *, problems: Iterable[Problem], certifies: bool, name: str, post: str) -> None:
        super().__init__(data, initial={"signed_name": name, "signed_post": post})
        self.certifies = certifies
        points = [row for row in problems if row.severity == Severity.CONFIRM]
        for number, row in enumerate(points):
            wanted = _("Tick this point if it is so; if not, change the report.")
            self.fields[f"confirm-{number}"] = forms.BooleanField(
                label=row.message, error_messages={"required": wanted}
            )
        if certifies:
            self.fields["certified"] = forms.BooleanField(
                label=_("I have read the undertaking and certify this report for my unit."),
                error_messages={"required": _("Read the undertaking and tick it: a final report is certified.")},
            )
            self.fields["signed_name"] = forms.CharField(
                label=_("Name of the person who certifies"),
                max_length=40,
                error_messages={"required": _("Write the name of the person who certifies, for example 王芳.")},
            )
            self.fields["signed_post"] = forms.CharField(label=_("Post"), max_length=40, required=False)

    def given(self) -> dict[str, Any]:
        """Return what the move is given."""
        if not self.certifies:
            return {}
        return {
            "certified": self.cleaned_data["certified"],
            "signed_name": self.cleaned_data["signed_name"],
            "signed_post": self.cleaned_data["signed_post"],
        }
