"""People who left: what is personal goes after a time, what they did stays."""

import datetime as dt

import pytest
from axes.models import AccessLog
from django_otp.plugins.otp_totp.models import TOTPDevice

from enterprises.domain.leaving import disable_person, reopen_account
from enterprises.domain.masking import mask_leavers, mask_person
from enterprises.enums import Role
from enterprises.models import FirstUse, RecoveryCode, SignIn, User
from review.enums import FilingState
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.models import Event, Notice
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver():
    """A reviewer who approved a report, with everything an account can hold; closed a year and a day ago."""
    filing = factories.filing(FilingState.APPROVED)
    person = factories.reviewer_of(filing)
    User.objects.filter(pk=person.pk).update(name="沈国平", post="科长", phone="13811112222", account="shen.guoping")
    factories.first_code(person)
    SignIn.objects.create(user=person, at=clock.now(), session_key="x")
    RecoveryCode.objects.create(user=person, digest="d")
    TOTPDevice.objects.create(user=person)
    AccessLog.objects.create(username="shen.guoping", user_agent="x", path_info="/")
    disable_person(user=factories.chief(filing.department), person_id=person.pk)
    Notice.objects.create(user=person, kind="report.filed", created_at=clock.now())
    User.objects.filter(pk=person.pk).update(left_at=clock.now() - dt.timedelta(days=366))
    return person


def test_what_is_personal_goes_and_the_acts_stay(leaver):
    decisions = list(Event.objects.filter(actor=leaver).values_list("pk", "kind"))
    assert mask_leavers() == 1
    person = User.objects.get(pk=leaver.pk)
    assert (person.name, person.account) == (f"原工作人员{person.pk}", f"former-{person.pk}")
    assert (person.phone, person.post, person.department) == ("", "科长", leaver.department)
    assert not person.has_usable_password()
    for model in (FirstUse, SignIn, RecoveryCode, TOTPDevice, Notice):
        assert not model.objects.filter(user=person).exists(), model
    assert not AccessLog.objects.exists()
    assert list(Event.objects.filter(actor=leaver).values_list("pk", "kind")) == decisions
    assert "沈国平" not in str(Event.objects.get(kind="person.masked").data)


def test_a_second_night_masks_nobody(leaver):
    assert [mask_leavers(), mask_leavers()] == [1, 0]
    assert Event.objects.filter(kind="person.masked").count() == 1


@pytest.mark.parametrize(("days", "masked"), [(364, 0), (366, 1)])
def test_the_days_are_a_setting(leaver, settings, days, masked):
    settings.LEAVERS_KEPT_DAYS = days
    User.objects.filter(pk=leaver.pk).update(left_at=clock.now() - dt.timedelta(days=365))
    assert mask_leavers() == 1 - masked


def test_who_has_not_left_is_never_masked():
    person = factories.user(Role.OFFICE)
    assert mask_person(person.pk) is False
    assert mask_leavers() == 0


def test_who_came_back_counts_anew_and_who_was_masked_is_added_anew(leaver):
    chief = factories.chief(leaver.department)
    reopen_account(user=chief, person_id=leaver.pk)
    assert User.objects.get(pk=leaver.pk).left_at is None
    assert mask_leavers() == 0
    disable_person(user=chief, person_id=leaver.pk)
    mask_person(leaver.pk)
    with pytest.raises(Refused):
        reopen_account(user=chief, person_id=leaver.pk)
