"""催报: who is reminded, once a day, by one job that may be cut short, and who has seen it."""

import datetime as dt

import pytest

from enterprises.enums import Role
from review.domain.letters import reminding
from review.domain.letters.reminding import start_reminding
from review.domain.letters.workflow import LetterRefused
from review.models import Filing, RemindedUnit, ReminderRun
from review.queries.letters.reminding import Delivery, deliveries_of
from review.queries.scope import filings_for_user
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.models import Event, Job, Notice
from riskreport.ground.models.job import JobState
from tests import factories, letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    made = letters.world(units=3, filed=1)
    for filing in made.filings:
        factories.user(of=filing.enterprise)
    return made


def remind(made, user=None, **options) -> ReminderRun:
    by = user or made.office
    given = {
        "user": by,
        "rows": filings_for_user(by),
        "campaign": made.campaign,
        "query": "",
        "message": "请致电我办。",
    }
    return start_reminding(**given | {"message": "请致电我办。"} | options)


def test_all_who_have_not_filed_are_reminded_in_one_job(made):
    run = remind(made)
    assert run_job(job_id=run.job_id)
    assert Job.objects.get(pk=run.job_id).state == JobState.DONE
    open_units = {filing.enterprise_id for filing in made.filings[1:]}
    assert set(run.units.values_list("enterprise", flat=True)) == open_units
    told = Notice.objects.filter(kind="report.reminder", event=run.event)
    assert set(told.values_list("user__enterprise", flat=True)) == open_units
    assert told[0].data["message"] == "请致电我办。"
    assert deliveries_of([run]) == {run.pk: Delivery(2, 2, 0)}
    told.filter(user__enterprise=made.filings[1].enterprise).update(read_at=clock.now())
    assert deliveries_of([run]) == {run.pk: Delivery(2, 2, 1)}


def test_a_unit_is_reminded_once_a_day_whoever_asks(made):
    run_job(job_id=remind(made).job_id)
    with pytest.raises(LetterRefused, match="今天已催报"):
        remind(made)
    with pytest.raises(LetterRefused, match="今天已催报"):
        remind(made, made.bureau)
    RemindedUnit.objects.update(on=clock.today() - dt.timedelta(days=1))
    run_job(job_id=remind(made, made.bureau).job_id)
    assert RemindedUnit.objects.filter(on=clock.today()).count() == 2


def test_a_unit_with_two_open_reports_is_reminded_of_the_one_due_first(made):
    first = made.filings[1]
    task = factories.campaign(due_on=first.due_on - dt.timedelta(days=9))
    other = Filing.objects.get(pk=first.pk)
    other.pk, other.campaign, other.due_on = None, task, task.due_on
    other.save()
    run = remind(made, campaign=None)
    run_job(job_id=run.job_id)
    assert run.units.get(enterprise=first.enterprise).filing == other
    assert Notice.objects.filter(user__enterprise=first.enterprise).count() == 1


def test_two_runs_at_once_remind_each_unit_once(made):
    one, two = remind(made), remind(made)
    run_job(job_id=one.job_id)
    run_job(job_id=two.job_id)
    assert Notice.objects.filter(kind="report.reminder").count() == 2
    assert (one.units.count(), two.units.count()) == (2, 0)


def test_a_job_that_was_cut_short_goes_on_and_sends_none_twice(made, monkeypatch):
    monkeypatch.setattr(reminding, "CHUNK", 1)
    run = remind(made)
    sent = reminding._remind
    calls = []

    def once(*args):
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError("cut short")
        sent(*args)

    monkeypatch.setattr(reminding, "_remind", once)
    run_job(job_id=run.job_id)
    assert run.units.count() == 1
    assert run_job(job_id=run.job_id)
    assert run.units.count() == 2
    assert Notice.objects.filter(kind="report.reminder").count() == 2


def test_a_reminder_stays_within_the_scope_of_who_sends_it(made):
    far = factories.enterprise(town=factories.YANGSHE)
    factories.filing(of=far, campaign=made.campaign)
    run = remind(made, made.bureau)
    run_job(job_id=run.job_id)
    assert not run.units.filter(enterprise=far).exists()
    assert run.units.count() == 2


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.OVERSIGHT])
def test_who_only_watches_does_not_remind(made, role):
    with pytest.raises(Refused):
        remind(made, factories.user(role))


def test_one_key_starts_one_run(made):
    assert remind(made, key="k") == remind(made, key="k")
    with pytest.raises(KeyReused):
        remind(made, key="k", message="另一句")
    assert Event.objects.filter(kind="units.reminded").count() == 1
