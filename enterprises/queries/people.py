"""Who is signed in, with what every page asks of a person; who comes with a first-use code."""

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from enterprises.models import FirstUse, User
from riskreport.ground import clock


class PersonBackend(ModelBackend):
    """Django's own backend, which brings the department along: scope, rules and the bar all ask for it."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active person of that id in one query, or None."""
        person = User.objects.select_related("department").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None


def person_by_sso(identifier: str) -> User | None:
    """Return the active official whom the single sign-on calls so, or None. It never makes anybody."""
    rows = User.objects.select_related("department").filter(is_active=True, department__isnull=False)
    return rows.filter(sso_id=identifier).first()


class FirstUseBackend(PersonBackend):
    """Asks account and first-use code. It runs behind the lock of sign-in, which counts its wrong tries too."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, username: str | None = None, first_use_secret: str | None = None
    ) -> User | None:
        """Return the person whose open code this is, or None.

        An unknown account, a wrong, used or lapsed code and a closed account take the same way: one query and one
        digest, so neither the answer nor its time tells them apart.
        """
        if username is None or first_use_secret is None:
            return None
        row = FirstUse.objects.select_related("user__enterprise").filter(user__account=username).first()
        moment = clock.now()
        asked = row or FirstUse(user_id=0, digest="0" * 64, issued_at=moment, expires_at=moment)
        fits = asked.matches(first_use_secret)
        if row is None or not fits or not row.is_open(moment) or not self.user_can_authenticate(row.user):
            return None
        return row.user
