"""The forms of bulletins: making one, editing its text, the template."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from review.enums import BulletinKind
from review.models import Campaign
from review.queries.board import campaigns_to_show
from riskreport.ground import clock

LONGEST_TEXT = 6000


class MakeForm(forms.Form):
    """Which bulletin is made, as of the end of which day."""

    campaign = forms.ModelChoiceField(Campaign.objects.none(), label=_("Reporting task"), empty_label=None)
    kind = forms.ChoiceField(label=pgettext_lazy("bulletin", "Kind"), choices=lambda: BulletinKind.choices)
    as_of = forms.DateField(
        label=_("Figures up to the end of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day up to which it counts.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [row.pk for row in campaigns_to_show()]
        self.fields["campaign"].queryset = Campaign.objects.filter(pk__in=shown)
        today = clock.today()
        self.fields["as_of"].widget.attrs["max"] = today.isoformat()
        self.initial.setdefault("as_of", today)
        self.initial.setdefault("campaign", shown[0] if shown else None)


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": _("Write the text that stands above the tables.")},
    )


class TextForm(forms.Form):
    """Title and text of a draft."""

    seen_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    title = forms.CharField(
        label=pgettext_lazy("bulletin", "Title"), max_length=160, error_messages={"required": _("Write a title.")}
    )
    text = _text(_("Text"), _("One paragraph a line. The tables and the chart follow below it by themselves."))


class TemplateForm(forms.Form):
    """The template of one kind of bulletin."""

    seen_number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    title = forms.CharField(
        label=pgettext_lazy("bulletin", "Title"), max_length=120, error_messages={"required": _("Write a title.")}
    )
    text = _text(_("Text"), _("One paragraph a line; placeholders in braces become the figures of the day."))
    nightly = forms.BooleanField(label=_("Prepare the draft every night, for the morning"), required=False)
