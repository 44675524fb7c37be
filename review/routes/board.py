"""Addresses of lists and boards."""

from django.urls import path

from review.views import board_lists

urlpatterns = [
    path("filings/", board_lists.filings, name="filings"),
]
