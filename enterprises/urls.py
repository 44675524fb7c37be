"""Addresses of who is who: signing in, one's account, rosters, the operator's page."""

from django.urls import path

from enterprises.views import alike, background, people, roster_add, rosters

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
    path("background/", background.background, name="background"),
    path("background/reactions/<int:pk>/release/", background.release_reaction, name="release_reaction"),
]
