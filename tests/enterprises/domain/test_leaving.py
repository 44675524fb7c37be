"""Somebody leaves: the account is closed, sessions end, open work goes on; all of it or nothing."""

import pytest

from enterprises.domain import leaving
from enterprises.domain.leaving import (
    OpenWork,
    disable_person,
    disable_stale,
    open_work_of,
    reopen_account,
    replace_administrator,
)
from enterprises.enums import Role
from enterprises.models import FirstUse, User
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.models import Event, ImportBatch, Job, Notice
from tests import factories

pytestmark = pytest.mark.django_db


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def notice(person: User) -> Notice:
    return Notice.objects.create(user=person, kind="report.filed", data={"campaign": "x"}, created_at=clock.now())


def job(person: User) -> Job:
    return Job.objects.create(kind="export_sheet", owner=person, created_at=clock.now())


def test_the_account_is_closed_and_every_session_ends_at_the_next_request(client):
    chief, person = factories.chief(), factories.chief()
    factories.first_code(person)
    client.force_login(person)
    assert disable_person(user=chief, person_id=person.pk, reason="退休") == {}
    assert client.get("/account/").status_code == 302
    person = fresh(person)
    assert (person.is_active, person.is_chief) == (False, False)
    assert not FirstUse.objects.get().is_open(clock.now())
    event = Event.objects.get(kind="person.disabled")
    assert event.data == {"heir": None, "handed": {}, "reason": "退休"}
    assert disable_person(user=chief, person_id=person.pk) == {}
    assert Event.objects.filter(kind="person.disabled").count() == 1


def test_open_work_goes_to_the_heir():
    chief, person, heir = factories.chief(), factories.user(Role.KEEPER), factories.user(Role.KEEPER)
    running, told = job(person), notice(person)
    assert [(kind.name, count) for kind, count in open_work_of(person)] == [("jobs", 1), ("notices", 1)]
    assert disable_person(user=chief, person_id=person.pk, heir_id=heir.pk) == {"jobs": 1, "notices": 1}
    running.refresh_from_db()
    assert running.owner == heir
    assert Notice.objects.get(user=heir).data == told.data
    assert open_work_of(person) == []


def test_without_an_heir_notices_are_closed_and_jobs_stay():
    chief, person = factories.chief(), factories.user(Role.KEEPER)
    running = job(person)
    notice(person)
    assert disable_person(user=chief, person_id=person.pk) == {"jobs": 0, "notices": 1}
    running.refresh_from_db()
    assert running.owner == person


def test_the_heir_is_an_active_colleague():
    chief, person = factories.chief(), factories.user(Role.REVIEWER)
    for stranger in (
        factories.user(Role.REVIEWER, of=factories.bureau("religion")),
        factories.user(Role.REVIEWER, is_active=False),
        person,
    ):
        with pytest.raises(Refused):
            disable_person(user=chief, person_id=person.pk, heir_id=stranger.pk)
    assert fresh(person).is_active


def test_what_fails_undoes_everything(monkeypatch):
    chief, person, heir = factories.chief(), factories.user(Role.KEEPER), factories.user(Role.KEEPER)
    running = job(person)

    def broken(person, heir, actor):
        raise RuntimeError("in the middle")

    kind = OpenWork("zz", "x", lambda person: User.objects.filter(pk=person.pk), broken)
    monkeypatch.setitem(leaving._kinds, "zz", kind)
    with pytest.raises(RuntimeError):
        disable_person(user=chief, person_id=person.pk, heir_id=heir.pk)
    running.refresh_from_db()
    assert running.owner == person
    assert fresh(person).is_active


def test_work_that_needs_an_heir_stands_in_the_way(monkeypatch):
    chief, person = factories.chief(), factories.user(Role.KEEPER)
    kind = OpenWork("zz", "纸质件", lambda person: User.objects.filter(pk=person.pk), lambda *_: 1, needs_heir=True)
    monkeypatch.setitem(leaving._kinds, "zz", kind)
    with pytest.raises(Refused, match="纸质件"):
        disable_person(user=chief, person_id=person.pk)
    assert fresh(person).is_active


def test_who_may_not_keep_somebody_disables_nobody():
    person = factories.user(Role.REVIEWER)
    for user in (
        factories.user(Role.REVIEWER),
        factories.user(Role.OPERATOR),
        factories.chief(factories.bureau("fire")),
    ):
        with pytest.raises(Refused):
            disable_person(user=user, person_id=person.pk)


def test_the_last_administrator_cannot_be_disabled():
    admin = factories.user(Role.ENTERPRISE_ADMIN)
    other = factories.user(Role.ENTERPRISE_ADMIN, of=admin.enterprise)
    disable_person(user=admin, person_id=other.pk)
    with pytest.raises(Refused):
        disable_person(user=admin, person_id=admin.pk)
    assert not fresh(other).is_active


def test_who_comes_back_chooses_a_new_password():
    chief, person = factories.chief(), factories.user(Role.REVIEWER)
    disable_person(user=chief, person_id=person.pk)
    told = reopen_account(user=chief, person_id=person.pk)
    person = fresh(person)
    assert person.is_active
    assert not person.has_usable_password()
    assert FirstUse.objects.get(user=person).matches(told.code)
    with pytest.raises(Refused):
        reopen_account(user=chief, person_id=person.pk)


def test_stale_accounts_are_disabled_but_not_those_with_open_work():
    chief = factories.chief()
    stale, busy, other = (factories.user(Role.REVIEWER) for _ in range(3))
    foreign = factories.user(Role.REVIEWER, of=factories.bureau("fire"))
    job(busy)
    assert disable_stale(user=chief, person_ids=[stale.pk, busy.pk, foreign.pk]) == (1, 2)
    assert [fresh(row).is_active for row in (stale, busy, other, foreign)] == [False, True, True, True]


def test_an_administrator_who_is_gone_is_replaced_by_another_account():
    keeper, gone = factories.user(Role.KEEPER), factories.user(Role.ENTERPRISE_ADMIN, name="老安全员")
    told = notice(gone)
    new = replace_administrator(user=keeper, person_id=gone.pk)
    assert not fresh(gone).is_active
    assert fresh(gone).name == "老安全员"
    assert (new.person.enterprise, new.person.role, new.person.name) == (gone.enterprise, Role.ENTERPRISE_ADMIN, "")
    assert Notice.objects.get(user=new.person).kind == told.kind
    with pytest.raises(Refused):
        replace_administrator(user=keeper, person_id=gone.pk)
    with pytest.raises(Refused):
        replace_administrator(user=factories.user(Role.REVIEWER), person_id=new.person.pk)


def test_an_import_that_waits_for_a_decision_goes_to_the_heir():
    chief, person, heir = factories.chief(), factories.user(Role.KEEPER), factories.user(Role.KEEPER)
    states = ("preview", "refused")
    waiting, done = (
        ImportBatch.objects.create(
            sheet="enterprises", owner=person, home=person.department_id, state=state, size=1, created_at=clock.now()
        )
        for state in states
    )
    assert disable_person(user=chief, person_id=person.pk, heir_id=heir.pk) == {"imports": 1}
    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (waiting.owner, done.owner) == (heir, person)
