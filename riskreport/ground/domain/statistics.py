"""What the database knows of its tables, by which it chooses its indexes."""

from django.db import connection


def refresh_statistics() -> None:
    """Tell the database what its tables hold now; safe to run twice.

    PostgreSQL does so by itself within a minute or so, SQLite never. After a bulk load it is too late by then: plans
    made for empty tables are several times as slow. Outside a transaction PostgreSQL tidies the pages too, so that an
    index can be read alone.
    """
    may_vacuum = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        if may_vacuum:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("RESET statement_timeout")
        else:
            cursor.execute("ANALYZE")
