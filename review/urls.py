"""Addresses of the top floor."""

from review.routes import board, desk, filing, unit

urlpatterns = [*filing.urlpatterns, *desk.urlpatterns, *board.urlpatterns, *unit.urlpatterns]
