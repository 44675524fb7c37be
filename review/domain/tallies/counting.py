"""The tallies written: marked cells are counted anew from the filings and the ledger, never added to."""

from collections.abc import Callable, Iterable

from django.db import connection, transaction

from enterprises.models.places import COUNTY_DIVISOR as COUNTY
from review.enums import FUNNEL, FilingKind
from review.models import RiskTally, Tally, TallyMark
from review.models.tally import FIGURES, LAST, RATED, STANDING
from risks.enums import LARGER_AND_ABOVE, RiskState

LOCK = 7_100_031  # held until the transaction ends: of two counts of a cell at once the older could be written last
KEY = ("campaign_id", "town_id", "category_id", "scale")
COLUMNS = (*KEY, "day", *FIGURES, *STANDING)
RISK_COLUMNS = ("town_id", "category_id", "level", "n")
TALLY, RISK_TALLY, MARKS = (model._meta.db_table for model in (Tally, RiskTally, TallyMark))
CELL = ", ".join(KEY)
STANDS = [f"state = '{state.value}'" for state in FUNNEL] + [f"colour = '{colour}'" for colour in RATED]
EVER = ", ".join(
    [f"SUM({name})" for name in FIGURES] + [f"SUM(CASE WHEN {is_so} THEN expected ELSE 0 END)" for is_so in STANDS]
)
FALLS = ", ".join(
    [f"-SUM({name})" for name in FIGURES] + [f"SUM(CASE WHEN {is_so} THEN -expected ELSE 0 END)" for is_so in STANDS]
)
# Each time a filing is expected, and what the days at its ends change: the conditions of review.queries.completion.
COUNTED = f"""
    WITH filings AS (
        SELECT f.campaign_id, f.town_id / {COUNTY} * {COUNTY} AS town_id, f.category_id, f.scale, f.state, r.colour,
            f.joined_on, f.left_on, f.away_from, f.away_until, f.first_filed_on AS filed_on,
            CASE WHEN f.first_filed_on <= f.due_on THEN 1 ELSE 0 END AS in_time
        FROM review_filing f
        LEFT JOIN risks_rating r ON r.enterprise_id = f.enterprise_id AND r.is_current
        WHERE f.kind = '{FilingKind.OBLIGATION.value}' AND f.campaign_id = %s
            AND f.town_id >= %s AND f.town_id < %s AND f.{{among}}
    ), times AS (
        SELECT filings.*, joined_on AS since,
            CASE WHEN left_on IS NULL OR away_from < left_on THEN COALESCE(away_from, left_on) ELSE left_on END AS until
        FROM filings
        UNION ALL SELECT filings.*, away_until, left_on FROM filings WHERE away_until IS NOT NULL
    ), held AS (
        SELECT * FROM times WHERE until IS NULL OR since < until
    ), done AS (
        SELECT * FROM held WHERE filed_on < until OR (until IS NULL AND filed_on IS NOT NULL)
    ), changes AS (
        SELECT {CELL}, state, colour, since AS day, 1 AS expected, 0 AS actual, 0 AS on_time FROM held
        UNION ALL SELECT {CELL}, state, colour, until, -1, 0, 0 FROM held WHERE until IS NOT NULL
        UNION ALL SELECT {CELL}, state, colour, CASE WHEN filed_on > since THEN filed_on ELSE since END, 0, 1, in_time
            FROM done
        UNION ALL SELECT {CELL}, state, colour, until, 0, -1, -in_time FROM done WHERE until IS NOT NULL
    )
    SELECT {CELL}, day, {FALLS} FROM changes GROUP BY {CELL}, day
    UNION ALL SELECT {CELL}, {{last}}, {EVER} FROM changes GROUP BY {CELL}"""  # nosec B608
LEDGER = f"""
    SELECT f.town_id / {COUNTY} * {COUNTY}, f.category_id, f.level, COUNT(*) FROM risks_risk f
    WHERE f.state = '{RiskState.ACTIVE.value}'
        AND f.level IN ({", ".join(f"'{level.value}'" for level in sorted(LARGER_AND_ABOVE))})
        AND f.town_id >= %s AND f.town_id < %s AND f.{{among}}
    GROUP BY f.town_id / {COUNTY} * {COUNTY}, f.category_id, f.level"""  # nosec B608


def count_marked(alive: Callable[[], None] = lambda: None) -> int:
    """Count anew every cell that is marked; return how many were.

    A county of a campaign at a time, each in a short transaction: its marks go, its marked cells are counted as they
    now stand. What is marked meanwhile stays marked. Safe to run twice and at the same time. ``alive`` is called after
    each county.
    """
    counted = 0
    for campaign_id, town_id in TallyMark.objects.order_by().values_list("campaign_id", "town_id").distinct():
        with transaction.atomic():
            counted += _count_county(campaign_id, town_id)
        alive()
    return counted


def _count_county(campaign_id: int | None, town_id: int) -> int:
    """Count the marked categories of a county; its marks are taken when the lock is held, so each is seen by one."""
    here, place = "town_id = %s", [town_id]
    if campaign_id is not None:
        here, place = "town_id = %s AND campaign_id = %s", [town_id, campaign_id]
    of_it = here if campaign_id is not None else f"{here} AND campaign_id IS NULL"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(f"DELETE FROM {MARKS} WHERE {of_it} RETURNING category_id", place)  # nosec B608
        codes = sorted({row[0] for row in cursor.fetchall()})
        if codes:
            table, columns, select, params = counting_sql(campaign_id, town_id, codes)
            cursor.execute(f"DELETE FROM {table} WHERE {here} AND {_among(codes)}", [*place, *codes])  # nosec B608
            cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) {select}", params)  # nosec B608
    return len(codes)


def counting_sql(
    campaign_id: int | None, town_id: int, codes: Iterable[str]
) -> tuple[str, tuple[str, ...], str, list[int | str]]:
    """Return table, columns, SELECT and parameters by which these categories of a county are counted.

    ``campaign_id`` None means the ledger's risks.
    """
    among, bounds = _among(codes), [town_id, town_id + COUNTY, *codes]
    if campaign_id is None:
        return RISK_TALLY, RISK_COLUMNS, LEDGER.format(among=among), bounds
    last = f"DATE '{LAST}'" if connection.vendor == "postgresql" else f"'{LAST}'"
    return TALLY, COLUMNS, COUNTED.format(among=among, last=last), [campaign_id, *bounds]


def _among(codes: Iterable[str]) -> str:
    return f"category_id IN ({', '.join('%s' for _code in codes)})"
