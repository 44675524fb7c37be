"""The second factor of officials, and sessions: set up, asked, locked, recovered; off for everybody by default."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from enterprises.domain.sessions import KEEP, remove_old_sign_ins
from enterprises.enums import Role
from enterprises.models import RecoveryCode, SignIn
from riskreport.ground import clock
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(settings):
    settings.SECOND_FACTOR = "officials"


def sign_in(client, person):
    return client.post(reverse("sign_in"), {"account": person.account, "password": factories.PASSWORD})


def token(person, *, steps: int = 0) -> str:
    """The six digits the person's telephone shows now, or ``steps`` steps of 30 seconds later."""
    device = TOTPDevice.objects.get(user=person)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = timezone.now().timestamp() + 30 * steps
    return f"{totp.token():06}"


def set_up(client, person) -> list[str]:
    sign_in(client, person)
    client.post(reverse("second_factor_begin"))
    return client.post(reverse("second_factor_set_up"), {"code": token(person)}).context["codes"]


def unthrottled() -> None:
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - dt.timedelta(minutes=5))


def test_off_nobody_is_asked(client):
    sign_in(client, factories.user(Role.OFFICE))
    assert client.get(reverse("home")).status_code == 200


def test_enterprises_are_never_asked(client, asked):
    sign_in(client, factories.user(Role.ENTERPRISE_ADMIN))
    assert client.get(reverse("home")).status_code == 200


def test_an_official_reaches_no_page_before_it_is_set_up(client, asked):
    sign_in(client, factories.user(Role.OFFICE))
    for name in ("home", "board", "people", "account", "notices"):
        assert client.get(reverse(name)).url == reverse("second_factor")
    assert client.post(reverse("export_sheet", args=["enterprises"])).url == reverse("second_factor")
    assert client.get(reverse("second_factor")).url == reverse("second_factor_set_up")
    assert client.post(reverse("sign_out")).status_code == 302


def test_setting_up_shows_the_secret_and_gives_ten_recovery_codes_once(client, asked):
    person = factories.user(Role.OFFICE)
    sign_in(client, person)
    page = client.get(reverse("second_factor_set_up"))
    assert not page.context["begun"]
    assert not TOTPDevice.objects.exists()
    client.post(reverse("second_factor_begin"))
    page = client.get(reverse("second_factor_set_up"))
    assert page.context["qr"].startswith("data:image/svg+xml")
    wrong = client.post(reverse("second_factor_set_up"), {"code": "000000"})
    assert wrong.status_code == 422
    unthrottled()
    page = client.post(reverse("second_factor_set_up"), {"code": token(person)})
    codes = page.context["codes"]
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", code) for code in codes)
    assert client.get(reverse("home")).status_code == 200
    kept = str(list(RecoveryCode.objects.values())) + str(list(Event.objects.values()))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_the_next_sign_in_asks_for_the_digits(client, asked):
    person = factories.user(Role.OFFICE)
    set_up(client, person)
    other = Client()
    sign_in(other, person)
    assert other.get(reverse("home")).url == reverse("second_factor")
    assert other.post(reverse("second_factor"), {"code": token(person, steps=1)}).url == reverse("home")
    assert other.get(reverse("home")).status_code == 200


def test_digits_work_once(client, asked):
    person = factories.user(Role.OFFICE)
    set_up(client, person)
    other = Client()
    sign_in(other, person)
    assert other.post(reverse("second_factor"), {"code": token(person)}).status_code == 422
    assert other.get(reverse("home")).url == reverse("second_factor")


def test_a_recovery_code_works_once(client, asked):
    person = factories.user(Role.OFFICE)
    codes = set_up(client, person)
    for expected in (302, 422):
        other = Client()
        sign_in(other, person)
        assert other.post(reverse("second_factor"), {"code": codes[0].lower()}).status_code == expected
    assert Event.objects.filter(kind="account.recovery_code_used").count() == 1
    client.post(reverse("recovery_codes_renew"))
    other = Client()
    sign_in(other, person)
    unthrottled()
    assert other.post(reverse("second_factor"), {"code": codes[1]}).status_code == 422


def test_five_wrong_codes_lock_it_for_a_quarter_of_an_hour(client, asked):
    person = factories.user(Role.OFFICE)
    codes = set_up(client, person)
    other = Client()
    sign_in(other, person)
    for _ in range(5):
        other.post(reverse("second_factor"), {"code": "QQQQ-QQQQ"})
    assert "15" in other.post(reverse("second_factor"), {"code": codes[0]}).context["problem"]
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - dt.timedelta(minutes=16))
    assert other.post(reverse("second_factor"), {"code": codes[0]}).status_code == 302


def test_the_chief_takes_a_lost_one_away_and_a_new_one_is_set_up(client, asked):
    person, chief = factories.user(Role.REVIEWER), factories.chief()
    set_up(client, person)
    boss = Client()
    set_up(boss, chief)
    assert boss.post(reverse("person_factor", args=[person.pk])).url == reverse("person", args=[person.pk])
    assert client.get(reverse("home")).url.startswith(reverse("sign_in"))
    sign_in(client, person)
    assert client.get(reverse("second_factor")).url == reverse("second_factor_set_up")


def test_a_setting_that_cannot_be_refuses_to_start(monkeypatch):
    import importlib

    from riskreport import settings as module

    monkeypatch.setenv("SECOND_FACTOR", "everybody")
    with pytest.raises(ImproperlyConfigured, match="SECOND_FACTOR"):
        importlib.reload(module)
    monkeypatch.delenv("SECOND_FACTOR")
    importlib.reload(module)


# --- a password of one's own, sessions ------------------------------------------------------------------------------
def test_who_must_change_the_password_reaches_no_other_page(client):
    person = factories.user(Role.OFFICE, must_change_password=True)
    sign_in(client, person)
    assert client.get(reverse("home")).url == reverse("account")
    assert client.get(reverse("account")).status_code == 200
    sent = {
        "what": "password",
        "old": factories.PASSWORD,
        "new": "brand-new-words-2022",
        "again": "brand-new-words-2022",
    }
    client.post(reverse("account"), sent)
    assert client.get(reverse("home")).status_code == 200


def test_a_person_sees_and_ends_their_own_sessions(client):
    person = factories.user(Role.OFFICE)
    other = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/120 Safari/537"})
    sign_in(other, person)
    sign_in(client, person)
    here, there = client.get(reverse("account")).context["sessions"]
    assert (here.is_this, there.is_this, there.browser) == (True, False, "Chrome · Windows")
    assert client.post(reverse("session_end", args=[there.pk])).status_code == 302
    assert other.get(reverse("account")).status_code == 302
    assert len(client.get(reverse("account")).context["sessions"]) == 1


def test_signing_out_everywhere_keeps_this_one(client):
    person = factories.user(Role.OFFICE)
    others = [Client(), Client()]
    for one in others:
        sign_in(one, person)
    sign_in(client, person)
    client.post(reverse("sign_out_everywhere"))
    assert [one.get(reverse("account")).status_code for one in others] == [302, 302]
    sessions = client.get(reverse("account")).context["sessions"]
    assert [one.is_this for one in sessions] == [True]


def test_notes_of_sign_ins_go_after_half_a_year(client, at):
    sign_in(client, factories.user(Role.OFFICE))
    assert remove_old_sign_ins() == 0
    at(clock.now() + KEEP + dt.timedelta(days=1))
    assert remove_old_sign_ins() == 1
    assert not SignIn.objects.exists()
