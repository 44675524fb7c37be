"""Addresses of reporting tasks: the list, the wizard, phases and checklists, closing, extensions."""

from django.urls import path

from review.views.campaigning import closing, extensions, phases, tasks, wizard

urlpatterns = [
    path("tasks/", tasks.campaigns, name="campaigns"),
    path("tasks/new/", wizard.campaign_new, name="campaign_new"),
    path("tasks/drafts/<int:pk>/launch/", wizard.campaign_launch, name="campaign_launch"),
    path("tasks/drafts/<int:pk>/drop/", wizard.campaign_drop, name="campaign_drop"),
    path("tasks/drafts/<int:pk>/<slug:step>/", wizard.campaign_step, name="campaign_step"),
    path("tasks/phases/<int:pk>/", phases.phase_checklist, name="phase_checklist"),
    path("tasks/phases/<int:pk>/launch/", phases.phase_launch, name="phase_launch"),
    path("tasks/phases/<int:pk>/days/", phases.phase_days, name="phase_days"),
    path("tasks/steps/<int:pk>/", phases.checklist_step, name="checklist_step"),
    path("tasks/<int:pk>/", tasks.campaign, name="campaign"),
    path("tasks/<int:pk>/launch/", wizard.campaign_launch_again, name="campaign_launch_again"),
    path("tasks/<int:pk>/next/", wizard.campaign_next, name="campaign_next"),
    path("tasks/<int:pk>/close/", closing.campaign_close, name="campaign_close"),
    path("tasks/<int:pk>/reopen/", closing.campaign_reopen, name="campaign_reopen"),
    path("tasks/<int:pk>/extend/", extensions.campaign_extend, name="campaign_extend"),
    path("extensions/", extensions.extensions, name="extensions"),
    path("filings/<int:filing_id>/extension/", extensions.filing_extension, name="filing_extension"),
    path("filings/<int:filing_id>/unchanged/", extensions.filing_unchanged, name="filing_unchanged"),
]
