"""Addresses of the wall, of the displays the office keeps, of the poster and of the bulletins."""

from django.urls import path

from review.views import displays, wall

urlpatterns = [
    path("wall/<str:token>/", wall.wall, name="wall"),
    path("wall/<str:token>/figures/", wall.wall_figures, name="wall_figures"),
    path("displays/", displays.displays, name="displays"),
    path("displays/<int:pk>/revoke/", displays.display_revoke, name="display_revoke"),
]
