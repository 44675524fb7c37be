"""The first sign-in: account and code, own name and password; once, for a while, and the same answer for everybody."""

import datetime as dt
from unittest.mock import patch

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enterprises.checks.first_codes import written
from enterprises.domain.first_use import VALID, issue_codes, use_code
from enterprises.enums import Role
from enterprises.models import FirstUse, User, accounts
from enterprises.queries.first_use import first_use_opens_again
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
WRONG = "AAAA-BBBB-CCCC"
LOCK = dt.timedelta(minutes=15)
OWN = {"name": "钱丽华", "post": "院长", "phone": "13812345678", "new": "own-words-2022", "again": "own-words-2022"}


@pytest.fixture
def person():
    row = factories.user(Role.ENTERPRISE_ADMIN, account="qy48271935", name="")
    row.set_unusable_password()
    row.save()
    return row


def give(client, account, code):
    return client.post(reverse("first_sign_in"), {"account": account, "code": code})


def test_account_and_code_lead_to_ones_own_password_and_home(client, person):
    code = factories.first_code(person)
    assert give(client, "QY 4827 1935", written(code).lower()).url == reverse("first_use")
    assert person.enterprise.name in client.get(reverse("first_use")).content.decode()
    before = client.cookies["sessionid"].value
    assert client.post(reverse("first_use"), OWN).url == reverse("home")
    assert client.cookies["sessionid"].value != before
    person.refresh_from_db()
    assert (person.name, person.post, person.phone) == ("钱丽华", "院长", "13812345678")
    assert person.check_password(OWN["new"])
    assert person.last_login is not None
    assert client.get(reverse("account")).status_code == 200
    assert Event.objects.get(kind="account.first_used").data == {}


def test_a_code_works_once(client, person):
    code = factories.first_code(person)
    give(client, person.account, code)
    client.post(reverse("first_use"), OWN)
    other = Client()
    assert give(other, person.account, code).status_code == 200
    assert "sessionid" not in other.cookies


def test_two_people_with_one_code_only_the_first_gets_in(client, person):
    code = factories.first_code(person)
    other = Client()
    give(client, person.account, code)
    give(other, person.account, code)
    client.post(reverse("first_use"), OWN)
    theirs = {"name": "另一人", "new": "other-words-2022", "again": "other-words-2022"}
    late = other.post(reverse("first_use"), OWN | theirs)
    assert late.url == reverse("first_sign_in")
    person.refresh_from_db()
    assert person.name == "钱丽华"
    assert person.check_password(OWN["new"])


def test_a_newer_code_makes_the_old_one_invalid_even_half_way(client, person):
    code = factories.first_code(person)
    give(client, person.account, code)
    factories.first_code(person)
    assert client.post(reverse("first_use"), OWN).url == reverse("first_sign_in")
    assert give(Client(), person.account, code).status_code == 200


def test_a_code_lapses_after_thirty_days(client, person, at):
    code = factories.first_code(person)
    at(clock.now() + VALID - dt.timedelta(minutes=1))
    assert give(client, person.account, code).status_code == 302
    at(clock.now() + dt.timedelta(minutes=2))
    assert give(Client(), person.account, code).status_code == 200
    assert client.post(reverse("first_use"), OWN).url == reverse("first_sign_in")


def test_who_gave_no_code_is_sent_to_where_it_is_asked(client):
    assert client.get(reverse("first_use")).url == reverse("first_sign_in")
    assert client.post(reverse("first_use"), OWN).url == reverse("first_sign_in")


def test_a_quarter_of_an_hour_after_the_code_it_is_asked_again(client, person, at):
    give(client, person.account, factories.first_code(person))
    at(clock.now() + dt.timedelta(minutes=16))
    assert client.get(reverse("first_use")).url == reverse("first_sign_in")


def test_the_rules_of_passwords_hold_and_a_telephone_is_wanted(client, person):
    give(client, person.account, factories.first_code(person))
    for wrong in (
        {"new": "1234567890", "again": "1234567890"},
        {"again": "something-else-1"},
        {"phone": ""},
        {"name": ""},
    ):
        assert client.post(reverse("first_use"), OWN | wrong).status_code == 422
    assert FirstUse.objects.get().used_at is None


