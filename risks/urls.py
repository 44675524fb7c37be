"""Addresses of what is dangerous: the ledger, the catalogues, the keeper's desk."""

from django.urls import path

from risks.views import catalogues, draft_items, draft_publish, drafts, guides, ledger

urlpatterns = [
    path("risks/", ledger.risks, name="risks"),
    path("risks/<int:pk>/", ledger.risk, name="risk"),
    path("catalogues/", catalogues.catalogues, name="catalogues"),
    path("catalogues/<int:pk>/", catalogues.catalogue, name="catalogue"),
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:code>/", guides.guide, name="guide"),
    path("guides/<slug:code>/pdf/", guides.guide_paper, name="guide_paper"),
    path("catalogues/keep/", drafts.keep, name="catalogues_keep"),
    path("catalogues/keep/items/", drafts.items, name="catalogue_items"),
    path("catalogues/keep/new/", drafts.new, name="catalogue_new"),
    path("catalogues/<int:pk>/open/", drafts.open_one, name="catalogue_open"),
    path("catalogues/drafts/<int:pk>/", drafts.draft, name="draft"),
    path("catalogues/drafts/<int:pk>/head/", drafts.head, name="draft_head"),
    path("catalogues/drafts/<int:pk>/check/", draft_publish.check, name="draft_check"),
    path("catalogues/drafts/<int:pk>/preview/", draft_publish.preview, name="draft_preview"),
    path("catalogues/drafts/<int:pk>/compare/", draft_publish.compare, name="draft_compare"),
    path("catalogues/drafts/<int:pk>/publish/", draft_publish.publish, name="draft_publish"),
    path("catalogues/drafts/<int:pk>/recall/", draft_publish.recall, name="draft_recall"),
    path("catalogues/drafts/<int:pk>/discard/", drafts.discard, name="draft_discard"),
    path("catalogues/drafts/<int:pk>/items/add/", draft_items.add, name="draft_item_add"),
    path("catalogues/drafts/<int:pk>/items/<int:item_pk>/", draft_items.item, name="draft_item"),
    path("catalogues/drafts/<int:pk>/items/<int:item_pk>/move/", draft_items.move, name="draft_item_move"),
    path("catalogues/drafts/<int:pk>/items/<int:item_pk>/remove/", draft_items.remove, name="draft_item_remove"),
]
