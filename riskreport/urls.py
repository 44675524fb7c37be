"""Every address of the system."""

from django.urls import include, path

urlpatterns = [
    path("", include("review.urls")),
    path("", include("risks.urls")),
    path("", include("enterprises.urls")),
    path("", include("riskreport.ground.urls")),
]

handler500 = "riskreport.ground.views.failures.server_error"
