"""Whether a person is asked for a second factor, and whether one is set up."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from enterprises.models import RecoveryCode, User

BY_SSO = "by_sso"  # in a session that the single sign-on has opened


def asks_second_factor(user: User) -> bool:
    """Say whether the setting asks this person for a second factor: officials, never enterprises. No query."""
    return settings.SECOND_FACTOR == "officials" and user.department_id is not None


def has_given_factor(session: Mapping) -> bool:
    """Say whether this session has passed a second factor: ours, or a single sign-on that is trusted with it."""
    return DEVICE_ID_SESSION_KEY in session or (settings.SSO_SECOND_FACTOR == "trust" and bool(session.get(BY_SSO)))


@dataclass(frozen=True)
class SecondFactor:
    """Whether a person's second factor is in force, and how many recovery codes are left."""

    is_set: bool
    codes_left: int


def second_factor_of(user: User) -> SecondFactor:
    """Return how a person's second factor stands. Two queries."""
    is_set = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    return SecondFactor(is_set, RecoveryCode.objects.filter(user=user, used_at=None).count() if is_set else 0)


def device_begun(user: User) -> TOTPDevice | None:
    """Return the device whose secret is shown and not yet proved."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()
