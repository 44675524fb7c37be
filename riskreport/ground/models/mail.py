"""A mail that is owed to a person, and whether it was sent."""

from django.conf import settings
from django.db import models


class Mail(models.Model):
    """A digest of unread notices. ``key`` makes it one a night; the address is the person's when it is sent."""

    key = models.CharField(max_length=80, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mails")
    unread = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.key

    @property
    def message_id(self) -> str:
        """The same at every try, so that a mail server can drop the second of two."""
        return f"<{self.key.replace(' ', '.')}@{settings.OFFICE_DOMAIN}>"
