"""Asking for rows by many values as one parameter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Enterprise
from tests import factories

pytestmark = pytest.mark.django_db


def test_rows_are_found_by_keys_by_the_row_they_refer_to_and_by_texts():
    one, two = factories.enterprise(), factories.enterprise()
    other = factories.enterprise(town=factories.YANGSHE)
    found = Enterprise.objects.filter(pk__among={one.pk, other.pk}, town__among={one.town_id})
    assert [row.pk for row in found] == [one.pk]
    assert set(Enterprise.objects.filter(credit_code__among={two.credit_code, "没有'这个"})) == {two}
    assert not Enterprise.objects.filter(pk__among=set())


def test_more_values_than_a_statement_has_parameters_are_one_parameter():
    unit = factories.enterprise()
    keys = range(unit.pk, unit.pk + 300_000)
    with CaptureQueriesContext(connection) as asked:
        assert [row.pk for row in Enterprise.objects.filter(pk__among=keys)] == [unit.pk]
    assert len(asked) == 1
