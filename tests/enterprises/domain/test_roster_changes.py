"""The roster announces in its own transaction."""

import datetime as dt

import pytest
from django.db import transaction

from enterprises.domain import roster_changes
from enterprises.domain.roster_changes import RosterAct, RosterChange, announce_roster, follow_roster
from tests import factories

CHANGE = RosterChange(7, RosterAct.LEFT, dt.date(2022, 1, 5), "closed")


@pytest.fixture
def followers(monkeypatch):
    known = []
    monkeypatch.setattr(roster_changes, "_followers", known)
    return known


@pytest.mark.django_db
def test_every_follower_is_told_once_and_who_did_it(followers):
    heard = []

    def follower(changes, user):
        heard.append((list(changes), user))

    follow_roster(follower)
    follow_roster(follower)
    with transaction.atomic():
        announce_roster(changes=[CHANGE], user=None)
        announce_roster(changes=[], user=None)
    assert heard == [([CHANGE], None)]


@pytest.mark.django_db
def test_a_follower_that_fails_undoes_the_act(followers):
    unit = factories.enterprise()

    @follow_roster
    def refuse(changes, user):
        raise LookupError("nobody decides there")

    def rename():
        with transaction.atomic():
            type(unit).objects.filter(pk=unit.pk).update(name="another")
            announce_roster(changes=[CHANGE], user=None)

    with pytest.raises(LookupError):
        rename()
    unit.refresh_from_db()
    assert unit.name != "another"


@pytest.mark.django_db(transaction=True)
def test_it_is_announced_only_in_a_transaction(followers):
    with pytest.raises(transaction.TransactionManagementError):
        announce_roster(changes=[CHANGE], user=None)
