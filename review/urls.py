"""Addresses of the top floor."""

from review.routes import board, catalogues, desk, filing, letters, unit, wall

urlpatterns = [
    *filing.urlpatterns,
    *desk.urlpatterns,
    *board.urlpatterns,
    *unit.urlpatterns,
    *catalogues.urlpatterns,
    *letters.urlpatterns,
    *wall.urlpatterns,
]
