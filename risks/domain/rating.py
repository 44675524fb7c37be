"""Rating enterprises by the current rule and keeping why: one, those something happened to, and everybody at night."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from enterprises.models import Enterprise, User
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from risks.checks.rating_sql import rated_sql
from risks.models import Rating, RatingRule

Chosen = tuple[str, list[Any]]  # an SQL condition on the id of an enterprise, and its parameters
CHUNK = 20_000 if connection.vendor == "postgresql" else 5000  # SQLite: nobody else writes meanwhile
TABLE = Rating._meta.db_table
COLUMNS = ("town_id", "colour", "score", "counts", "overdue_since")
NAMED = ", ".join(f"n.{name}" for name in COLUMNS)
DIFFERS = " OR ".join([f"o.{name} IS DISTINCT FROM n.{name}" for name in COLUMNS] + ["o.rule_id <> %s"])
AGAINST = f"FROM rated n LEFT JOIN {TABLE} o ON o.enterprise_id = n.enterprise_id AND o.is_current"


def current_rule() -> RatingRule | None:
    """Return the rule in force."""
    return RatingRule.objects.filter(is_current=True).first()


def rate_enterprise(enterprise_id: int, *, user: User | None = None) -> Rating | None:
    """Rate one enterprise by the current rule; return its current rating, None when no rule or enterprise exists.

    Side effects as rate_enterprises.
    """
    rate_enterprises([enterprise_id], user=user)
    return Rating.objects.filter(enterprise=enterprise_id, is_current=True).select_related("rule").first()


def rate_enterprises(enterprise_ids: Iterable[int], *, user: User | None = None) -> int:
    """Rate many enterprises by the current rule; return how many ratings were written.

    In chunks of one transaction each, side effects in order: the rows of the enterprises whose rating changes are
    locked in order of their id, so two ratings of one cannot both become current; where colour, score, counts, rule or
    town differ from the current rating, that one is kept as history and a new one written; an event
    ``enterprises.rated``. A second call writes nothing. Without a current rule nothing is rated.
    """
    rule = current_rule()
    ids = sorted(set(enterprise_ids))
    if rule is None:
        return 0
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return sum(_rate(rule, chosen(chunk), user, chunk[0] if len(ids) == 1 else None) for chunk in chunks)


class Step(NamedTuple):
    """A chunk of the run for everybody: the last id rated, how many ratings were written, whether most changed."""

    last: int = 0
    written: int = 0
    most: bool = False


def rate_next(rule: RatingRule, before: Step) -> Step | None:
    """Rate the next CHUNK enterprises; None when there are no more. Side effects as rate_enterprises.

    Where most ratings of the chunk before changed (a first run, a new rule), it does not look first whose do.
    """
    ids = Enterprise.objects.filter(pk__gt=before.last).order_by("pk").values_list("pk", flat=True)
    last = ids[CHUNK - 1 : CHUNK].first() or ids.last()
    if last is None:
        return None
    chunk: Chosen = ("BETWEEN %s AND %s", [before.last + 1, last])
    written = _write(rule, chunk, None, None) if before.most else _rate(rule, chunk, None, None)
    return Step(last, written, written * 2 > CHUNK)


def rate_everybody(rule: RatingRule) -> int:
    """Rate all enterprises, chunk by chunk; return how many ratings were written. Side effects as rate_enterprises."""
    written, step = 0, rate_next(rule, Step())
    while step is not None:
        written += step.written
        step = rate_next(rule, step)
    return written


def chosen(ids: Sequence[int]) -> Chosen:
    """Return the SQL condition that an id is one of these, and its one parameter."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", [list(ids)]
    return "IN (SELECT value FROM json_each(%s))", [json.dumps(list(ids))]


def _rate(rule: RatingRule, those: Chosen, user: User | None, only: int | None) -> int:
    """Look, without a lock, whose rating changes, and write those."""
    condition, params = those
    rated = rated_sql(rule.definition, vendor=connection.vendor, chosen=condition)
    look = f"{rated} SELECT n.enterprise_id {AGAINST} WHERE o.id IS NULL OR {DIFFERS}"  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(look, [*params * 3, rule.pk])
        changed = [row[0] for row in cursor.fetchall()]
    return _write(rule, chosen(changed), user, only) if changed else 0


def _write(rule: RatingRule, those: Chosen, user: User | None, only: int | None) -> int:
    """Lock these enterprises, rate them as they now stand and write what differs; return how many."""
    condition, params = those
    rated = rated_sql(rule.definition, vendor=connection.vendor, chosen=condition)
    lock = f"""SELECT count(*) FROM (SELECT id FROM {Enterprise._meta.db_table} WHERE id {condition}
        ORDER BY id FOR NO KEY UPDATE) locked"""  # nosec B608
    known = f"SELECT 1 FROM {TABLE} WHERE is_current AND enterprise_id {condition} LIMIT 1"  # nosec B608
    retire = f"""{rated} UPDATE {TABLE} SET is_current = FALSE
        WHERE id IN (SELECT o.id {AGAINST} WHERE o.id IS NOT NULL AND ({DIFFERS}))"""  # nosec B608
    insert = f"""INSERT INTO {TABLE} (rule_id, rated_at, is_current, enterprise_id, {", ".join(COLUMNS)})
        {rated} SELECT %s, %s, TRUE, n.enterprise_id, {NAMED} {AGAINST} WHERE o.id IS NULL"""  # nosec B608
    with transaction.atomic():
        moment = connection.ops.adapt_datetimefield_value(clock.now())
        with connection.cursor() as cursor:
            if connection.features.has_select_for_update:
                cursor.execute(lock, params)
            cursor.execute(known, params)
            if cursor.fetchone():
                cursor.execute(retire, [*params * 3, rule.pk])
            cursor.execute(insert, [*params * 3, rule.pk, moment])
            written = cursor.rowcount
        if written:
            told = {"rule": rule.version, "ratings": written}
            record_event(kind="enterprises.rated", actor=user, enterprise_id=only, data=told)
    return written
