"""Rules of passwords where Django's own words are not translated."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """At least so many characters; Django's message exists with plural forms only, which no Chinese catalogue holds."""

    def get_error_message(self) -> str:
        """Return the sentence for a password that is too short."""
        return _("The password is too short: at least %(count)s characters are needed.") % {"count": self.min_length}
