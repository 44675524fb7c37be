"""Issuing accounts: who gets one, what is kept of a code, a job that is cut short, letters that lapse."""

import datetime as dt
import io
from pathlib import Path

import pikepdf
import pytest
from django.urls import reverse

from enterprises import jobs
from enterprises.domain.issuing import LETTERS_KEPT, start_issuing
from enterprises.domain.letters_lapse import remove_lapsed_letters
from enterprises.enums import Lifecycle, Role
from enterprises.models import FirstUse, LetterBatch, User
from riskreport.ground import clock
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.models import Event, Job
from riskreport.ground.models.job import JobState
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "https://risk.example/first-sign-in/"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def told(monkeypatch):
    """The codes that would have stood in the letters, call by call; the typesetter is left out."""
    calls: list[list] = []

    def pdf(*, issued, issuer, address, at, told):
        calls.append(list(issued))
        return b"%PDF-letters"

    monkeypatch.setattr(jobs, "letters_pdf", pdf)
    return calls


def issue(user, *, sheet="units_to_issue", query="", picked=None, run=True) -> LetterBatch:
    params = {"sheet": sheet, "query": query, "picked": picked, "again": sheet != "units_to_issue", "address": ADDRESS}
    batch = start_issuing(user=user, params=params, title="letters", total=1)
    if run:
        run_job(job_id=batch.job_id)
        batch.refresh_from_db()
    return batch


def test_each_unit_without_an_account_gets_one_and_nobody_else_does(told):
    keeper = factories.user(Role.KEEPER)
    fresh = factories.enterprise()
    served = factories.enterprise()
    factories.user(Role.ENTERPRISE_ADMIN, of=served)
    factories.enterprise(town=factories.YANGSHE)
    factories.enterprise(category_code="1501")
    factories.enterprise(lifecycle=Lifecycle.CLOSED, left_on=clock.today())
    left = factories.enterprise()
    factories.user(Role.ENTERPRISE_ADMIN, of=left, is_active=False)

    batch = issue(keeper)

    made = User.objects.filter(first_use__batch=batch)
    assert {row.enterprise_id for row in made} == {fresh.pk, left.pk}
    assert {row.role for row in made} == {Role.ENTERPRISE_ADMIN}
    assert batch.made == 2
    assert all(fresh.credit_code not in row.account and not row.has_usable_password() for row in made)


def test_only_the_digest_of_a_code_is_kept_and_the_letter_holds_the_code(told):
    factories.enterprise()
    issue(factories.user(Role.KEEPER))
    ((one,),) = told
    row = FirstUse.objects.get()
    assert row.user.account == one.account
    assert row.matches(one.code)
    assert not row.matches(one.code[::-1])
    assert one.code not in row.digest
    assert one.code not in str(list(Event.objects.values())) + str(list(Job.objects.values()))
    assert row.expires_at - row.issued_at == dt.timedelta(days=30)


def test_issuing_is_one_event_with_a_line_per_account_and_no_secret(told):
    keeper = factories.user(Role.KEEPER)
    units = [factories.enterprise() for _ in range(3)]
    batch = issue(keeper)
    event = Event.objects.get(kind="accounts.issued")
    assert (event.actor, event.object_id, event.data) == (keeper, batch.pk, {"accounts": 3, "again": False})
    assert sorted(line.new["enterprise"] for line in event.lines.all()) == [unit.pk for unit in units]


def test_only_the_ticked_units_of_the_filter(told):
    units = [factories.enterprise() for _ in range(3)]
    factories.enterprise(town=factories.YUSHAN)
    keeper = factories.user(Role.KEEPER)
    elsewhere = factories.enterprise(town=factories.YANGSHE)
    batch = issue(keeper, query=f"town={factories.HUAQIAO}", picked=[units[0].pk, units[2].pk, elsewhere.pk])
    made = User.objects.filter(first_use__batch=batch).values_list("enterprise", flat=True)
    assert sorted(made) == [units[0].pk, units[2].pk]


