"""Addresses of the wall, of the displays the office keeps, of the poster and of the bulletins."""

from django.urls import path

from review.views import bulletin_templates, bulletins, displays, poster, wall

urlpatterns = [
    path("wall/<str:token>/", wall.wall, name="wall"),
    path("wall/<str:token>/figures/", wall.wall_figures, name="wall_figures"),
    path("poster/", poster.poster, name="poster"),
    path("displays/", displays.displays, name="displays"),
    path("displays/<int:pk>/revoke/", displays.display_revoke, name="display_revoke"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/new/", bulletins.bulletin_new, name="bulletin_new"),
    path("bulletins/templates/<slug:kind>/", bulletin_templates.bulletin_template, name="bulletin_template"),
    path("bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/paper/<slug:form>/", bulletins.bulletin_paper, name="bulletin_paper"),
    path("bulletins/<int:pk>/<slug:step>/", bulletins.bulletin_step, name="bulletin_step"),
]
