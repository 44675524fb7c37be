"""Numbers that come from forms and addresses."""

import pytest
from django.urls import reverse

from riskreport.ground.request import picked_versions, whole_number, whole_numbers
from tests import factories

TOO_LONG = "9" * 30


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), (TOO_LONG, None), ("²", None), ("１", None)]
    + [(text, None) for text in ("", "-1", "1.0", " 1", None)],
)
def test_a_whole_number_is_one_that_a_column_can_hold(text, number):
    assert whole_number(text) == number


def test_lists_leave_out_what_is_no_number():
    assert whole_numbers(["1", TOO_LONG, "x"]) == [1]
    assert picked_versions(["1:2", "1", "1:2:3", f"{TOO_LONG}:1", f"3:{TOO_LONG}", "x:1"]) == {1: 2}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "address", "sent"),
    [
        ("reviewer", "review_claim_several", {"pick": [f"{TOO_LONG}:1"]}),
        ("reviewer", "notices_read", {"id": [TOO_LONG]}),
        ("keeper", "issue_letters", {"sheet": "unit_accounts", "which": "picked", "pick": [TOO_LONG]}),
    ],
)
def test_a_crafted_number_is_no_error_of_the_server(client, role, address, sent):
    client.force_login(factories.user(role, of=factories.bureau()))
    assert client.post(reverse(address), sent).status_code < 500


@pytest.mark.django_db
@pytest.mark.parametrize("query", [f"before={TOO_LONG}", "before=²", "size=²", f"page={TOO_LONG}"])
def test_nor_is_one_in_an_address(client, query):
    client.force_login(factories.user("reviewer", of=factories.bureau()))
    for address in ("notices", "review_queue", "filings"):
        assert client.get(f"{reverse(address)}?{query}&town={TOO_LONG}&county={TOO_LONG}").status_code < 500
