"""Addresses of what is dangerous: the ledger and the catalogues."""

from django.urls import path

from risks.views import catalogues, ledger

urlpatterns = [
    path("risks/", ledger.risks, name="risks"),
    path("risks/<int:pk>/", ledger.risk, name="risk"),
    path("catalogues/", catalogues.catalogues, name="catalogues"),
    path("catalogues/<int:pk>/", catalogues.catalogue, name="catalogue"),
]
