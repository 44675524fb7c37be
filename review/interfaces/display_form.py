"""The form that gives a screen its address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Region, Sector, User
from review.models import Campaign
from review.queries.board import campaigns_to_show
from review.queries.displays import regions_to_show


class DisplayForm(forms.Form):
    """What a display is called and what it shows."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=pgettext_lazy("display", "Name"),
        max_length=60,
        help_text=_("Where the screen hangs, for example: meeting room on the third floor."),
        error_messages={"required": _("Write where the screen hangs, so that you know later which one to revoke.")},
    )
    region = forms.ModelChoiceField(Region.objects.none(), label=pgettext_lazy("display", "Area"), empty_label=None)
    sector = forms.ModelChoiceField(
        Sector.objects.none(), label=_("Sector"), required=False, empty_label=_("All sectors of the reporting task")
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=_("Reporting task"),
        required=False,
        empty_label=_("The newest one that is open"),
    )
    expires_on = forms.DateField(
        label=_("Shown until before"),
        required=False,
        help_text=_("Leave it empty: the screen then shows the figures until the address is revoked."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions_to_show(user)
        self.fields["sector"].queryset = Sector.objects.filter(retired_on=None)
        self.fields["campaign"].queryset = Campaign.objects.filter(pk__in=[row.pk for row in campaigns_to_show()])
