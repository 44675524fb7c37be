"""What makes a large load quick on PostgreSQL: bare tables, and a second process. SQLite goes the same way alone."""

import os
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from review.domain.demo.bare import bare_tables
from review.domain.demo.beside import BesideFailed, beside
from review.models import Filing, Visit
from riskreport.ground import clock
from riskreport.ground.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
IS_POSTGRESQL = connection.vendor == "postgresql"
only_postgresql = pytest.mark.skipif(not IS_POSTGRESQL, reason="SQLite keeps its tables as they are")
ALL = """
    SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE conrelid = ANY(%s::regclass[])
    UNION ALL SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid
    FROM pg_index WHERE indrelid = ANY(%s::regclass[])"""


def rules_of(*models):
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(ALL, [tables, tables])
        return sorted(cursor.fetchall())


@only_postgresql
def test_foreign_keys_and_indexes_are_off_and_come_back_as_they_were():
    before = rules_of(Filing, Visit)
    with bare_tables([Filing, Visit]):
        within = rules_of(Filing, Visit)
        assert not any(definition.startswith("FOREIGN KEY") for _name, definition, _valid in within)
        kept = {name for name, definition, _valid in within if definition.startswith("CREATE INDEX")}
        assert all(name.startswith("review_filing_enterprise_id") for name in kept)
        assert len(kept) == 1
        unique = [row for row in before if "UNIQUE" in row[1] or "PRIMARY KEY" in row[1]]
        assert set(unique) <= set(within)
    assert rules_of(Filing, Visit) == before
    assert all(valid for _name, _definition, valid in before)


def test_what_is_handed_over_is_done_in_order_and_done_when_the_block_ends():
    def write(number):
        Event.objects.create(at=clock.now(), kind="written", data={"number": number, "process": os.getpid()})

    with beside(write) as hand_over:
        for number in range(20):
            hand_over(number)
    said = list(Event.objects.filter(kind="written").order_by("pk").values_list("data", flat=True))
    assert [row["number"] for row in said] == list(range(20))
    assert {row["process"] == os.getpid() for row in said} == {not IS_POSTGRESQL}


@only_postgresql
def test_a_second_process_that_breaks_off_is_told():
    def fail(number):
        raise LookupError(number)

    def hand_over_many():
        with beside(fail) as hand_over:
            for number in range(50):
                hand_over(number)

    with pytest.raises(BesideFailed):
        hand_over_many()


@only_postgresql
def test_a_city_poured_by_two_processes_agrees():
    call_command("load_reference", verbosity=0)
    call_command("load_city", size="sample", yes=True, verbosity=0)
    out = StringIO()
    call_command("check_progress", stdout=out)
    assert "Everything agrees." in out.getvalue()
    clock.forget()
