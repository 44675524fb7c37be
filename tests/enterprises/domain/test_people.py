"""Keeping people: who may add, change, name, reset; what stands in the way; nothing secret is recorded."""

import pytest

from enterprises.domain.people import (
    add_person,
    change_person,
    hand_over_administration,
    reset_second_factor,
    send_code,
    set_chief,
    unlock_person,
)
from enterprises.domain.second_factor import begin_second_factor
from enterprises.enums import DepartmentKind, Role
from enterprises.models import FirstUse, User
from riskreport.ground.access import Refused
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def act_as(kind: str) -> User:
    """People who may or may not keep those of the Kunshan civil-affairs bureau."""
    return {
        "its chief": factories.chief,
        "county office chief": lambda: factories.chief(factories.office(factories.KUNSHAN)),
        "city office chief": lambda: factories.chief(factories.office()),
        "other county's office chief": lambda: factories.chief(factories.office(factories.ZHANGJIAGANG)),
        "other bureau's chief": lambda: factories.chief(factories.bureau("religion")),
        "same bureau elsewhere": lambda: factories.chief(factories.bureau("civil", factories.ZHANGJIAGANG)),
        "colleague": lambda: factories.user(Role.REVIEWER),
        "office without chief": lambda: factories.user(Role.OFFICE),
        "operator": lambda: factories.user(Role.OPERATOR),
        "enterprise": lambda: factories.user(Role.ENTERPRISE_ADMIN),
    }[kind]()


ADDS = {"its chief", "operator"}
APPOINTS = {"county office chief", "city office chief", "operator"}
EVERYBODY = (
    "its chief",
    "county office chief",
    "city office chief",
    "other county's office chief",
    "other bureau's chief",
    "same bureau elsewhere",
    "colleague",
    "office without chief",
    "operator",
    "enterprise",
)


def allowed(act) -> bool:
    try:
        act()
    except Refused:
        return False
    return True


@pytest.mark.parametrize("kind", EVERYBODY)
def test_who_adds_people_to_a_department_and_who_its_chief(kind):
    user, home = act_as(kind), factories.bureau()
    plain = allowed(lambda: add_person(user=user, home=home, name="吴敏", role=Role.REVIEWER))
    chief = allowed(lambda: add_person(user=user, home=home, name="陆强", role=Role.REVIEWER, is_chief=True))
    assert (plain, chief) == (kind in ADDS, kind in APPOINTS)


@pytest.mark.parametrize("kind", EVERYBODY)
def test_who_changes_and_who_resets_a_plain_official_and_a_chief(kind):
    user = act_as(kind)
    plain, chief = factories.user(Role.REVIEWER), factories.chief()
    changes = [
        allowed(lambda p=p: change_person(user=user, person_id=p.pk, role=Role.KEEPER, post="")) for p in (plain, chief)
    ]
    resets = [allowed(lambda p=p: send_code(user=user, person_id=p.pk)) for p in (plain, chief)]
    above = kind in {"county office chief", "city office chief"}
    assert changes == [kind == "its chief", kind == "its chief" or above]
    assert resets == [kind in ADDS, kind in ADDS or above]


@pytest.mark.parametrize("kind", EVERYBODY)
def test_who_names_a_chief(kind):
    user, plain = act_as(kind), factories.user(Role.REVIEWER)
    named = allowed(lambda: set_chief(user=user, person_id=plain.pk, is_chief=True))
    assert named == (kind in APPOINTS)
    assert fresh(plain).is_chief == named


def test_an_enterprise_has_no_chief():
    with pytest.raises(Refused):
        set_chief(user=act_as("operator"), person_id=factories.user(Role.ENTERPRISE_ADMIN).pk, is_chief=True)


def test_nobody_does_it_to_themselves():
    chief, admin = factories.chief(), factories.user(Role.ENTERPRISE_ADMIN)
    for act in (
        lambda: change_person(user=chief, person_id=chief.pk, role=Role.KEEPER, post=""),
        lambda: send_code(user=chief, person_id=chief.pk),
        lambda: change_person(user=admin, person_id=admin.pk, role=Role.ENTERPRISE_USER, post=""),
    ):
        assert not allowed(act)
    city = factories.chief(factories.office())
    assert not allowed(lambda: set_chief(user=city, person_id=city.pk, is_chief=False))


def test_an_administrator_keeps_the_own_enterprise_alone():
    admin = factories.user(Role.ENTERPRISE_ADMIN)
    own = factories.user(Role.ENTERPRISE_USER, of=admin.enterprise)
    other = factories.user(Role.ENTERPRISE_USER)
    assert change_person(user=admin, person_id=own.pk, role=Role.ENTERPRISE_ADMIN, post="安全员")
    assert not allowed(lambda: change_person(user=admin, person_id=other.pk, role=Role.ENTERPRISE_ADMIN, post=""))
    assert not allowed(lambda: add_person(user=admin, home=other.enterprise, name="某", role=Role.ENTERPRISE_USER))
    assert not allowed(lambda: add_person(user=own, home=other.enterprise, name="某", role=Role.ENTERPRISE_USER))
    assert not allowed(lambda: add_person(user=admin, home=admin.enterprise, name="某", role=Role.REVIEWER))


