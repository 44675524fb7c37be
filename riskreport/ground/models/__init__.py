"""The ground's tables: what happened, what is still to do, what somebody should know, what a file brought in."""

from riskreport.ground.models.among import Among
from riskreport.ground.models.clock import ClockOffset
from riskreport.ground.models.event import Event, EventLine, Pending
from riskreport.ground.models.imports import HeadingMemory, ImportBatch, ImportRow
from riskreport.ground.models.job import Job
from riskreport.ground.models.notice import Notice
from riskreport.ground.models.reminder import Delivery, Reminder, ReminderDays
from riskreport.ground.models.request_key import RequestKey

__all__ = [
    "Among",
    "ClockOffset",
    "Delivery",
    "Event",
    "EventLine",
    "HeadingMemory",
    "ImportBatch",
    "ImportRow",
    "Job",
    "Notice",
    "Pending",
    "Reminder",
    "ReminderDays",
    "RequestKey",
]
