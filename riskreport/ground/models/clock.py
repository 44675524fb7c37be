"""The demo's and the tests' shift of the clock."""

from django.db import models


class ClockOffset(models.Model):
    """At most one row: how far the demo has moved its clock, in seconds."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_offset_one_row")]

    def __str__(self) -> str:
        return f"{self.seconds} s"
