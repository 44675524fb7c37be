"""The list of bulletins as a sheet."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.interfaces.columns import name_of
from review.enums import BulletinKind, BulletinState
from review.models import Bulletin
from review.queries.bulletins import bulletins_for_user
from review.rules import opens_bulletins
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.ui.addresses import row_address
from riskreport.ground.ui.badges import status_badge

ANY = _("All")
TONES = {BulletinState.DRAFT: "accent", BulletinState.ISSUED: "ok", BulletinState.DISCARDED: "neutral"}


class BulletinFilter(filters.FilterSet):
    """Filters of the bulletins."""

    kind = filters.ChoiceFilter(
        label=pgettext_lazy("bulletin", "Kind"), choices=lambda: BulletinKind.choices, empty_label=ANY
    )
    state = filters.ChoiceFilter(label=_("State"), choices=lambda: BulletinState.choices, empty_label=ANY)

    class Meta:
        model = Bulletin
        fields: list[str] = []


register_sheet(
    Sheet(
        name="bulletins",
        title=_("Bulletins"),
        rows=bulletins_for_user,
        rule=opens_bulletins,
        filterset=BulletinFilter,
        order="-as_of",
        empty_title=_("No bulletin yet"),
        empty_text=_("The committee office makes one from the figures of a day, or lets the night prepare it."),
        columns=(
            Column("title", pgettext_lazy("bulletin", "Title"), "title", width=44, css="rr-wide",
                   link=row_address("bulletin")),
            Column("kind", pgettext_lazy("bulletin", "Kind"), "kind", kind="choice", choices=BulletinKind, width=12,
                   css="rr-fit", sort="kind"),
            Column("as_of", _("Figures up to the end of"), "as_of", kind="date", width=14, sort="as_of"),
            Column("edition", _("Edition"), "edition", kind="int", width=8, hidden=True),
            Column("state", _("State"), "state", kind="choice", choices=BulletinState, width=10, css="rr-fit",
                   sort="state", draw=lambda row, words: status_badge(words, TONES[row.state])),
            Column("office", pgettext_lazy("bulletin", "Office"), "office_label", width=30,
                   adds=name_of("office", "department__name")),
            Column("campaign", _("Reporting task"), "campaign_label", width=36, css="rr-wide", hidden=True,
                   adds=name_of("campaign", "campaign__name")),
            Column("made_at", _("Made at"), "made_at", kind="datetime", width=18),
            Column("issued_at", _("Issued at"), "issued_at", kind="datetime", width=18, sort="issued_at"),
        ),
    )
)  # fmt: skip
