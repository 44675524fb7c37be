"""Telling the workers that there is something to do.

A nudge is only a hint: the Pending and Job rows are the truth, and beat looks at them again. So a broker that is away
is logged and forgiven.
"""

import logging
import time

from celery import current_app

SILENT_SECONDS = 5.0
log = logging.getLogger(__name__)
_silent = {"until": -1.0}


def nudge_reactions(queue: str) -> None:
    """Ask a worker of ``queue`` to run the reactions that are due."""
    _send("ground.run_reactions", queue, [queue])


def nudge_job(job_id: int, queue: str) -> None:
    """Ask a worker of ``queue`` to run that job."""
    _send("ground.run_job", queue, [job_id])


def _send(name: str, queue: str, args: list) -> None:
    """Send, unless the broker was away a moment ago: nobody's request waits for it again and again."""
    if time.monotonic() < _silent["until"]:
        return
    try:
        current_app.send_task(name, args=args, queue=queue, retry=False)
    except Exception as error:  # whatever the broker's client raises: the row stands, beat picks it up
        _silent["until"] = time.monotonic() + SILENT_SECONDS
        log.warning("no nudge to %s (%s): beat will pick it up", queue, type(error).__name__)
