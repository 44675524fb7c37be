"""Writing many rows from plain tuples: defaults, JSON, what stands already, ids."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from enterprises.models import SearchEntry
from review.models import Filing
from riskreport.ground.domain import many_rows
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.many_rows import reserve_ids, write_rows
from riskreport.ground.models import Event, EventLine
from tests import factories

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 1, 1)
TEXT = "制表\t换行\n反斜杠\\ 引号'\" 百分%s 表情😀"


def test_text_and_json_come_back_as_they_were():
    event = record_event(kind="x", actor=None)
    columns = ("event_id", "object_type", "object_id", "old", "new")
    write_rows(EventLine, columns, [(event.pk, TEXT, 1, {}, {TEXT: [TEXT, None, 1.5, True]})])
    line = EventLine.objects.get()
    assert (line.object_type, line.object_id, line.old, line.new) == (TEXT, 1, {}, {TEXT: [TEXT, None, 1.5, True]})


def test_columns_not_given_get_their_defaults():
    event = record_event(kind="x", actor=None)
    write_rows(EventLine, ("event_id", "object_id"), [(event.pk, 1)])
    line = EventLine.objects.get()
    assert (line.object_type, line.old, line.new) == ("", {}, {})


def test_an_obligation_written_so_is_the_one_a_model_would_write():
    unit, campaign = factories.enterprise(), factories.campaign()
    given = {
        "campaign_id": campaign.pk, "enterprise_id": unit.pk, "department_id": factories.bureau("civil").pk,
        "town_id": unit.town_id, "category_id": unit.category_id, "scale": "below", "joined_on": DAY, "due_on": DAY,
    }  # fmt: skip
    write_rows(Filing, tuple(given), [tuple(given.values())])
    row, plain = Filing.objects.get(), Filing(**given)
    names = [field.attname for field in Filing._meta.concrete_fields if not field.primary_key]
    assert {name: getattr(row, name) for name in names} == {name: getattr(plain, name) for name in names}


def test_a_row_that_stands_takes_over_what_is_given_and_only_with_a_key():
    one, two = factories.enterprise(), factories.enterprise()
    columns = ("enterprise_id", "name", "code")
    write_rows(SearchEntry, columns, [(one.pk, "甲", "1"), (two.pk, "乙", "2")], key="enterprise_id")
    assert dict(SearchEntry.objects.values_list("pk", "name")) == {one.pk: "甲", two.pk: "乙"}
    with pytest.raises(IntegrityError), transaction.atomic():
        write_rows(SearchEntry, columns, [(one.pk, "丙", "3")])
    assert SearchEntry.objects.get(pk=one.pk).name == "甲"


def test_ids_are_given_once_and_are_the_next_ones():
    first = record_event(kind="x", actor=None)
    ids = [*reserve_ids(Event, 2)]
    columns = ("id", "at", "kind")
    write_rows(Event, columns, [(pk, first.at, "y") for pk in ids])
    later = record_event(kind="z", actor=None)
    assert first.pk < ids[0] < ids[1] < later.pk
    assert Event.objects.get(pk=ids[1]).at == first.at


def test_a_first_id_is_given_for_a_table_that_never_had_a_row():
    assert reserve_ids(Filing, 1)[0] >= 1


@pytest.mark.parametrize(("count", "statements"), [(0, 0), (1, 1), (3, 1), (4, 2)])
def test_rows_are_written_some_thousand_a_statement(monkeypatch, count, statements):
    monkeypatch.setattr(many_rows, "AT_ONCE", 3)
    event = record_event(kind="x", actor=None)
    with CaptureQueriesContext(connection) as asked:
        write_rows(EventLine, ("event_id", "object_id"), [(event.pk, number) for number in range(count)])
    assert (len(asked), EventLine.objects.count()) == (statements, count)