def test_issuing_again_makes_the_old_code_invalid_and_leaves_who_has_signed_in(told):
    keeper = factories.user(Role.KEEPER)
    factories.enterprise()
    used = factories.user(Role.ENTERPRISE_ADMIN, last_login=clock.now())
    issue(keeper)
    issue(keeper, sheet="unit_accounts")
    (first,), (second,) = told
    row = FirstUse.objects.get()
    assert first.account == second.account
    assert not row.matches(first.code)
    assert row.matches(second.code)
    assert not FirstUse.objects.filter(user=used).exists()


def test_a_job_cut_short_gives_its_accounts_new_codes_and_makes_no_second_one(told, monkeypatch):
    keeper = factories.user(Role.KEEPER)
    for _ in range(3):
        factories.enterprise()

    def broken(**_):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "letters_pdf", broken)
        batch = issue(keeper)
    assert Job.objects.get().state == JobState.WAITING
    before = dict(FirstUse.objects.values_list("user", "digest"))
    assert len(before) == 3

    assert run_job(job_id=batch.job_id)
    after = dict(FirstUse.objects.values_list("user", "digest"))
    assert set(after) == set(before)
    assert not set(after.values()) & set(before.values())
    assert all(FirstUse.objects.get(user=one.user_id).matches(one.code) for one in told[0])
    assert User.objects.filter(role=Role.ENTERPRISE_ADMIN).count() == 3


def test_scope_and_right_are_asked_again_when_the_job_runs(told):
    keeper = factories.user(Role.KEEPER)
    factories.enterprise()
    moved = issue(keeper, run=False)
    keeper.department = factories.bureau("religion")
    keeper.save()
    run_job(job_id=moved.job_id)
    assert Job.objects.get(pk=moved.job_id).state == JobState.FAILED

    keeper.department = factories.bureau()
    keeper.save()
    no_longer = issue(keeper, run=False)
    User.objects.filter(pk=keeper.pk).update(role=Role.REVIEWER)
    run_job(job_id=no_longer.job_id)
    assert "无权发放账号" in Job.objects.get(pk=no_longer.job_id).error
    assert not FirstUse.objects.exists()


def test_the_letters_are_one_pdf_with_a_page_each_by_township(monkeypatch, settings):
    monkeypatch.setattr("enterprises.interfaces.letters.PART", 2)
    keeper = factories.user(Role.KEEPER)
    for town in (factories.YUSHAN, factories.HUAQIAO, factories.YUSHAN):
        factories.enterprise(town=town)
    batch = issue(keeper)
    data = Path(settings.MEDIA_ROOT, batch.file).read_bytes()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1 + 3  # the distribution list, then the letters
    assert Job.objects.get().result == {"rows": 3, "page": reverse("letters", args=[batch.pk])}


def test_letters_lapse_after_a_day_and_are_deleted(told, at, settings):
    factories.enterprise()
    batch = issue(factories.user(Role.KEEPER))
    path = Path(settings.MEDIA_ROOT, batch.file)
    assert remove_lapsed_letters() == 0
    assert path.exists()
    at(clock.now() + LETTERS_KEPT + dt.timedelta(minutes=1))
    assert remove_lapsed_letters() == 1
    assert not path.exists()
    batch.refresh_from_db()
    assert batch.file == ""
    assert remove_lapsed_letters() == 0


def test_a_file_an_interrupted_job_left_behind_is_deleted_too(told, settings):
    factories.enterprise()
    batch = issue(factories.user(Role.KEEPER))
    orphan = Path(settings.MEDIA_ROOT, "letters", f"{batch.job_id}-left.pdf")
    orphan.write_bytes(b"%PDF")
    assert remove_lapsed_letters() == 1
    assert not orphan.exists()
    assert Path(settings.MEDIA_ROOT, batch.file).exists()
