"""Addresses of the department's desk: queue, review, paper entry, archive."""

urlpatterns: list = []
