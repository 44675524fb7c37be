"""The background work of this floor: every enterprise rated, every night."""

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from riskreport.ground.domain.jobs import Progress
from riskreport.ground.domain.nightly import nightly
from riskreport.ground.models import Job
from risks.domain.rating import Step, current_rule, rate_next
from risks.enums import Colour
from risks.queries.ratings import count_by_colour


@nightly("night.ratings", _("All units rated"), {"written": _("changed ratings"), **dict(Colour.choices)})
def rate_all(job: Job, progress: Progress) -> dict:
    """Rate everybody by the rule in force. What is noted after each chunk lets a later try go on where this one ended.

    Without a rule nothing is rated.
    """
    rule = current_rule()
    written = job.result.get("written", 0)
    progress.at(job.done, total=Enterprise.objects.aggregate(last=Max("pk"))["last"] or 0)
    step = rate_next(rule, Step(last=job.done)) if rule else None
    while rule and step:
        written += step.written
        progress.note(step.last, {"written": written})
        step = rate_next(rule, step)
    return {"written": written, **count_by_colour()}
