"""The ground every app stands on; it knows none of them."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class GroundConfig(AppConfig):
    name = "riskreport.ground"
    label = "ground"

    def ready(self) -> None:
        """Let each app register its reactions, kinds of notice, job handlers and sheets."""
        autodiscover_modules("reactions", "jobs", "notices", "interfaces.sheets")
