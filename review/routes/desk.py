"""Addresses of homes and of the department's desk: queue, review, paper entry, archive."""

from django.urls import path

from review.views import (
    archive,
    desk_change,
    desk_decide,
    desk_paper,
    desk_queue,
    desk_remarks,
    desk_review,
    home,
    visits,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("review/", desk_queue.review_queue, name="review_queue"),
    path("review/claim/", desk_queue.review_claim_several, name="review_claim_several"),
    path("review/<int:pk>/", desk_review.review, name="review"),
    path("review/<int:pk>/peers/", desk_review.review_peers, name="review_peers"),
    path("review/<int:pk>/claim/", desk_review.review_claim, name="review_claim"),
    path("review/<int:pk>/put-back/", desk_review.review_put_back, name="review_put_back"),
    path("review/<int:pk>/remarks/", desk_remarks.review_remark, name="review_remark"),
    path("review/<int:pk>/remarks/<int:remark_pk>/remove/", desk_remarks.review_remark_remove,
         name="review_remark_remove"),
    path("review/<int:pk>/preview/", desk_decide.review_preview, name="review_preview"),
    path("review/<int:pk>/decide/", desk_decide.review_decide, name="review_decide"),
    path("review/<int:pk>/change/<slug:action>/", desk_change.review_change, name="review_change"),
    path("paper/", desk_paper.paper_entry, name="paper_entry"),
    path("paper/<int:pk>/start/", desk_paper.paper_start, name="paper_start"),
    path("visits/", visits.visits, name="visits"),
    path("visits/record/<int:pk>/", visits.visit_record, name="visit_record"),
    path("visits/record/<int:pk>/<int:visit_pk>/withdraw/", visits.visit_withdraw, name="visit_withdraw"),
    path("archive/<int:pk>/", archive.archive, name="archive"),
    path("archive/<int:pk>/history/", archive.archive_history, name="archive_history"),
    path("archive/<int:pk>/phones/", archive.archive_phones, name="archive_phones"),
    path("archive/<int:pk>/snapshots/<int:snapshot_pk>/", archive.archive_snapshot, name="archive_snapshot"),
]  # fmt: skip
