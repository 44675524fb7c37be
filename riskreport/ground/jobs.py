"""The kinds of background work the ground itself does."""

from riskreport.ground.domain.jobs import job_handler
from riskreport.ground.imports import batches, work
from riskreport.ground.sheets.export import KIND, export_sheet

job_handler(KIND)(export_sheet)
job_handler(batches.READ)(work.read_import)
job_handler(batches.CHECK)(work.check_import)
job_handler(batches.APPLY)(work.apply_import)
job_handler(batches.UNDO)(work.undo_import)
