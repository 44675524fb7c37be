"""What is personal of people who have left goes after a time; that somebody acted, and for which office, stays."""

import datetime as dt

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from enterprises.domain.second_factor import forget_second_factor
from enterprises.models import FirstUse, SignIn, User
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.models import Delivery, Notice, Reminder


def mask_leavers() -> int:
    """Mask everybody whose account was closed LEAVERS_KEPT_DAYS ago or earlier; return how many. Safe to run twice."""
    before = clock.now() - dt.timedelta(days=settings.LEAVERS_KEPT_DAYS)
    rows = User.objects.filter(is_active=False, left_at__lt=before, masked_at=None).order_by("pk")
    return sum(mask_person(pk) for pk in rows.values_list("pk", flat=True).iterator(chunk_size=1000))


def mask_person(person_id: int) -> bool:
    """Mask one person who has left; return whether this call did.

    Side effects, in order, in one transaction: the row is locked and asked again whether the account is closed; name
    and account become “former person n”, telephone, mail address and password go, post and office stay; second factor,
    first-use code, notes of sign-ins, failed sign-ins, the inbox and what was reminded of are deleted; the event
    ``person.masked``, which says no name. What was filed, signed and decided stays as it is.
    A second call does nothing.
    """
    with transaction.atomic():
        person = User.objects.select_for_update().filter(pk=person_id, is_active=False, masked_at=None).first()
        if person is None:
            return False
        for kept in (AccessAttempt, AccessFailureLog, AccessLog):
            kept.objects.filter(username=person.account).delete()
        for mine in (FirstUse, SignIn, Notice, Reminder, Delivery):
            mine.objects.filter(user=person).delete()
        forget_second_factor(person)
        with translation.override(settings.LANGUAGE_CODE):
            person.name = _("Former person %(number)s") % {"number": person.pk}
        person.account, person.password = f"former-{person.pk}", make_password(None)
        person.phone = person.email = ""
        person.masked_at = clock.now()
        person.save(update_fields=["name", "account", "phone", "email", "password", "masked_at"])
        record_event(kind="person.masked", actor=None, about=person, enterprise_id=person.enterprise_id)
    return True