def test_a_user_of_the_enterprise_invites_nobody():
    plain = factories.user(Role.ENTERPRISE_USER)
    assert not allowed(lambda: add_person(user=plain, home=plain.enterprise, name="某", role=Role.ENTERPRISE_USER))


def test_a_colleague_gets_an_account_of_their_own_and_a_code():
    admin = factories.user(Role.ENTERPRISE_ADMIN)
    told = add_person(user=admin, home=admin.enterprise, name="赵云", role=Role.ENTERPRISE_USER, key="k1")
    assert told.person.account[:2] == "qy"
    assert not told.person.has_usable_password()
    assert FirstUse.objects.get(user=told.person).matches(told.code)
    event = Event.objects.get(kind="person.added")
    assert event.data == {"role": "enterprise_user", "chief": False}
    assert event.enterprise_id == admin.enterprise_id


def test_the_same_form_sent_twice_adds_one_person():
    admin = factories.user(Role.ENTERPRISE_ADMIN)
    said = {"user": admin, "home": admin.enterprise, "name": "赵云", "role": Role.ENTERPRISE_USER, "key": "k1"}
    add_person(**said)
    with pytest.raises(Refused):
        add_person(**said)
    with pytest.raises(KeyReused):
        add_person(**said | {"name": "钱云"})
    assert User.objects.filter(enterprise=admin.enterprise).count() == 2


def test_one_administrator_remains():
    admin = factories.user(Role.ENTERPRISE_ADMIN)
    other = factories.user(Role.ENTERPRISE_ADMIN, of=admin.enterprise)
    assert change_person(user=admin, person_id=other.pk, role=Role.ENTERPRISE_USER, post="")
    other.refresh_from_db()
    assert not allowed(lambda: change_person(user=other, person_id=admin.pk, role=Role.ENTERPRISE_USER, post=""))
    assert fresh(admin).role == Role.ENTERPRISE_ADMIN


def test_the_administration_is_handed_over_once():
    admin = factories.user(Role.ENTERPRISE_ADMIN)
    heir = factories.user(Role.ENTERPRISE_USER, of=admin.enterprise)
    hand_over_administration(user=admin, to_id=heir.pk)
    assert (fresh(admin).role, fresh(heir).role) == (Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN)
    with pytest.raises(Refused):
        hand_over_administration(user=admin, to_id=heir.pk)


def test_it_is_not_handed_to_a_closed_account_or_another_enterprise():
    admin = factories.user(Role.ENTERPRISE_ADMIN)
    closed = factories.user(Role.ENTERPRISE_USER, of=admin.enterprise, is_active=False)
    other = factories.user(Role.ENTERPRISE_USER)
    assert not allowed(lambda: hand_over_administration(user=admin, to_id=closed.pk))
    assert not allowed(lambda: hand_over_administration(user=admin, to_id=other.pk))


def test_a_new_code_takes_the_old_password_and_the_sessions(client):
    chief, person = factories.chief(), factories.user(Role.REVIEWER)
    client.force_login(person)
    assert client.get("/account/").status_code == 200
    told = send_code(user=chief, person_id=person.pk)
    assert not fresh(person).check_password(factories.PASSWORD)
    assert client.get("/account/").status_code == 302
    assert told.code not in str(list(Event.objects.values()))


def test_roles_are_those_of_the_department(client):
    chief = factories.chief(factories.township())
    person = factories.user(Role.REVIEWER, of=factories.township())
    assert not allowed(lambda: change_person(user=chief, person_id=person.pk, role=Role.OFFICE, post=""))
    assert change_person(user=chief, person_id=person.pk, role=Role.INSPECTOR, post="")
    assert not change_person(user=chief, person_id=person.pk, role=Role.INSPECTOR, post="")
    event = Event.objects.get(kind="person.changed")
    assert event.data == {"role": ["reviewer", "inspector"]}


def test_a_lost_second_factor_goes_and_every_session_with_it(client):
    chief, person = factories.chief(), factories.user(Role.REVIEWER)
    begin_second_factor(user=person)
    client.force_login(person)
    reset_second_factor(user=chief, person_id=person.pk)
    assert not person.totpdevice_set.exists()
    assert client.get("/account/").status_code == 302
    assert not allowed(lambda: reset_second_factor(user=factories.user(Role.REVIEWER), person_id=person.pk))


def test_unlocking_forgets_the_wrong_tries(client):
    chief, person = factories.chief(), factories.user(Role.REVIEWER)
    for _ in range(5):
        answer = client.post("/sign-in/", {"account": person.account, "password": "wrong-password-1"})
    assert answer.status_code == 429
    unlock_person(user=chief, person_id=person.pk)
    answer = client.post("/sign-in/", {"account": person.account, "password": factories.PASSWORD})
    assert answer.status_code == 302


def test_the_operators_own_department_is_outside_the_office():
    city = factories.chief(factories.office())
    home = factories.department(DepartmentKind.OPERATOR, factories.CITY)
    operator = factories.user(Role.OPERATOR, of=home, is_chief=True)
    assert not allowed(lambda: send_code(user=city, person_id=operator.pk))
