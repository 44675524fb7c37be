"""Who acted, as each reader is told."""

import pytest
from django.utils import translation

from enterprises.enums import Role
from review.queries.timeline import actor_name
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_person_is_named_to_colleagues_and_is_the_department_to_an_enterprise():
    unit, official = factories.user(), factories.user(Role.REVIEWER)
    office = official.department.short_name or official.department.label
    assert actor_name(official, unit) == office
    assert actor_name(official, factories.user(Role.OFFICE)) == f"{office} · {official.name}"
    assert actor_name(unit, official) == unit.name


def test_what_nobody_did_was_done_by_the_system():
    with translation.override("en"):
        assert actor_name(None, factories.user()) == "The system"
