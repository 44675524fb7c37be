"""Addresses of the top floor."""

from review.routes import board, desk, filing

urlpatterns = [*filing.urlpatterns, *desk.urlpatterns, *board.urlpatterns]
