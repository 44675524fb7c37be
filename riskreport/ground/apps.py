"""The ground every app stands on; it knows none of them."""

from django.apps import AppConfig
from django.forms import Field
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class GroundConfig(AppConfig):
    name = "riskreport.ground"
    label = "ground"

    def ready(self) -> None:
        """Let each app register its reactions, notices, reminders, jobs and sheets; say what an empty field wants."""
        Field.default_error_messages["required"] = _("Fill this in.")
        autodiscover_modules("reactions", "jobs", "notices", "reminders", "interfaces.sheets")
