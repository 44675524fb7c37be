"""First-use codes: issuing them, using one. A code is told once, to whoever issues it; what is kept is its digest."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.checks.first_codes import draw_account, draw_code
from enterprises.models import FirstUse, LetterBatch, User
from enterprises.models.accounts import code_digest
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event

VALID = dt.timedelta(days=30)
REPLACED = ["digest", "issued_at", "expires_at", "issued_by", "used_at", "batch"]


def new_accounts(prefix: str, count: int) -> list[str]:
    """Return ``count`` account names that nobody has. The unique column is the last guard."""
    found: dict[str, None] = {}
    while len(found) < count:
        drawn = {draw_account(prefix): None for _ in range(count - len(found))}
        taken = set(User.objects.filter(account__in=list(drawn)).values_list("account", flat=True))
        found.update({account: None for account in drawn if account not in taken})
    return list(found)


def issue_codes(*, people: Sequence[User], actor: User | None, batch: LetterBatch | None = None) -> list[str]:
    """Give each person a new first-use code and return the codes, in the same order; they can't be read again.

    Side effects, in the caller's transaction: one row a person, over the one that stood, so that an older code is
    invalid at once. The caller records the event. A second call makes other codes.
    """
    moment = clock.now()
    codes = [draw_code() for _ in people]
    rows = [
        FirstUse(
            user=person,
            digest=code_digest(FirstUse.PURPOSE, person.pk, code),
            issued_at=moment,
            expires_at=moment + VALID,
            issued_by=actor,
            batch=batch,
        )
        for person, code in zip(people, codes, strict=True)
    ]
    FirstUse.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["user"], update_fields=REPLACED
    )
    return codes


def use_code(*, user_id: int, digest: str, name: str, post: str, phone: str, password: str) -> User:
    """Take an account into use: the person's own name, post, telephone and password, which the caller has checked.

    ``digest`` is that of the code the person gave a moment ago. Side effects, in order, in one transaction: the code's
    row is locked and marked as used; the person's narrow update; the event ``account.first_used``. A second call with
    the same code is refused, so of two people with one code only the first gets in. Raises Refused.
    """
    with transaction.atomic():
        row = FirstUse.objects.select_for_update(of=("self",)).select_related("user").filter(user=user_id).first()
        moment = clock.now()
        if row is None or row.digest != digest or not row.is_open(moment) or not row.user.is_active:
            raise Refused(
                _(
                    "This first-use code is no longer valid: it was used, replaced by a newer one, or its time is "
                    "over. If that was not you, tell whoever sent it and ask for a new one."
                )
            )
        FirstUse.objects.filter(pk=row.pk).update(used_at=moment)
        person = row.user
        person.name, person.post, person.phone = name, post, phone
        person.set_password(password)
        person.must_change_password = False
        person.save(update_fields=["name", "post", "phone", "password", "must_change_password"])
        record_event(kind="account.first_used", actor=person, about=person, enterprise_id=person.enterprise_id)
    return person
