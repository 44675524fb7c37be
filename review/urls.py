"""Addresses of the top floor."""

from review.routes import board, campaigns, catalogues, desk, filing, letters, training, unit, wall

urlpatterns = [
    *filing.urlpatterns,
    *desk.urlpatterns,
    *board.urlpatterns,
    *unit.urlpatterns,
    *catalogues.urlpatterns,
    *letters.urlpatterns,
    *wall.urlpatterns,
    *campaigns.urlpatterns,
    *training.urlpatterns,
]
