"""The health page is for machines and says nothing else."""

import pytest
from django.db import OperationalError, connection


@pytest.mark.django_db
def test_health_needs_no_account(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok"})


@pytest.mark.django_db
def test_a_database_that_is_away_is_said(client, monkeypatch):
    def away():
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": "away"})