CASES = ("unknown account", "wrong code", "used code", "lapsed code", "closed account", "credit code of a unit")


def case(name: str) -> tuple[str, str]:
    """An account and a code that do not lead in, each for another reason."""
    row = factories.user(Role.ENTERPRISE_ADMIN)
    code = factories.first_code(row)
    moment = clock.now()
    if name == "unknown account":
        return "qy00000000", WRONG
    if name == "wrong code":
        return row.account, WRONG
    if name == "used code":
        FirstUse.objects.update(used_at=moment)
    if name == "lapsed code":
        FirstUse.objects.update(issued_at=moment - dt.timedelta(2), expires_at=moment - dt.timedelta(1))
    if name == "closed account":
        User.objects.filter(pk=row.pk).update(is_active=False)
    if name == "credit code of a unit":
        return row.enterprise.credit_code, WRONG
    return row.account, code


@pytest.mark.parametrize("name", CASES)
def test_whatever_is_wrong_the_answer_and_the_work_are_the_same(client, name):
    clock.now()  # the clock reads its offset once in a while
    reference = seen(Client(), "qy99999999", "WRONGCODE234")
    account, code = case(name)
    assert seen(client, account, code) == reference


def seen(client, account: str, code: str) -> tuple:
    """What a stranger can see of an answer, and what it costs: queries and digests."""
    digests = []

    def counted(*arguments):
        digests.append(arguments)
        return original(*arguments)

    original = accounts.code_digest
    with patch.object(accounts, "code_digest", counted), CaptureQueriesContext(connection) as queries:
        answer = give(client, account, code)
    text = answer.content.decode().replace(account, "…").replace(code, "…")
    shown = text.split("csrfmiddlewaretoken", 1)[0] + text.rsplit("csrfmiddlewaretoken", 1)[1][90:]
    kinds = [query["sql"].split(" ", 1)[0] for query in queries]
    return answer.status_code, shown, kinds, len(digests), sorted(client.cookies)


def test_five_wrong_codes_lock_the_account_and_password_tries_count_with_them(client, person):
    code = factories.first_code(person)
    for _ in range(3):
        give(client, person.account, WRONG)
    for _ in range(2):
        answer = client.post(reverse("sign_in"), {"account": person.account, "password": "wrong-password-1"})
    assert answer.status_code == 429
    assert give(client, person.account, code).status_code == 429
    assert FirstUse.objects.get().used_at is None


def test_an_unknown_account_is_locked_the_same_way(client):
    for _ in range(5):
        answer = give(client, "qy00000000", WRONG)
    assert answer.status_code == 429


def test_no_code_stands_in_the_counted_tries_or_the_log(client, person, caplog):
    caplog.set_level("DEBUG")
    code = factories.first_code(person)
    give(client, person.account, "QQQQ-RRRR-SSSS")
    give(client, "qy00000000", code)
    kept = str(list(AccessAttempt.objects.values())) + caplog.text
    assert AccessAttempt.objects.count() == 2
    assert "QQQQ" not in kept
    assert code not in kept


def test_using_a_code_asks_code_and_account_again(person):
    code = factories.first_code(person)
    digest = FirstUse.objects.get().digest
    details = {"name": "钱", "post": "", "phone": "", "password": "own-words-2022"}  # pragma: allowlist secret
    with pytest.raises(Refused):
        use_code(user_id=person.pk, digest="0" * 64, **details)
    User.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(Refused):
        use_code(user_id=person.pk, digest=digest, **details)
    User.objects.filter(pk=person.pk).update(is_active=True)
    assert use_code(user_id=person.pk, digest=digest, **details).name == "钱"
    assert code


def test_issuing_codes_to_many_is_one_query(django_assert_num_queries):
    people = [factories.user(Role.ENTERPRISE_ADMIN) for _ in range(3)]
    with django_assert_num_queries(1):
        codes = issue_codes(people=people, actor=None)
    assert len(set(codes)) == 3


