"""``python -m tests.bench.ratings [UNITS]``: every enterprise rated, held against the bare insert of the results.

Works on an empty database of DATABASE_URL, or on SQLite below DATA_DIR/bench-ratings, with a million invented units
and 1.1 million risks; what it loads, it takes out again. Prints the run for all, the bare insert of the same rows into
the same table, a second run that finds nothing changed, and the longest time the write lock of SQLite was held.
"""

import os
import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

DATA_DIR = Path(os.environ.get("DATA_DIR", "var"), "bench-ratings")
os.environ.update(DJANGO_SETTINGS_MODULE="riskreport.settings", DEMO="1", DATA_DIR=str(DATA_DIR), LOG_LEVEL="ERROR")
UNITS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
MEASURES = (
    '{"engineering": ["加装喷淋和火灾自动报警系统，保持联动"], "management": ["每日巡查两次并记录", "每周检查一次"], '
    '"training": ["每季组织一次培训"], "protection": ["配备灭火毯和面具"], "emergency": ["每半年演练一次疏散"]}'
)
NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"
ENTERPRISES = f"""
INSERT INTO enterprises_enterprise (name, credit_code, no_code_reason, town_id, address, scale, category_id, trade_code,
    lifecycle, joined_on, left_reason, profile, version, standard_grade)
{NUMBERS} SELECT '苏州市第' || n || '有限公司', 'BENCH' || (1000000000000 + n), '', towns.code, '光明路', 'none',
    kinds.code, '', 'active', '2021-01-01', '', '{{}}', 1, CASE WHEN n % 4 = 0 THEN 1 + n % 3 END
FROM numbers
JOIN (SELECT code, row_number() OVER (ORDER BY code) AS k, count(*) OVER () AS many FROM enterprises_region
    WHERE level = 'town') towns ON towns.k = 1 + n % towns.many
JOIN (SELECT code, row_number() OVER (ORDER BY code) AS k, count(*) OVER () AS many FROM enterprises_category) kinds
    ON kinds.k = 1 + n % kinds.many
"""
STANDINGS = """
INSERT INTO risks_standing (enterprise_id, first_reported_on, open_faults, overdue_faults, zero_risk)
SELECT id, '2021-06-01', id % 2, CASE WHEN id % 11 = 0 THEN 1 ELSE 0 END, FALSE FROM enterprises_enterprise
WHERE id % 20 <> 0
"""
RISKS = f"""
INSERT INTO risks_risk (lineage, name, point, place, consequence, level, method, assessment, lower_reason, measures,
    responsible_department, responsible_name, responsible_post, responsible_phone, rank, enterprise_id, town_id,
    category_id, state, filing_id, snapshot_id, recorded_on)
SELECT {{uuid}}, '人员密集场所火灾', '', '一号楼', '可能造成人员伤亡', CASE WHEN (e.id + k.n) % 9 = 0 THEN 'major' ELSE 'larger' END,
    'catalogue', '{{{{}}}}', '', '{MEASURES.replace("{", "{{").replace("}", "}}")}', '安全部', '吴强', '副总经理', '13711112222', 'deputy',
    e.id, e.town_id, e.category_id, 'active', 1, 1, '2021-06-01'
FROM enterprises_enterprise e JOIN (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3) k ON k.n <= e.id % 4
WHERE e.id % 20 <> 0 AND e.id % 8 < 7
"""  # noqa: E501  (one row of one table)
COLUMNS = "enterprise_id, town_id, rule_id, colour, score, counts, overdue_since, rated_at, is_current"
KEEP = f"CREATE TABLE bench_results AS SELECT {COLUMNS} FROM risks_rating"
BARE = f"INSERT INTO risks_rating ({COLUMNS}) SELECT {COLUMNS} FROM bench_results"
TABLES = ("risks_rating", "risks_risk", "risks_standing", "enterprises_searchentry", "enterprises_enterprise")


def run(*statements: str) -> None:
    """Run statements, each in a transaction of its own, without a time limit."""
    from django.db import connection, transaction

    for statement in statements:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(statement)


def empty(*tables: str) -> None:
    """Take every row out of these tables."""
    from django.db import connection

    if connection.vendor == "postgresql":
        run(f"TRUNCATE {', '.join(tables)} CASCADE")
    else:
        run(*(f"DELETE FROM {table}" for table in tables))


def timed(act: Callable[[], object]) -> tuple[float, object]:
    """Return the wall time of an act in seconds, and its answer."""
    began = time.perf_counter()
    answer = act()
    return time.perf_counter() - began, answer


def load() -> None:
    """Make the tables, the reference data and the units with what a colour depends on."""
    from django.core.management import call_command
    from django.db import connection

    from enterprises.models import Enterprise

    call_command("migrate", verbosity=0)
    call_command("load_reference", stdout=StringIO())
    if Enterprise.objects.exists():
        sys.exit("The database holds enterprises. Give an empty one: what this loads, it takes out again.")
    is_postgresql = connection.vendor == "postgresql"
    uuid = "gen_random_uuid()" if is_postgresql else "lower(hex(randomblob(16)))"
    numbered = ENTERPRISES.replace("%s", str(UNITS))
    run(numbered, STANDINGS, RISKS.format(uuid=uuid))
    run("ANALYZE")


def longest_write(act: Callable[[], object]) -> tuple[float, object]:
    """Run an act; return the longest time one of its transactions lasted, in seconds, and its answer."""
    from django.db import connection

    began, longest = [0.0], [0.0]

    def watch(execute, sql, params, many, context):
        if sql.startswith("BEGIN"):
            began[0] = time.perf_counter()
        answer = execute(sql, params, many, context)
        longest[0] = max(longest[0], time.perf_counter() - began[0] if connection.in_atomic_block else 0.0)
        return answer

    with connection.execute_wrapper(watch):
        answer = act()
    return longest[0], answer


def figures() -> None:
    """Print the run, its floor, the second run and the longest hold of the write lock."""
    from django.db import connection

    from risks.domain.rating import current_rule, rate_everybody
    from risks.queries.ratings import count_by_colour

    rule = current_rule()
    runs, floors, hold = [], [], 0.0
    for turn in range(2):
        empty("risks_rating")
        seconds, (hold, written) = timed(lambda: longest_write(lambda: rate_everybody(rule)))
        runs.append(seconds)
        if turn == 0:
            run(
                "DROP TABLE IF EXISTS bench_results",
                f"CREATE TABLE bench_results AS SELECT {COLUMNS} FROM risks_rating",
            )
        empty("risks_rating")
        floors.append(timed(lambda: run(BARE))[0])
    again, nothing = timed(lambda: rate_everybody(rule))
    assert nothing == 0, f"{nothing} of the rows inserted bare would be rated anew"
    told = ", ".join(f"{colour} {count}" for colour, count in count_by_colour().items())
    print(f"{connection.vendor}: {written} ratings ({told})")
    print(f"  everybody rated     {min(runs):8.2f} s   {min(runs) / min(floors):5.2f} x the bare insert")
    print(f"  bare insert         {min(floors):8.2f} s")
    print(f"  nothing changed     {again:8.2f} s   {again / min(floors):5.2f} x the bare insert")
    if connection.vendor == "sqlite":
        print(f"  write lock held     {hold:8.2f} s at the longest")


def main() -> None:
    """Load, measure, take out."""
    import django

    django.setup()
    load()
    try:
        figures()
    finally:
        run("DROP TABLE IF EXISTS bench_results")
        empty(*TABLES)


if __name__ == "__main__":
    main()
