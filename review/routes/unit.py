"""Addresses of keeping one unit of the roster: its acts, its change history, merging."""

from django.urls import path

from review.views import unit_changes, unit_keep, unit_merge

HERE = "archive/<int:pk>/"

urlpatterns = [
    path(f"{HERE}keep/<slug:act>/", unit_keep.unit_keep, name="unit_keep"),
    path(f"{HERE}changes/", unit_changes.unit_changes, name="unit_changes"),
    path(f"{HERE}merge/", unit_merge.unit_merge_find, name="unit_merge_find"),
    path(f"{HERE}merge/<int:other_pk>/", unit_merge.unit_merge, name="unit_merge"),
]
