"""The rules of who is who, for each role; what a phone shows to whom; the constraints on people."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from enterprises import rules
from enterprises.enums import ENTERPRISE_ROLES, OFFICIAL_ROLES, DepartmentKind, Role
from enterprises.models import User
from tests import factories

pytestmark = pytest.mark.django_db
ALL = set(Role.values)
EXPECTED = {
    "is_signed_in": ALL,
    "is_enterprise_person": {"enterprise_user", "enterprise_admin"},
    "is_official": {"reviewer", "keeper", "office", "inspector", "oversight"},
    "reads_business": ALL - {"operator"},
    "is_reviewer": {"reviewer"},
    "is_keeper": {"keeper"},
    "is_office": {"office"},
    "is_operator": {"operator"},
    "may_read_phones": {"enterprise_user", "enterprise_admin", "reviewer", "inspector", "office"},
}


@pytest.mark.parametrize(("name", "roles"), EXPECTED.items())
def test_a_rule_opens_to_exactly_its_roles(name, roles):
    ask = getattr(rules, name)
    assert {role for role in Role.values if ask(factories.user(role)).allowed} == roles
    refusal = ask(AnonymousUser())
    assert not refusal.allowed
    assert str(refusal.reason)


def test_the_office_rule_wants_the_office_itself():
    assert not rules.is_office(factories.user(Role.OFFICE, of=factories.bureau())).allowed
    assert not rules.is_office(
        factories.user(Role.OFFICE, of=factories.department(DepartmentKind.INSPECTION, factories.CITY))
    ).allowed


@pytest.mark.parametrize("role", sorted(OFFICIAL_ROLES))
def test_an_officials_role_needs_a_department(role):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.user(role, of=factories.enterprise())


@pytest.mark.parametrize("role", sorted(ENTERPRISE_ROLES))
def test_an_enterprises_role_needs_an_enterprise(role):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.user(role, of=factories.bureau())


def test_nobody_belongs_to_both_or_to_neither():
    person = factories.user(Role.ENTERPRISE_USER)
    for change in ({"department": factories.bureau()}, {"enterprise": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=person.pk).update(**change)


def test_accounts_are_found_whatever_their_case():
    person = factories.user(account="Wang-Fang ")
    assert person.account == "wang-fang"
    assert User.objects.get_by_natural_key(" WANG-fang") == person


def test_a_unit_is_added_in_ones_own_area_and_line():
    keeper = factories.user(Role.KEEPER, of=factories.bureau())
    assert rules.may_add(keeper, town_id=factories.HUAQIAO, lead_id="civil").allowed
    for person, town, lead in (
        (factories.user(Role.REVIEWER, of=factories.bureau()), factories.HUAQIAO, "civil"),
        (keeper, factories.ZHANGJIAGANG * 1000 + 100, "civil"),
        (keeper, factories.HUAQIAO, "religion"),
    ):
        refusal = rules.may_add(person, town_id=town, lead_id=lead)
        assert not refusal.allowed
        assert str(refusal.reason)


def test_who_may_not_keep_a_unit_does_not_hand_it_over():
    unit = factories.enterprise()
    reviewer = factories.user(Role.REVIEWER, of=factories.bureau())
    assert not rules.may_hand_over(reviewer, unit, town_id=unit.town_id, lead_id="civil").allowed
    assert not rules.keeps(AnonymousUser(), reviewer).allowed