# --- one address ------------------------------------------------------------------------------------------------------
def from_address(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def wrong_codes(address: str, count: int) -> None:
    """Wrong codes from one address, each for another account, as somebody does who tries accounts out."""
    for number in range(count):
        assert give(from_address(address), f"qy{number:08}", WRONG).status_code == 200


def test_too_many_wrong_codes_from_one_address_close_the_first_sign_in_there_and_nowhere_else(settings, person):
    settings.FIRST_USE_FAILURES = 6
    code = factories.first_code(person)
    wrong_codes("10.1.1.1", 6)
    refused = give(from_address("10.1.1.1"), person.account, code)
    assert refused.status_code == 429
    until = timezone.localtime(
        AccessAttempt.objects.earliest("attempt_time").attempt_time + LOCK + dt.timedelta(minutes=1)
    )
    assert f"{until:%H:%M}" in refused.content.decode()
    assert FirstUse.objects.get().used_at is None
    assert give(from_address("10.1.1.2"), person.account, code).url == reverse("first_use")


def test_the_closed_address_answers_alike_for_every_account_and_asks_no_code(settings, person):
    settings.FIRST_USE_FAILURES = 6
    code = factories.first_code(person)
    wrong_codes("10.1.1.1", 6)
    clock.now()
    answers = {seen(from_address("10.1.1.1"), *pair).__repr__() for pair in ((person.account, code), ("qy1", WRONG))}
    assert len(answers) == 1
    assert seen(from_address("10.1.1.1"), person.account, code)[3] == 0
    assert AccessAttempt.objects.count() == 6


def test_the_address_opens_again_when_the_oldest_wrong_tries_are_a_quarter_of_an_hour_old(settings, person):
    settings.FIRST_USE_FAILURES = 6
    code = factories.first_code(person)
    wrong_codes("10.1.1.1", 6)
    rows = list(AccessAttempt.objects.order_by("pk"))
    moment = timezone.now()
    for number, row in enumerate(rows):
        AccessAttempt.objects.filter(pk=row.pk).update(attempt_time=moment - LOCK + dt.timedelta(minutes=number + 1))
    assert first_use_opens_again("10.1.1.1") == moment + dt.timedelta(minutes=1)
    AccessAttempt.objects.filter(pk=rows[0].pk).update(attempt_time=moment - LOCK - dt.timedelta(seconds=1))
    assert first_use_opens_again("10.1.1.1") is None
    assert give(from_address("10.1.1.1"), person.account, code).url == reverse("first_use")


def test_a_township_behind_one_address_does_all_its_first_sign_ins(settings):
    """Each mistypes twice and then gets in: what a sign-in has made good is not counted against the others."""
    settings.FIRST_USE_FAILURES = 6
    for _ in range(8):
        row = factories.user(Role.ENTERPRISE_ADMIN)
        code = factories.first_code(row)
        client = from_address("10.1.1.1")
        for wrong in (WRONG, WRONG, code):
            answer = give(client, row.account, wrong)
        assert answer.url == reverse("first_use")
        assert client.post(reverse("first_use"), OWN).url == reverse("home")


def test_wrong_passwords_between_do_not_hide_wrong_codes(settings):
    settings.FIRST_USE_FAILURES = 6
    for number in range(3):
        give(from_address("10.1.1.1"), f"qy{number:08}", WRONG)
        said = {"account": f"qy{number:08}", "password": WRONG}
        from_address("10.1.1.1").post(reverse("sign_in"), said)
    assert give(from_address("10.1.1.1"), "qy00000009", WRONG).status_code == 429


def test_a_closed_address_still_takes_passwords(settings):
    settings.FIRST_USE_FAILURES = 6
    row = factories.user(Role.REVIEWER)
    wrong_codes("10.1.1.1", 6)
    answer = from_address("10.1.1.1").post(reverse("sign_in"), {"account": row.account, "password": factories.PASSWORD})
    assert answer.status_code == 302
