"""``python -m tests.bench.search``: finding units by two characters among a million, on PostgreSQL.

Loads a million invented units into the database of DATABASE_URL inside one transaction, asks as people would, prints
the plan's index and the time beside that of a scan of the names, and takes everything back.
"""

import os
from collections.abc import Callable
from urllib.parse import urlencode

from tests.bench.__main__ import Cost, measure, prepare

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
UNITS = """
INSERT INTO enterprises_enterprise (name, credit_code, no_code_reason, town_id, address, scale, category_id, trade_code,
    lifecycle, joined_on, left_reason, profile, version)
SELECT (ARRAY['苏州','昆山','张家港','常熟','太仓','吴江','吴中','相城'])[1 + n %% 8]
    || (ARRAY['永','金','新','华','东','恒','鑫','瑞','德','利','盛','宏','嘉','润','安','康','福','祥','泰','顺'])[1 + n / 8 %% 20]
    || (ARRAY['达','源','盛','丰','成','隆','兴','发','昌','力','科','远','博','创','辉','腾','飞','宇','诚','信'])[1 + n / 160 %% 20]
    || (ARRAY['机电','纺织','化工','电子','食品','建材','物流','五金','塑料','模具'])[1 + n / 3200 %% 10]
    || n %% 977 || (ARRAY['有限公司','股份有限公司','厂','颐养院','经营部'])[1 + n / 7 %% 5],
    'BENCH' || lpad(n::text, 13, '0'), '', towns.codes[1 + n %% cardinality(towns.codes)], '光明路' || n || '号', 'none',
    kinds.codes[1 + n / 3 %% cardinality(kinds.codes)], '', 'active', DATE '2021-01-01', '', '{}', 1
FROM generate_series(1, %s) AS n,
    (SELECT array_agg(code ORDER BY code) AS codes FROM enterprises_region WHERE level = 'town') AS towns,
    (SELECT array_agg(code ORDER BY code) AS codes FROM enterprises_category) AS kinds
"""  # noqa: E501  (a list of characters is no better in pieces)
ENTRIES = """
INSERT INTO enterprises_searchentry (enterprise_id, name, code)
SELECT id, lower(name), lower(credit_code) FROM enterprises_enterprise WHERE credit_code LIKE 'BENCH%'
"""
ASKED = ("永达", "永", "永达机电", "昆山 永达", "机电", "苏州", "公司", "有限公司", "苏州 公司", "BENCH00000012")


def load() -> None:
    """Enter the units, and see that what they are found by is what the domain would have written."""
    from django.core.cache import cache
    from django.db import connection

    from enterprises.models import Enterprise
    from enterprises.queries.search import COMMON_KEY
    from riskreport.ground.names import normal_name

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(UNITS, [ROWS])
        cursor.execute(ENTRIES)
        cursor.execute("SELECT gin_clean_pending_list('search_name_pieces')")
        cursor.execute("ANALYZE enterprises_enterprise")
        cursor.execute("ANALYZE enterprises_searchentry")
    cache.delete(COMMON_KEY)
    sample = Enterprise.objects.filter(credit_code__startswith="BENCH").select_related("search_entry")[:1000]
    assert all((row.search_entry.name, row.search_entry.code) == _normal(row, normal_name) for row in sample)


def _normal(row, normal_name) -> tuple[str, str]:
    return normal_name(row.name), normal_name(row.credit_code)


def figures() -> None:
    """Print each search by three people, and the roster's first page, beside a scan for the same characters."""
    from enterprises.models import Enterprise, SearchEntry, User
    from enterprises.queries.search import MOST_FOUND, common_pieces, found_by, search_units
    from riskreport.ground.names import pieces_of

    narrow = SearchEntry.objects.values_list("pk")
    floor = ask(lambda: narrow.filter(name__contains="永达").count())
    say("scan of the narrow table for 永达", floor, floor)
    say("scan of the roster for 永达", ask(lambda: Enterprise.objects.filter(name__icontains="永达").count()), floor)
    for text in ASKED:
        rows = Enterprise.objects.filter(found_by(text, "pk"))
        if " " not in text:
            word = text.lower()
            chosen = "scan" if common_pieces().issuperset(pieces_of(word)) else "index"
            scanned = ask(lambda w=word: narrow.filter(name__contains=w).count())
            say(f"{text}: names scanned", scanned, scanned)
            say(f"{text}: by the index", ask(lambda w=word: narrow.filter(name__holds=w).count()), scanned)
            say(f"{text}: units counted by {chosen}", ask(rows.count), scanned)
    for role in ("office", "reviewer"):
        person = User.objects.filter(is_active=True, role=role).select_related("department").order_by("id")[0]
        for text in ASKED:
            cost = ask(lambda p=person, t=text: list(search_units(p, t)[: MOST_FOUND + 1]))
            say(f"{role}: first {MOST_FOUND} of {text}", cost, floor)
            say(f"{role}: roster page of {text}", ask(lambda p=person, t=text: _first_page(p, t)), floor)


def ask(act: Callable[[], object]) -> Cost:
    """Measure what the database does: a few rounds are enough."""
    return measure(act, rounds=5)


def say(name: str, cost: Cost, floor: Cost) -> None:
    """Print one line; the ratio is of the time waited, for the work is the database's."""
    print(f"  {name:44} {cost.wall:8.2f} ms {cost.queries:4} queries {cost.wall / floor.wall:7.3f} x")


def _first_page(person, text: str) -> None:
    from django.http import QueryDict

    from riskreport.ground.sheets import get_sheet
    from riskreport.ground.sheets.paging import take_page
    from riskreport.ground.sheets.selection import Selection

    one = Selection(get_sheet("enterprises"), person, QueryDict(urlencode({"q": text})), {})
    take_page(one.keyed_rows, one.optimise, one.order, size=one.size)


def main() -> None:
    """Load, measure, take back."""
    prepare()
    from django.db import connection, transaction

    if connection.vendor != "postgresql":
        print("Finding units among a million is measured on PostgreSQL: set DATABASE_URL.")
        return
    with transaction.atomic():
        load()
        figures()
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
