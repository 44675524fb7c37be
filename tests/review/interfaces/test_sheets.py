"""Every column of every list: what it says, in both languages, at the same few queries for one row and for three."""

import pytest
from django.http import QueryDict
from django.utils import translation

from review.enums import FilingState
from riskreport.ground.sheets.declaration import get_sheet
from riskreport.ground.sheets.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db
OWN_KEYS = {"filings": "unit", "risks": "unit", "review_queue": "unit", "enterprises": "name"}


def reader_of(name, filing):
    return factories.reviewer_of(filing) if name == "review_queue" else factories.office_of(filing)


def read_all(name, user):
    """What every column says of every row, by column."""
    sheet = get_sheet(name)
    every = QueryDict("cols=" + ",".join(sheet.by_key))
    rows = list(Selection(sheet, user, every, {}).full_rows)
    return {key: [column.reader()(row) for row in rows] for key, column in sheet.by_key.items()}


@pytest.mark.parametrize("name", OWN_KEYS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_names_behind_a_row_are_told_in_the_readers_language(name, language):
    filing = factories.filing(FilingState.SUBMITTED if name == "review_queue" else FilingState.FILED)
    user = reader_of(name, filing)
    with translation.override(language):
        said = {key: values[0] for key, values in read_all(name, user).items()}
        names = {
            OWN_KEYS[name]: filing.enterprise.name,
            "code": filing.enterprise.code,
            "category": filing.category.label,
            "sector": filing.category.sector.label,
            "town": filing.town.label,
            "county": filing.town.parent.label,
            "campaign": filing.campaign.label,
            "accident": factories.accident_type().label,
        }
    assert {key: said[key] for key in names if key in said} == {key: names[key] for key in names if key in said}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("filings", 1), ("risks", 1), ("review_queue", 1), ("enterprises", 1)])
def test_every_column_together_asks_as_often_for_three_rows_as_for_one(django_assert_num_queries, name, queries, count):
    state = FilingState.SUBMITTED if name == "review_queue" else FilingState.FILED
    filings = [factories.filing(state) for _row in range(count)]
    sheet, user = get_sheet(name), reader_of(name, filings[0])
    selection = Selection(sheet, user, QueryDict("cols=" + ",".join(sheet.by_key)), {})
    rows = selection.full_rows
    with django_assert_num_queries(queries):
        found = [[column.reader()(row) for column in sheet.columns] for row in rows]
    assert len(found) == count
