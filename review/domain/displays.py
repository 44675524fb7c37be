"""Displays on a wall: giving a screen its address, and taking it away."""

import datetime as dt
import hashlib
import secrets
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Department, Region, Sector, User
from review.models import Campaign, DisplayToken
from review.rules import is_office_of_region
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer

SECRET_BYTES = 32


class Made(NamedTuple):
    """A display and the secret of its address; the secret is empty when the form had been sent before."""

    display: DisplayToken
    secret: str


def digest_of_secret(secret: str) -> str:
    """Return what is kept of the secret in a display's address; it is long and random, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_display(
    *,
    user: User,
    name: str,
    region: Region,
    sector: Sector | None = None,
    campaign: Campaign | None = None,
    expires_on: dt.date | None = None,
    key: str = "",
) -> Made:
    """Give a screen an address that shows the figures of a region, and of one sector where told.

    Side effects, in order, in one transaction: the person's department is locked; an earlier answer to ``key`` is
    returned, without the secret, which nobody keeps; right and day are checked; the display with the digest of its
    secret; event ``display.made``; the answer is kept under the key. A repeated call with the same key changes nothing.
    Raises Refused, KeyReused.
    """
    digest = digest_of(["display", name, region.pk, sector and sector.pk, campaign and campaign.pk, expires_on])
    with transaction.atomic():
        Department.objects.select_for_update(of=("self",)).get(pk=user.department_id)
        refusal = _("This form was already used for another display. Open the page again.")
        earlier = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
        if earlier is not None:
            return Made(DisplayToken.objects.get(pk=earlier["display"]), "")
        is_office_of_region.check(user, region)
        if expires_on is not None and expires_on <= clock.today():
            raise Refused(
                _("The last day must lie ahead. Leave it empty for a display that stays until it is revoked.")
            )
        secret = secrets.token_urlsafe(SECRET_BYTES)
        shown = {"region": region, "sector": sector, "campaign": campaign, "expires_on": expires_on}
        made = {"digest": digest_of_secret(secret), "created_by": user, "created_at": clock.now()}
        display = DisplayToken.objects.create(name=name, **shown, **made)
        _record(display, user, "made")
        keep_answer(user=user, key=key, digest=digest, answer={"display": display.pk})
    return Made(display, secret)


def _check(user: User, region: Region, expires_on: dt.date | None) -> None:
    is_office_of_region.check(user, region)
    if expires_on is not None and expires_on <= clock.today():
        raise Refused(_("The last day must lie ahead. Leave it empty for a display that stays until it is revoked."))


def revoke_display(*, display_id: int, user: User) -> DisplayToken:
    """Take the address away: the screen that shows it answers as one that never was, from its next request on.

    Side effects, in order, in one transaction: the display is locked; the right is asked; who revoked it and when;
    event ``display.revoked``. A second call changes nothing. Raises Refused, DisplayToken.DoesNotExist.
    """
    with transaction.atomic():
        display = DisplayToken.objects.select_for_update(of=("self",)).select_related("region").get(pk=display_id)
        is_office_of_region.check(user, display.region)
        if display.revoked_at is None:
            display.revoked_by, display.revoked_at = user, clock.now()
            display.save(update_fields=["revoked_by", "revoked_at"])
            _record(display, user, "revoked")
    return display


def _record(display: DisplayToken, user: User, what: str) -> None:
    data = {"name": display.name, "region": display.region_id, "sector": display.sector_id or ""}
    record_event(kind=f"display.{what}", actor=user, about=display, data=data)
