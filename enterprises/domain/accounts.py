"""What a person changes about their own account."""

from typing import Any

from django.db import transaction

from enterprises.models import User
from riskreport.ground.domain.events import record_event


def change_own_details(
    *, user: User, name: str, post: str, phone: str, email: str | None = None, wants_mail: bool | None = None
) -> bool:
    """Change a person's own name, post, telephone and, unless None, mail address and switch; return whether it did.

    Side effects, in order: the narrow update; the event ``account.changed``, which names the fields and no values. A
    second call with the same details does nothing.
    """
    mail = {"email": email, "wants_mail": wants_mail}
    wanted = {"name": name, "post": post, "phone": phone}
    wanted |= {field: value for field, value in mail.items() if value is not None}
    changed = sorted(field for field, value in wanted.items() if getattr(user, field) != value)
    if not changed:
        return False
    with transaction.atomic():
        for field in changed:
            setattr(user, field, wanted[field])
        user.save(update_fields=changed)
        record_event(kind="account.changed", actor=user, about=user, data={"fields": changed})
    return True


def change_own_password(*, user: User, password: str) -> None:
    """Set a person's new password, which the caller has checked, and note that it is their own.

    Side effects, in order: the narrow update; the event ``account.password_changed``. Every other session of the person
    ends, because sessions carry a digest of the password.
    """
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        record_event(kind="account.password_changed", actor=user, about=user)


def choose_language(*, user: Any, language: str) -> None:
    """Keep the language a person reads in. A second call does nothing; it is no act of business, so no event."""
    User.objects.filter(pk=user.pk).exclude(language=language).update(language=language)
