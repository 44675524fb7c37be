"""Two people changed the same thing: both texts are kept and shown."""

from django.utils.translation import gettext as _

from riskreport.ground.access import Refused


class ContentConflict(Refused):
    """Somebody else saved the same part meanwhile. ``theirs`` is what stands, ``yours`` what was typed."""

    def __init__(self, *, theirs: dict, yours: dict, version: int | str) -> None:
        self.theirs, self.yours, self.version = theirs, yours, version
        super().__init__(
            _("This part was changed in another window or by a colleague. Both versions are shown: choose one.")
        )
