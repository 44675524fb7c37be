"""Addresses of lists and boards."""

from django.urls import path

from review.views import board_completion, board_lists

urlpatterns = [
    path("board/", board_completion.board, name="board"),
    path("filings/", board_lists.filings, name="filings"),
]
