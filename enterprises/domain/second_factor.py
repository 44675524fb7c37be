"""The second factor of officials: a time-based code (RFC 6238) by django-otp, and ten recovery codes."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from enterprises.checks.first_codes import draw_code, read_code, written
from enterprises.models import RecoveryCode, User
from enterprises.models.accounts import code_digest
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event

RECOVERY_CODES, RECOVERY_LENGTH = 10, 8
MOST_WRONG = 5
LOCKED = dt.timedelta(minutes=15)


def begin_second_factor(*, user: User) -> TOTPDevice:
    """Give the person a secret that is not in force yet. A second call before it is proved keeps the first one."""
    with transaction.atomic():
        if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
            raise Refused(_("Your account has a second factor already."))
        return TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "totp"})[0]


def confirm_second_factor(*, user: User, token: str) -> tuple[TOTPDevice, list[str]]:
    """Put the secret in force once the person's device shows the right code; return it and ten recovery codes.

    Side effects, in order, in one transaction: the device's row is locked; it is in force; the digests of ten new
    recovery codes, over any older ones; the event ``account.second_factor_set``. The codes are told now and never
    again. A wrong code is counted. Raises Refused.
    """
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None:
            raise Refused(_("Begin setting up the second factor first."))
        fits = device.verify_token(token)
        if fits:
            TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
            codes = _new_recovery_codes(user)
            record_event(kind="account.second_factor_set", actor=user, about=user)
    if not fits:
        raise Refused(
            _("The six digits do not fit. Check that the clock of the telephone is right and try the next ones.")
        )
    return device, codes


def check_second_factor(*, user: User, text: str) -> TOTPDevice:
    """Return the person's device when the text is its present code or an unused recovery code.

    Side effects, in order, in one transaction that stands even when it refuses: the device's row is locked; a code of
    the device works once; a recovery code is marked as used, with the event ``account.recovery_code_used``; a wrong one
    is counted: after five the second factor is locked for 15 minutes. Raises Refused.
    """
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        refusal = _("This account has no second factor yet.") if device is None else _locked_words(device)
        if not refusal and not _fits(user, device, text):
            refusal = _locked_words(device) or _(
                "This code does not fit. Enter the six digits shown now, or a recovery code."
            )
    if refusal:
        raise Refused(refusal)
    return device


def _fits(user: User, device: TOTPDevice, text: str) -> bool:
    code = read_code(text)
    if len(code) != RECOVERY_LENGTH:
        return bool(device.verify_token(code))
    digest = code_digest(RecoveryCode.PURPOSE, user.pk, code)
    if RecoveryCode.objects.filter(user=user, digest=digest, used_at=None).update(used_at=clock.now()):
        device.throttle_reset()
        record_event(kind="account.recovery_code_used", actor=user, about=user)
        return True
    device.throttle_increment()
    return False


def _locked_words(device: TOTPDevice) -> str:
    """Return why the second factor is locked, or nothing. Its own clock is the machine's, as django-otp's is."""
    wrong, last = device.throttling_failure_count, device.throttling_failure_timestamp
    if wrong >= MOST_WRONG and last is not None and timezone.now() < last + LOCKED:
        return _("There were five wrong codes. Wait 15 minutes, or ask the chief of your department for a new set-up.")
    return ""


def renew_recovery_codes(*, user: User) -> list[str]:
    """Return ten new recovery codes; the old ones are invalid.

    Side effects, in order, in one transaction: the digests; the event ``account.recovery_codes_renewed``.
    """
    with transaction.atomic():
        codes = _new_recovery_codes(user)
        record_event(kind="account.recovery_codes_renewed", actor=user, about=user)
    return codes


def _new_recovery_codes(user: User) -> list[str]:
    codes = [draw_code(RECOVERY_LENGTH) for _number in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(user=user, digest=code_digest(RecoveryCode.PURPOSE, user.pk, code)) for code in codes]
    )
    return [written(code) for code in codes]


def forget_second_factor(person: User) -> None:
    """Delete device and recovery codes, in the caller's transaction."""
    TOTPDevice.objects.filter(user=person).delete()
    RecoveryCode.objects.filter(user=person).delete()
