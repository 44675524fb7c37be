"""What a final report writes back to the roster, and what the history keeps of it."""

import pytest

from enterprises.domain.basic_information import read_basic, write_basic
from riskreport.ground.models import Event, EventLine
from tests import factories

pytestmark = pytest.mark.django_db


def test_what_a_certified_report_changes_stands_in_the_history_with_old_and_new():
    unit, person = factories.enterprise(), factories.user()
    write_basic(enterprise=unit, values=factories.BASIC, user=person)
    unit.refresh_from_db()
    write_basic(enterprise=unit, values=factories.BASIC | {"employees": "36", "longitude": "120.9619"}, user=person)
    unit.refresh_from_db()
    line = EventLine.objects.order_by("-pk")[0]
    assert (line.old, line.new, line.event.actor) == ({"employees": "35"}, {"employees": "36"}, person)
    assert read_basic(unit)["employees"] == "36"


def test_the_same_again_only_counts_the_version_up():
    unit = factories.enterprise()
    for _time in range(2):
        write_basic(enterprise=unit, values=factories.BASIC)
        unit.refresh_from_db()
    assert Event.objects.filter(kind="enterprise.certified").count() == 1
    assert unit.version == 3


def test_a_person_left_empty_is_no_contact_any_more():
    unit = factories.enterprise()
    write_basic(enterprise=unit, values=factories.BASIC)
    unit = type(unit).objects.get(pk=unit.pk)
    write_basic(enterprise=unit, values=factories.BASIC | {"safety_name": "", "safety_phone": ""})
    assert set(unit.contacts.values_list("kind", flat=True)) == {"legal", "principal"}
