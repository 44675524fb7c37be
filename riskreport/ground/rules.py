"""The rules the ground itself needs."""

from django.utils.translation import gettext_lazy as _

from riskreport.ground.access import rule


@rule(_("Sign in to continue."))
def has_account(user, obj=None) -> bool:
    """Anybody who is signed in."""
    return user.is_authenticated
