"""Which cells of the tallies changed: triggers on filings, ratings and ledger risks mark them, whoever writes.

A trigger sees what every writer does, bulk statements and hands in the database included, in the very transaction of
the change. They are set after each migration: one that rebuilds a table on SQLite loses its triggers, and they are set
again. What happened meanwhile is unknown, so then every cell is marked.
"""

from django.db import connection, transaction

from enterprises.models.places import COUNTY_DIVISOR as COUNTY
from review.enums import FilingKind
from review.models import Filing, TallyMark
from review.models.filing import COUNTED_BY
from risks.enums import Colour
from risks.models import Rating, Risk

MARKS, FILINGS, RATINGS, RISKS = (model._meta.db_table for model in (TallyMark, Filing, Rating, Risk))
INTO = f"INSERT INTO {MARKS} (campaign_id, town_id, category_id)"
PLACED = f"f.town_id / {COUNTY} * {COUNTY} AS town_id, f.category_id"
CELL = f"f.campaign_id, {PLACED}"
LEDGER_CELL = f"CAST(NULL AS bigint) AS campaign_id, {PLACED}"
OBLIGATION = f"f.kind = '{FilingKind.OBLIGATION.value}'"
RATED = f"r.is_current AND r.colour <> '{Colour.GREY.value}'"
PLACE = ("campaign_id", "town_id", "category_id", "scale", "kind", "enterprise_id")
# table → the columns that count, and what a changed row marks; {rows} stands for the changed rows
WATCHED: dict[str, tuple[tuple[str, ...], str]] = {
    FILINGS: ((*PLACE, *COUNTED_BY), f"SELECT {CELL} FROM {{rows}} f WHERE {OBLIGATION}"),  # nosec B608
    RATINGS: (
        ("enterprise_id", "colour", "is_current"),
        f"SELECT {CELL} FROM {{rows}} r JOIN {FILINGS} f ON f.enterprise_id = r.enterprise_id"
        f" WHERE {OBLIGATION} AND {RATED}",  # nosec B608
    ),
    RISKS: (("town_id", "category_id", "state", "level"), f"SELECT {LEDGER_CELL} FROM {{rows}} f"),  # nosec B608
}


def keep_marking(**_signal: object) -> None:
    """Set the triggers that are missing; when one was, mark every cell. A second call does nothing."""
    missing = [table for table in WATCHED if not _is_set(table)]
    if missing and set(WATCHED) <= set(connection.introspection.table_names()):
        for table in missing:
            _set_triggers(table)
        mark_everything()


def mark_everything() -> None:
    """Mark every cell there is, of every campaign and the ledger, and every cell that was tallied before."""
    filings, risks = WATCHED[FILINGS][1].format(rows=FILINGS), WATCHED[RISKS][1].format(rows=RISKS)
    with transaction.atomic(), connection.cursor() as cursor:
        for select in (filings, risks, _tallied("review_tally", "campaign_id"), _tallied("review_risktally", None)):
            cursor.execute(f"{INTO} {select.replace('SELECT', 'SELECT DISTINCT', 1)}")


def _tallied(table: str, campaign: str | None) -> str:
    return f"SELECT {campaign or 'CAST(NULL AS bigint)'}, town_id, category_id FROM {table}"  # nosec B608


def _is_set(table: str) -> bool:
    catalogue = "pg_trigger WHERE tgname" if connection.vendor == "postgresql" else "sqlite_master WHERE name"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {catalogue} LIKE '{table}_marks%%'", [])  # nosec B608
        return cursor.fetchone()[0] == 3


def _set_triggers(table: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _in_postgresql(table) if connection.vendor == "postgresql" else _in_sqlite(table):
            cursor.execute(statement)


def _in_postgresql(table: str) -> list[str]:
    """One function a table, run once a statement over all rows that it changed."""
    columns, select = WATCHED[table]
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("o", "n"))
    differs = f"o JOIN after n ON n.id = o.id WHERE ({old}) IS DISTINCT FROM ({new})"
    each = f"(SELECT o.* FROM before {differs} UNION ALL SELECT n.* FROM before {differs})"  # nosec B608
    distinct = select.replace("SELECT", "SELECT DISTINCT", 1)
    function = f"""CREATE OR REPLACE FUNCTION {table}_marks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN {INTO} {distinct.format(rows="after")};
        ELSIF TG_OP = 'DELETE' THEN {INTO} {distinct.format(rows="before")};
        ELSE {INTO} {distinct.format(rows=each)};
        END IF; RETURN NULL; END $$"""
    named = {"insert": "NEW TABLE AS after", "delete": "OLD TABLE AS before"}
    named["update"] = f"{named['delete']} {named['insert']}"
    statements = [f"DROP TRIGGER IF EXISTS {table}_marks_{event} ON {table}" for event in named]
    return [
        *statements,
        function,
        *(
            f"CREATE TRIGGER {table}_marks_{event} AFTER {event.upper()} ON {table} REFERENCING {rows}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_marks()"
            for event, rows in named.items()
        ),
    ]


def _in_sqlite(table: str) -> list[str]:
    """A trigger runs once a row; there is one writer at a time, so a cell that is marked is not marked again."""
    columns, select = WATCHED[table]
    rows = {
        "insert": _row(columns, "NEW"),
        "delete": _row(columns, "OLD"),
        "update": f"{_row(columns, 'OLD')} UNION ALL {_row(columns, 'NEW')}",
    }
    differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    statements = []
    for event, found in rows.items():
        known = "m.campaign_id IS c.campaign_id AND m.town_id = c.town_id AND m.category_id = c.category_id"
        cells = select.format(rows=f"({found})")
        fresh = f"SELECT DISTINCT * FROM ({cells}) c WHERE NOT EXISTS (SELECT 1 FROM {MARKS} m WHERE {known})"  # nosec B608
        when = f"WHEN {differs}" if event == "update" else ""
        statements += [
            f"DROP TRIGGER IF EXISTS {table}_marks_{event}",
            f"CREATE TRIGGER {table}_marks_{event} AFTER {event.upper()} ON {table} {when} BEGIN {INTO} {fresh}; END",
        ]
    return statements


def _row(columns: tuple[str, ...], which: str) -> str:
    return "SELECT " + ", ".join(f"{which}.{column} AS {column}" for column in columns)
