"""The database refuses to change an event, whatever the code above it does."""

import pytest
from django.db import IntegrityError, transaction

from riskreport.ground.domain.events import record_event
from riskreport.ground.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return record_event(kind="test.happened", actor=None, data={"note": "as it was"})


def test_an_event_cannot_be_updated_by_a_query(event):
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(kind="test.rewritten")
    assert Event.objects.get(pk=event.pk).kind == "test.happened"


def test_an_event_cannot_be_saved_again(event):
    event.data = {"note": "rewritten"}
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()
    assert Event.objects.get(pk=event.pk).data == {"note": "as it was"}


def test_emptying_a_test_database_still_works(event):
    assert Event.objects.filter(pk=event.pk).delete()[0] == 1
