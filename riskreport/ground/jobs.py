"""The kinds of background work the ground itself does."""

from riskreport.ground.domain.jobs import job_handler
from riskreport.ground.sheets.export import KIND, export_sheet

job_handler(KIND)(export_sheet)
