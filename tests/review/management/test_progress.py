"""The progress command: the figures of the board, for a person and for a program."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from enterprises.enums import Scale
from review.enums import FilingState
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(db):
    """Two obligations in Kunshan, one of them filed, and one in Zhangjiagang."""
    row = factories.campaign(code="key-sectors")
    factories.filing(FilingState.FILED, campaign=row, of=factories.enterprise(scale=Scale.ABOVE))
    factories.filing(campaign=row)
    factories.filing(campaign=row, of=factories.enterprise(town=factories.YANGSHE))
    return row


def run(capsys, *arguments) -> str:
    call_command("progress", *arguments)
    return capsys.readouterr().out


def asked(capsys, *arguments) -> dict:
    return json.loads(run(capsys, *arguments, "--json"))


def test_by_district_as_json(campaign, capsys):
    told = asked(capsys, "key-sectors", "--by", "district", "--as-of", clock.today().isoformat())
    assert told["rows"] == [
        {"key": 320582, "label": "张家港", "expected": 1, "actual": 0, "on_time": 0, "rate": 0.0, "rate_on_time": 0.0},
        {"key": 320583, "label": "昆山", "expected": 2, "actual": 1, "on_time": 1, "rate": 0.5, "rate_on_time": 0.5},
    ]
    assert told["total"] == {"expected": 3, "actual": 1, "on_time": 1, "rate": 0.333333, "rate_on_time": 0.333333}
    assert (told["campaign"], told["by"], told["as_of"]) == ("key-sectors", "district", clock.today().isoformat())


def test_two_dimensions_and_a_scale(campaign, capsys):
    matrix = asked(capsys, "key-sectors", "--by", "district_sector")["rows"]
    assert [row["key"] for row in matrix] == [[320582, "14"], [320583, "14"]]
    scales = asked(capsys, "key-sectors", "--by", "scale")["rows"]
    assert {row["key"]: row["actual"] for row in scales} == {"above": 1, "none": 0}


def test_a_day_before_it_opened_expects_nobody(campaign, capsys):
    day = campaign.opens_on - dt.timedelta(days=400)
    told = asked(capsys, "key-sectors", "--as-of", day.isoformat())
    assert told["total"] == {"expected": 0, "actual": 0, "on_time": 0, "rate": None, "rate_on_time": None}


def test_for_a_person_it_prints_a_table(campaign, capsys):
    lines = run(capsys, "key-sectors", "--by", "district").splitlines()
    assert lines[4].split("\t") == ["3", "1", "1", "33.3", "33.3", "合计"]
    assert [line.split("\t")[0] for line in lines[5:]] == [
        "larger-and-above risks", "verified on the spot", "zero-risk reports supplemented", "training sessions",
        "units trained", "people trained",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"), [(["nothing"], "key-sectors"), (["key-sectors", "--as-of", "soon"], "2021-09-30")]
)
def test_what_cannot_be_is_said_with_what_can(campaign, arguments, said):
    with pytest.raises(CommandError, match=said):
        call_command("progress", *arguments)
