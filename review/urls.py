"""Addresses of the top floor."""

from review.routes import board, catalogues, desk, filing, training, unit, wall

urlpatterns = [
    *filing.urlpatterns,
    *desk.urlpatterns,
    *board.urlpatterns,
    *unit.urlpatterns,
    *catalogues.urlpatterns,
    *wall.urlpatterns,
    *training.urlpatterns,
]
