"""Addresses of rows: as reverse() gives them, and nothing for a page that is not there."""

from types import SimpleNamespace

from django.urls import reverse

from riskreport.ground.ui.addresses import row_address


def test_address_of_a_row_is_what_reverse_gives():
    for key in (1, 7_654_321):
        assert row_address("filing_check")(SimpleNamespace(pk=key)) == reverse("filing_check", args=[key])


def test_page_that_is_not_there_has_no_address():
    assert row_address("no_such_page")(SimpleNamespace(pk=1)) == ""
