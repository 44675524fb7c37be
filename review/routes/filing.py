"""Addresses of writing and following one's own report."""

from django.urls import path

from review.views import (
    filing_check,
    filing_files,
    filing_moves,
    filing_prints,
    filing_risks,
    filing_sections,
    filing_status,
)

HERE = "filings/<int:filing_id>/"

urlpatterns = [
    path(HERE, filing_status.show_filing, name="filing"),
    path(f"{HERE}sections/<slug:key>/", filing_sections.edit_section, name="filing_section"),
    path(f"{HERE}save/", filing_sections.autosave, name="filing_save"),
    path(f"{HERE}risks/new/", filing_risks.add_risk, name="filing_risk_add"),
    path(f"{HERE}risks/<uuid:lineage>/", filing_risks.edit_risk, name="filing_risk"),
    path(f"{HERE}risks/<uuid:lineage>/withdraw/", filing_risks.withdraw, name="filing_risk_withdraw"),
    path(f"{HERE}risks/<uuid:lineage>/<slug:part>/", filing_risks.edit_risk, name="filing_risk"),
    path(f"{HERE}people/", filing_risks.name_person, name="filing_person"),
    path(f"{HERE}attach/", filing_files.attach, name="filing_attach"),
    path(f"{HERE}attachments/<int:attachment_id>/", filing_files.download, name="filing_attachment"),
    path(f"{HERE}attachments/<int:attachment_id>/remove/", filing_files.remove, name="filing_attachment_remove"),
    path(f"{HERE}check/", filing_check.check_answers, name="filing_check"),
    path(f"{HERE}undertaking/", filing_moves.undertaking, name="filing_undertaking"),
    path(f"{HERE}move/<slug:action>/", filing_moves.move, name="filing_move"),
    path(f"{HERE}remarks/<int:remark_id>/settle/", filing_status.settle, name="filing_settle"),
    path(f"{HERE}print/", filing_prints.first_report, name="filing_print"),
    path(f"{HERE}print/stamp/", filing_prints.print_for_stamp, name="filing_print_stamp"),
    path(f"{HERE}print/<int:number>/", filing_prints.first_report, name="filing_print"),
    path(f"{HERE}receipt/", filing_prints.receipt, name="receipt"),
    path(f"{HERE}receipt/pdf/", filing_prints.receipt_pdf_view, name="receipt_pdf"),
]
