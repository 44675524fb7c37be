"""What an act on a unit would do, in sentences: read from the very function that will do it."""

import datetime as dt
from collections.abc import Iterator
from copy import copy
from typing import Any

from django.utils.translation import gettext as _

from enterprises.domain.upkeep import LIFE
from enterprises.enums import ON_ROSTER
from enterprises.interfaces.foresight import tells_what_follows, what_follows
from enterprises.models import Department, Enterprise
from review.domain.following import Work, foresee


def consequences(unit: Enterprise, act: str, given: dict[str, Any]) -> list[str]:
    """Return what the act would do, for the page that asks to confirm it. Raises Refused where nobody would decide."""
    return [*what_follows(_as_it_will_be(unit, act, given), given["on"]), *_of_the_act(act)]


def _as_it_will_be(unit: Enterprise, act: str, given: dict[str, Any]) -> Enterprise:
    after = copy(unit)
    if act in LIFE:
        after.lifecycle = LIFE[act].to_state
    elif act == "move":
        after.town_id, after.category_id, after.scale = int(given["town"]), given["category"], given["scale"]
    return after


@tells_what_follows
def of_reports(unit: Enterprise, on: dt.date) -> Iterator[str]:
    """Say what reporting tasks would ask of a unit, and who would decide it. Raises NobodyDecides."""
    work = foresee(unit, on)
    asked = [(campaign, row) for campaign, rows in work.asked.items() for row in rows]
    departments = _departments(work)
    for campaign, row in asked:
        yield _("From %(day)s “%(campaign)s” asks for its report; %(department)s decides it, due on %(due)s.") % {
            "day": row.joined_on,
            "campaign": campaign.label,
            "department": departments[row.department_id],
            "due": row.due_on,
        }
    for filing, day, _reason in work.leaving:
        yield _("From %(day)s it no longer counts in the number expected by “%(campaign)s”. (%(state)s)") % {
            "day": max(day, filing.joined_on),
            "campaign": filing.campaign.label,
            "state": filing.get_state_display(),
        }
    for filing, _changes in work.resumed:
        text = _("From %(day)s it counts again in the number expected by “%(campaign)s”; not for the days between.")
        yield text % {"day": on, "campaign": filing.campaign.label}
    yield from _of_moves(work, departments)
    if not (asked or work.leaving or work.resumed or work.moved):
        if unit.pk is None:
            yield _("No reporting task that is open asks its report; tasks that begin later do.")
            return
        where = _("It stays expected to report.") if unit.lifecycle in ON_ROSTER else ""
        yield " ".join(filter(None, [_("No open reporting task is affected."), where]))


def _of_moves(work: Work, departments: dict[int, str]) -> Iterator[str]:
    handed_over = {filing.pk for filings in work.handed_over.values() for filing in filings}
    for filing, old, new in work.moved:
        named = {"campaign": filing.campaign.label}
        if "department_id" in new:
            named |= {"old": departments[old["department_id"]], "new": departments[new["department_id"]]}
            yield _("The report for “%(campaign)s” is decided by %(new)s from now on (until now %(old)s).") % named
        else:
            yield _("The report for “%(campaign)s” is counted where the unit stands from now on.") % named
        if filing.pk in handed_over and filing.claimed_by:
            named["person"] = filing.claimed_by.name
            yield _("%(person)s was reviewing it: that review ends, and %(new)s takes it anew.") % named


def _departments(work: Work) -> dict[int, str]:
    ids = {row.department_id for rows in work.asked.values() for row in rows}
    for _filing, old, new in work.moved:
        ids |= {values["department_id"] for values in (old, new) if "department_id" in values}
    return {pk: row.short_name or row.label for pk, row in Department.objects.in_bulk(ids).items()}


def _of_the_act(act: str) -> list[str]:
    kept = _("What it has filed stays filed, and its archive stays open to those who may read it.")
    told = _("Its people and the departments that decide its reports get a notice with your reason.")
    return {
        "suspend": [told],
        "resume": [told],
        "close": [kept, _("It can be brought back when it opens again."), told],
        "write_off": [kept, _("It can be brought back when it was written off by mistake."), told],
        "return": [told],
        "move": [kept, _("Its risks and its rating go along to where it stands."), told],
        "change": [_("Open reports that have been started keep what was written in them.")],
        "further": [
            _("Reports that are being written are asked the catalogues of the categories added; those handed in stay."),
            _("The lead departments of the categories added may read and comment; the deciding one stays the same."),
        ],
        "code": [_("The temporary code is not given out again; the history keeps it."), told],
    }[act]
