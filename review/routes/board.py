"""Addresses of lists and boards."""

from django.urls import path

from review.views import board_completion, board_lists, burnup, reminder_days

urlpatterns = [
    path("board/", board_completion.board, name="board"),
    path("board/panels/<slug:panel_name>/", board_completion.panel, name="board_panel"),
    path("board/workbook/", board_completion.workbook, name="board_workbook"),
    path("board/paper/", board_completion.paper, name="board_paper"),
    path("board/burnup/", burnup.burnup, name="burnup"),
    path("board/burnup/workbook/", burnup.burnup_workbook, name="burnup_workbook"),
    path("reminders/", reminder_days.reminder_days, name="reminder_days"),
    path("filings/", board_lists.filings, name="filings"),
]
