"""Who is who: regions, departments, sectors, enterprises, people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    verbose_name = _("Enterprises")

    def ready(self) -> None:
        """Let what follows the roster register itself."""
        from enterprises.domain import search  # noqa: F401
