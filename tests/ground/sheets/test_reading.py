"""Plain rows of an export: each once, in the order of the list, within scope and filter when it is read."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from enterprises.enums import Role
from enterprises.models import Enterprise
from riskreport.ground.sheets import get_sheet, reading
from riskreport.ground.sheets.reading import fields_of, keys_in_order, plain_rows
from riskreport.ground.sheets.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db


def selection(query: str = "") -> Selection:
    return Selection(get_sheet("enterprises"), factories.user(Role.OFFICE), QueryDict(query), {})


@pytest.mark.parametrize("query", ["sort=name", "sort=-name", "sort=county", "sort=-left", "sort=scale"])
def test_every_row_comes_once_in_the_order_of_the_list(query, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 3)
    for number in range(8):
        factories.enterprise(name=f"单位{number % 3}", town=(factories.HUAQIAO, factories.YUSHAN)[number % 2])
    asked = selection(query)
    chunks = list(plain_rows(asked, keys_in_order(asked)))
    assert [len(chunk) for chunk in chunks] == [3, 3, 2]
    assert [row[0] for chunk in chunks for row in chunk] == [row.pk for row in asked.order.apply(asked.rows)]


def test_a_row_that_left_meanwhile_is_left_out_and_none_comes_twice(monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 2)
    units = [factories.enterprise(name=f"单位{number}", scale="above") for number in range(5)]
    asked = selection("sort=name&scale=above&cols=name")
    rows = plain_rows(asked, keys_in_order(asked))
    seen = next(rows)
    Enterprise.objects.filter(pk=units[0].pk).update(name="单位9")  # it would come again behind the others
    Enterprise.objects.filter(pk=units[3].pk).update(scale="below")
    seen += [row for chunk in rows for row in chunk]
    assert [row[0] for row in seen] == [units[number].pk for number in (0, 1, 2, 4)]


def test_only_what_the_columns_read_is_asked_for():
    asked = selection("cols=code")
    assert fields_of(asked.columns) == ["pk", "name", "credit_code", "temporary_code"]


@pytest.mark.parametrize("count", [1, 3])
def test_two_queries_for_few_rows_and_for_many(django_assert_num_queries, count):
    for _number in range(count):
        factories.enterprise(further=("1402", "1501"))
    asked = selection("cols=" + ",".join(get_sheet("enterprises").by_key))
    assert asked.full_rows is not None
    with django_assert_num_queries(2):
        assert sum(map(len, plain_rows(asked, keys_in_order(asked)))) == count


def test_the_keys_of_a_chunk_are_one_parameter(monkeypatch):
    for _number in range(3):
        factories.enterprise()
    asked = selection("cols=name")
    keys = keys_in_order(asked)
    with CaptureQueriesContext(connection) as captured:
        list(plain_rows(asked, keys))
    assert "json_each" in captured[0]["sql"] or "= ANY(" in captured[0]["sql"]
