"""Addresses of lists and boards."""

urlpatterns: list = []
