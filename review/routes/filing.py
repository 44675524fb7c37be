"""Addresses of writing and following one's own report."""

urlpatterns: list = []
