"""Tables of PostgreSQL without their foreign keys and secondary indexes while very many rows are poured in."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model

PATIENT = "SET statement_timeout = 0; SET maintenance_work_mem = '512MB'"
SIDE_BY_SIDE = 2  # indexes built at once: one processor each
USUAL = "RESET statement_timeout; RESET maintenance_work_mem"
KEYS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY conrelid, conname"""
# What follows the roster asks for rows by their unit: an index of that alone stays.
INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index LEFT JOIN pg_attribute ON attrelid = indrelid AND attname = 'enterprise_id'
    WHERE NOT indisunique AND indrelid = ANY(%s::regclass[]) AND indkey::text IS DISTINCT FROM attnum::text
    ORDER BY indrelid, indexrelid"""


@contextmanager
def bare_tables(models: Iterable[type[Model]]) -> Iterator[None]:
    """Take foreign keys and all but unique indexes off these tables, and put them back.

    What comes back is built, two indexes at a time, and checked over all rows at once, so nothing that breaks a rule
    can have slipped in: IntegrityError is raised then. In a transaction, and on SQLite, nothing is taken off.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(PATIENT)
        cursor.execute(KEYS, [tables])
        keys = cursor.fetchall()
        cursor.execute(INDEXES, [tables])
        indexes = cursor.fetchall()
        for take_off, _put_back in (*keys, *indexes):
            cursor.execute(take_off)
    try:
        yield
    finally:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            list(pool.map(_build, sorted((put_back for _take_off, put_back in indexes), key=_is_quick)))
        with connection.cursor() as cursor:
            cursor.execute(PATIENT)
            for _take_off, put_back in keys:
                cursor.execute(put_back)
            cursor.execute(USUAL)


def _is_quick(statement: str) -> bool:
    """Whether an index is built sooner than the inverted ones, which are begun first."""
    return "USING gin" not in statement


def _build(statement: str) -> None:
    """Build one index over a connection of the thread's own."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(PATIENT)
            cursor.execute(statement)
    finally:
        connection.close()
