"""What stands behind an account: its first-use code, its letters, its recovery codes, where it is signed in."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from riskreport.ground.models import Job


def code_digest(purpose: str, user_id: int, code: str) -> str:
    """Return the keyed digest of a code that only this person can use.

    A code is drawn by the system and holds about 59 bits, so a keyed digest is enough and ten thousand of them cost
    nothing; a slow hash is for what people choose themselves.
    """
    return salted_hmac(f"enterprises.{purpose}", f"{user_id}:{code}", algorithm="sha256").hexdigest()


class LetterBatch(models.Model):
    """Accounts issued together by one job, and the file of their letters while it may be fetched."""

    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letter_batches")
    again = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    made = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=200, blank=True)
    file_until = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(file="") | Q(file_until__isnull=False), name="letters_file_lapses")
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created_at):%Y-%m-%d %H:%M} · {self.made}"


class FirstUse(models.Model):
    """The one first-use code of a person: kept as a digest, valid until ``expires_at``, used once.

    Issuing another overwrites it, so the old one is invalid at once.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="first_use"
    )
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(LetterBatch, null=True, on_delete=models.PROTECT, related_name="codes")

    PURPOSE = "first-use"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="first_use_dates_in_order")
        ]

    def __str__(self) -> str:
        return f"code of {self.user_id}"

    def matches(self, code: str) -> bool:
        """Say whether this is the code, in a time that tells nothing about where it differs."""
        return constant_time_compare(self.digest, code_digest(self.PURPOSE, self.user_id, code))

    def is_open(self, moment: dt.datetime) -> bool:
        """Say whether it may be used at that moment."""
        return self.used_at is None and moment < self.expires_at


class RecoveryCode(models.Model):
    """One of the ten codes that stand in for a lost second factor; kept as a digest, used once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    PURPOSE = "recovery"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class SignIn(models.Model):
    """A sign-in of a person: when, with what browser, and the session it opened, so that its owner can end it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField()
    session_key = models.CharField(max_length=40, db_index=True)
    browser = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="sign_in_user"),
            models.Index(fields=["at"], name="sign_in_at"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"
