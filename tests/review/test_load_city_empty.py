"""Loading the demo city into an empty database: what is refused, and that the same comes of the same."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from enterprises.models import User
from review.domain.demo import city
from review.domain.demo.city import build_city
from review.models import Filing, Snapshot
from riskreport.ground import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def said(command, **options):
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def test_it_refuses_outside_the_demo():
    with pytest.raises(CommandError, match="DEMO=1"):
        said("load_city")
    with pytest.raises(CommandError, match="DEMO=1"):
        said("demo_accounts")


def test_it_asks_for_the_reference_data_first(demo):
    with pytest.raises(CommandError, match="load_reference"):
        said("load_city")


def test_without_a_city_there_are_no_accounts(demo):
    assert "no demo city" in said("demo_accounts")
    assert json.loads(said("demo_accounts", json=True)) == []


# --- the same each time ---------------------------------------------------------------------------------------------
def fingerprint():
    begun = timezone.make_aware(dt.datetime.combine(clock.today(), dt.time.min))
    past = Snapshot.objects.filter(created_at__lt=begun)
    return (
        sorted(Filing.objects.values_list("enterprise__name", "state", "version", "first_filed_on", "town")),
        sorted(past.values_list("filing__enterprise__name", "number", "sha256")),
        sorted(User.objects.values_list("account", "name", "phone")),
    )


def test_the_same_seed_and_day_give_the_same_city_and_another_seed_another():
    call_command("load_reference", verbosity=0)
    seen = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            build_city(size="small", seed=seed)
            seen.append(fingerprint())
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert seen[0][0] != seen[2][0]


# --- broken off -------------------------------------------------------------------------------------------------------
def test_a_load_that_broke_off_says_so_and_is_not_taken_for_a_city(demo, monkeypatch):
    def break_off(**given):
        raise KeyboardInterrupt

    call_command("load_reference", verbosity=0)
    monkeypatch.setattr(city, "load_crowd", break_off)
    with pytest.raises(KeyboardInterrupt):
        said("load_city", size="sample")
    with pytest.raises(CommandError, match="broke off"):
        said("load_city")
