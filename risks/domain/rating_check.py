"""Holding the rule in SQL against the explanation of single enterprises."""

from collections.abc import Sequence

from django.db import connection

from enterprises.models import Enterprise
from risks.checks.rating_sql import rated_sql
from risks.checks.rating_terms import rate
from risks.domain.rating import chosen
from risks.models import RatingRule
from risks.queries.rating_facts import facts_of

CHUNK = 1000


def check_sample(rule: RatingRule, *, sample: int) -> tuple[int, list[str]]:
    """Compare ``sample`` enterprises drawn by chance; return how many were looked at and what differs."""
    ids = list(Enterprise.objects.order_by("?").values_list("pk", flat=True)[:sample])
    found = [differing(rule, ids[start : start + CHUNK]) for start in range(0, len(ids), CHUNK)]
    return len(ids), [text for texts in found for text in texts]


def differing(rule: RatingRule, ids: Sequence[int]) -> list[str]:
    """Return a sentence for each of these enterprises whose rating by SQL is not what its explanation says."""
    condition, params = chosen(ids)
    rated = rated_sql(rule.definition, vendor=connection.vendor, chosen=condition)
    with connection.cursor() as cursor:
        cursor.execute(f"{rated} SELECT enterprise_id, colour, score, counts FROM rated", [*params * 3])  # nosec B608
        in_sql = {pk: values for pk, *values in cursor.fetchall()}
    explained = {}
    for pk, facts in facts_of(ids).items():
        one = rate(facts, rule.definition)
        explained[pk] = [str(one.colour), one.score, one.counts]
    return [
        f"enterprise {pk}: colour, score and counts are {in_sql.get(pk)} in SQL and {explained.get(pk)} as explained"
        for pk in sorted({*in_sql, *explained})
        if in_sql.get(pk) != explained.get(pk)
    ]
