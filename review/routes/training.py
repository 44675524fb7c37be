"""Addresses of training: sessions, who comes, the test, coverage, the library of materials."""

from django.urls import path

from review.views import materials, training, training_coverage, training_keep, training_people, training_test

HERE = "training/<int:pk>/"

urlpatterns = [
    path("training/", training.training_sessions, name="training_sessions"),
    path("training/new/", training_keep.training_new, name="training_new"),
    path("training/people/", training_people.training_people, name="training_people"),
    path("training/units/", training_coverage.training_units, name="training_units"),
    path("training/coverage/", training_coverage.training_coverage, name="training_coverage"),
    path("training/standard/", training_keep.training_standard, name="training_standard"),
    path("training/check-in/<str:token>/", training_people.training_check_in, name="training_check_in"),
    path(HERE, training.training, name="training"),
    path(f"{HERE}edit/", training_keep.training_edit, name="training_edit"),
    path(f"{HERE}move/<slug:to>/", training_keep.training_move, name="training_move"),
    path(f"{HERE}respects/", training_keep.training_respects, name="training_respects"),
    path(f"{HERE}roll/", training_people.training_roll, name="training_roll"),
    path(f"{HERE}roll/add/", training_people.training_add, name="training_add"),
    path(f"{HERE}screen/", training_people.training_screen, name="training_screen"),
    path(f"{HERE}sign-up/", training.training_sign_up, name="training_sign_up"),
    path(f"{HERE}sign-off/<int:person_pk>/", training.training_sign_off, name="training_sign_off"),
    path(f"{HERE}test/", training_test.training_test, name="training_test"),
    path("materials/", materials.materials, name="materials"),
    path("materials/new/", materials.material_new, name="material_new"),
    path("materials/<int:pk>/", materials.material, name="material"),
    path("materials/<int:pk>/add/", materials.material_add, name="material_add"),
    path("materials/<int:pk>/withdraw/", materials.material_withdraw, name="material_withdraw"),
    path("materials/<int:pk>/<int:number>/", materials.material_file, name="material_file"),
]
