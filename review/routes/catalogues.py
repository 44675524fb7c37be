"""Addresses of what a catalogue asks of a unit, and of who has answered."""

from django.urls import path

from review.views import catalogue_changes

urlpatterns = [
    path("catalogue-changes/", catalogue_changes.catalogue_changes, name="catalogue_changes"),
    path("catalogue-changes/<int:pk>/", catalogue_changes.catalogue_change, name="catalogue_change"),
    path("catalogue-changes/<int:pk>/units/", catalogue_changes.catalogue_looks, name="catalogue_looks"),
    path("catalogue-changes/<int:pk>/remind/", catalogue_changes.catalogue_remind, name="catalogue_remind"),
]
