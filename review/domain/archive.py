"""Reading what is personal in an archive, which leaves a trace."""

from django.db import transaction

from enterprises.models import Enterprise, User
from enterprises.rules import may_read_phones
from riskreport.ground.domain.events import record_event


def read_phones(*, enterprise: Enterprise, user: User) -> None:
    """Record that a person reads an enterprise's telephone numbers in full; the caller then shows them once.

    Side effect: event ``enterprise.phones_read``, each time. Raises Refused for a role that does not need them.
    """
    may_read_phones.check(user, enterprise)
    with transaction.atomic():
        record_event(kind="enterprise.phones_read", actor=user, about=enterprise, enterprise_id=enterprise.pk)
