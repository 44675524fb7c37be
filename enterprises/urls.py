"""Addresses of who is who: signing in, one's account, rosters, the operator's page."""

from django.urls import path

from enterprises.views import (
    alike,
    background,
    difference,
    people,
    preparation,
    reconciliation,
    roster_add,
    rosters,
    search,
    sectors,
)

urlpatterns = [
    path("sign-in/", people.sign_in, name="sign_in"),
    path("sign-out/", people.sign_out, name="sign_out"),
    path("stay/", people.stay_signed_in, name="stay_signed_in"),
    path("language/", people.set_language, name="set_language"),
    path("account/", people.account, name="account"),
    path("enterprises/", rosters.enterprises, name="enterprises"),
    path("enterprises/add/", roster_add.unit_add, name="unit_add"),
    path("enterprises/alike/", alike.units_alike, name="units_alike"),
    path("enterprises/alike/<int:pk>/<int:other_pk>/", alike.unit_not_the_same, name="unit_not_the_same"),
    path("sectors/", sectors.sectors, name="sectors"),
    path("sectors/new/", sectors.sector_new, name="sector_new"),
    path("sectors/<slug:code>/", sectors.sector, name="sector"),
    path("sectors/<slug:code>/retire/", sectors.sector_retire, name="sector_retire"),
    path("sectors/<slug:code>/categories/new/", sectors.category_new, name="category_new"),
    path("categories/<slug:code>/", sectors.category, name="category"),
    path("categories/<slug:code>/retire/", sectors.category_retire, name="category_retire"),
    path("departments/", preparation.preparation, name="preparation"),
    path("departments/<int:pk>/", preparation.department, name="department"),
    path("departments/<int:pk>/steps/", preparation.steps, name="department_steps"),
    path("departments/<int:pk>/plans/add/", preparation.plan_add, name="department_plan_add"),
    path("departments/<int:pk>/plans/<int:number>/", preparation.plan, name="department_plan"),
    path("search/", search.search, name="search"),
    path("reconciliations/", reconciliation.reconciliations, name="reconciliations"),
    path("reconciliations/new/", reconciliation.reconciliation_new, name="reconciliation_new"),
    path("reconciliations/<int:pk>/", reconciliation.reconciliation, name="reconciliation"),
    path("reconciliations/<int:pk>/settle/", reconciliation.reconciliation_settle, name="reconciliation_settle"),
    path("reconciliations/<int:pk>/<int:difference_pk>/", difference.difference, name="difference"),
    path("background/", background.background, name="background"),
    path("background/reactions/<int:pk>/release/", background.release_reaction, name="release_reaction"),
]
