"""Rating enterprises by the current rule and keeping why."""

from collections.abc import Iterable

from django.db import transaction

from enterprises.models import Enterprise, User
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.models import EventLine
from risks.checks.rating_terms import Rated, rate
from risks.models import Rating, RatingRule
from risks.queries.rating_facts import RatingFacts, facts_of

CHUNK = 1000
LOWEST, HIGHEST = -32_768, 32_767  # the column's bounds


def rate_enterprise(enterprise_id: int, *, user: User | None = None) -> Rating | None:
    """Rate one enterprise by the current rule; return its current rating, None when no rule or enterprise exists.

    Side effects as rate_enterprises.
    """
    rate_enterprises([enterprise_id], user=user)
    return Rating.objects.filter(enterprise=enterprise_id, is_current=True).select_related("rule").first()


def rate_enterprises(enterprise_ids: Iterable[int], *, user: User | None = None) -> int:
    """Rate many enterprises by the current rule; return how many ratings were written.

    In chunks of one transaction each, side effects in order: the enterprises' rows are locked in order of their id, so
    two ratings of one cannot both become current; where colour, score, trace, rule or town differ from the current
    rating, that one is kept as history and a new one written; an event ``enterprises.rated`` with a line each. A second
    call writes nothing. Without a current rule nothing is rated.
    """
    rule = RatingRule.objects.filter(is_current=True).first()
    ids = sorted(set(enterprise_ids))
    if rule is None:
        return 0
    return sum(_rate_chunk(ids[start : start + CHUNK], rule, user) for start in range(0, len(ids), CHUNK))


def _rate_chunk(ids: list[int], rule: RatingRule, user: User | None) -> int:
    with transaction.atomic():
        list(Enterprise.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
        known = {row.enterprise_id: row for row in Rating.objects.filter(enterprise__in=ids, is_current=True)}
        fresh = []
        for facts in facts_of(ids).values():
            new = _rating(facts, rate(facts, rule.definition), rule)
            old = known.get(facts.enterprise_id)
            if old is None or _differs(old, new):
                fresh.append(new)
        if fresh:
            replaced = [known[row.enterprise_id].pk for row in fresh if row.enterprise_id in known]
            Rating.objects.filter(pk__in=replaced).update(is_current=False)
            Rating.objects.bulk_create(fresh, batch_size=CHUNK)
            _record(fresh, known, rule, user)
    return len(fresh)


def _rating(facts: RatingFacts, rated: Rated, rule: RatingRule) -> Rating:
    return Rating(
        enterprise_id=facts.enterprise_id,
        town_id=facts.town_id,
        rule=rule,
        colour=rated.colour,
        score=min(max(rated.score, LOWEST), HIGHEST),
        trace=rated.trace,
        rated_at=clock.now(),
    )


def _differs(old: Rating, new: Rating) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in ("colour", "score", "trace", "rule_id", "town_id"))


def _record(fresh: list[Rating], known: dict[int, Rating], rule: RatingRule, user: User | None) -> None:
    lines = []
    for row in fresh:
        old = known.get(row.enterprise_id)
        lines.append(
            EventLine(
                object_type="enterprises.enterprise",
                object_id=row.enterprise_id,
                old={"colour": old.colour, "score": old.score} if old else {},
                new={"colour": str(row.colour), "score": row.score},
            )
        )
    record_event(
        kind="enterprises.rated",
        actor=user,
        enterprise_id=fresh[0].enterprise_id if len(fresh) == 1 else None,
        data={"rule": rule.version, "ratings": len(fresh)},
        lines=lines,
    )
