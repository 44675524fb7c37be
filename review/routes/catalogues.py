"""Addresses of what a catalogue asks of a unit."""

from django.urls import path

from review.views import catalogue_changes

urlpatterns = [path("catalogue-changes/<int:pk>/", catalogue_changes.catalogue_change, name="catalogue_change")]
