"""Addresses of who is who: signing in, one's account, rosters, the operator's page."""

from django.urls import path

from enterprises.views import background, people, rosters

urlpatterns = [
    path("sign-in/", people.sign_in, name="sign_in"),
    path("sign-out/", people.sign_out, name="sign_out"),
    path("stay/", people.stay_signed_in, name="stay_signed_in"),
    path("language/", people.set_language, name="set_language"),
    path("account/", people.account, name="account"),
    path("enterprises/", rosters.enterprises, name="enterprises"),
    path("background/", background.background, name="background"),
    path("background/reactions/<int:pk>/release/", background.release_reaction, name="release_reaction"),
]
