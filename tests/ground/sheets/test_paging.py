"""Pages by key: every row once, in the same order from either end, with nulls and equal values."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskreport.ground import clock
from riskreport.ground.models import Job
from riskreport.ground.sheets import paging
from riskreport.ground.sheets.paging import Cursor, Order, count_capped, is_known, take_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    """Eleven jobs: a third was never started, several started at the same moment, kinds repeat."""
    moment = clock.now().replace(microsecond=123_456)
    for number in range(11):
        started = None if number % 3 == 0 else moment - dt.timedelta(microseconds=number // 4)
        Job.objects.create(kind=f"kind {number % 2}", created_at=moment, started_at=started, tries=number)
    return Job.objects.all()


def walk(rows, order, *, size=3):
    """Go forwards to the end and back again; return the tries seen both ways and the last page of the way back."""
    page = take_page(rows, lambda some: some, order, size=size)
    forwards, pages = [row.tries for row in page.rows], [page]
    while page.after:
        page = take_page(rows, lambda some: some, order, size=size, after=page.after)
        forwards += [row.tries for row in page.rows]
        pages.append(page)
    backwards = [row.tries for row in page.rows]
    while page.before:
        page = take_page(rows, lambda some: some, order, size=size, before=page.before)
        backwards = [row.tries for row in page.rows] + backwards
    return forwards, backwards, page, pages


@pytest.mark.parametrize("path", ["", "kind", "started_at", "tries", "owner__name"])
@pytest.mark.parametrize("descending", [False, True])
def test_every_row_comes_once_from_either_end(rows, path, descending):
    order = Order.of(rows, path, descending=descending)
    forwards, backwards, first, pages = walk(rows, order)
    assert forwards == [row.tries for row in order.apply(rows)]
    assert backwards == forwards
    assert sorted(forwards) == list(range(11))
    assert first.start == 1
    assert first.before == ""
    assert [page.start for page in pages] == [1, 4, 7, 10]
    assert {page.count for page in pages} == {11}


@pytest.mark.parametrize("descending", [False, True])
def test_nulls_stand_at_the_same_end_on_every_database(rows, descending):
    order = Order.of(rows, "started_at", descending=descending)
    values = [row.started_at for row in order.apply(rows)]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=descending)
    assert values == ([None] * 4 + known if descending else known + [None] * 4)


def test_a_page_is_three_queries_however_deep(rows):
    order = Order.of(rows, "kind", descending=False)
    page = take_page(rows, lambda some: some, order, size=3)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        take_page(rows, lambda some: some, order, size=3, after=page.after)
    assert len(asked) == 3
    assert not any("OFFSET" in query["sql"] for query in asked)


@pytest.mark.parametrize("text", ["x", "W10", "bm90IGpzb24", "WzEsMl0", "WyJhIiwieCIsMV0", "€"])
def test_a_cursor_that_is_none_gives_the_first_page(rows, text):
    order = Order.of(rows, "tries", descending=False)
    assert Cursor.read(text, order, rows) is None
    page = take_page(rows, lambda some: some, order, size=3, after=text)
    assert [row.tries for row in page.rows] == [0, 1, 2]


def test_a_cursor_keeps_microseconds(rows):
    order = Order.of(rows, "created_at", descending=False)
    moment = rows[0].created_at
    assert Cursor.read(Cursor(moment, 7, 3).write(), order, rows) == Cursor(moment, 7, 3)


def test_counts_are_capped(rows, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_CAP", 5)
    assert count_capped(rows) == 6
    assert take_page(rows, lambda some: some, Order.of(rows, "", descending=False), size=3).is_capped


def test_no_rows_give_an_empty_page(rows):
    page = take_page(rows.none(), lambda some: some, Order.of(rows, "", descending=False), size=3)
    assert (page.rows, page.count, page.start, page.before, page.after) == ([], 0, 0, "", "")


def test_only_fields_and_annotations_of_the_rows_are_known(rows):
    assert is_known(rows, "owner_id")
    assert is_known(rows, "owner__name")
    assert not is_known(rows, "brought_by_a_join")
