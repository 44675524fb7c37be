"""What a department says of itself: the telephone at which it answers questions."""

from django.db import transaction

from enterprises.models import Department, User
from enterprises.rules import keeps_department_phone
from riskreport.ground.domain.events import Line, record_event


def set_phone(*, department_id: int, user: User, phone: str) -> None:
    """Set the telephone that a department's letters name; an empty one takes it out.

    ``phone`` was checked by the form. Side effects, in order, in one transaction: the department is locked; the right
    is asked; the narrow update; event ``department.phone_set`` with a line of the old and the new number. The same
    number changes nothing. Raises Refused, Department.DoesNotExist.
    """
    with transaction.atomic():
        row = Department.objects.select_for_update(of=("self",)).select_related("region").get(pk=department_id)
        keeps_department_phone.check(user, row)
        if row.phone == phone:
            return
        line = Line(Department._meta.label_lower, row.pk, {"phone": row.phone}, {"phone": phone})
        Department.objects.filter(pk=row.pk).update(phone=phone)
        record_event(kind="department.phone_set", actor=user, about=row, lines=[line])
