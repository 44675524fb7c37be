"""Who is signed in, with what every page asks of a person."""

from django.contrib.auth.backends import ModelBackend

from enterprises.models import User


class PersonBackend(ModelBackend):
    """Django's own backend, which brings the department along: scope, rules and the bar all ask for it."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active person of that id in one query, or None."""
        person = User.objects.select_related("department").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
