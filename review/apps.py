"""How dangers are reported and judged: campaigns, filings, decisions, boards; homes and archives."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "review"
    verbose_name = _("Reporting")

    def ready(self) -> None:
        """See to it, after each migration, that what changes the boards is marked."""
        from review.domain.tallies.marking import keep_marking

        post_migrate.connect(keep_marking, sender=self)
