"""Enterprises: the units that report."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enterprises.enums import ContactKind, Lifecycle, Scale


class NoCodeReason(models.TextChoices):
    VENUE = "venue", _("Religious venue registered without a credit code")
    AWAITING = "awaiting", _("Awaiting registration")
    BRANCH = "branch", _("Site or branch without registration of its own")


class Enterprise(models.Model):
    """A unit that reports (企业单位).

    It has a credit code, or a temporary code with the recorded reason why not. ``town_id`` is the town's own code, the
    column every scope filters. ``profile`` holds the rest of the basic information, asked once (see
    checks/basic_information.py for its fields); ``version`` counts its changes. ``lifecycle_on`` is the day the
    lifecycle last changed. A unit merged into another stays as a row that points to the survivor.
    """

    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, null=True, unique=True)
    temporary_code = models.CharField(max_length=20, null=True, unique=True)
    no_code_reason = models.CharField(max_length=10, choices=NoCodeReason.choices, blank=True)
    town = models.ForeignKey("enterprises.Region", on_delete=models.PROTECT, related_name="enterprises", db_index=False)
    address = models.CharField(max_length=200)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    scale = models.CharField(max_length=6, choices=Scale.choices, default=Scale.UNSCALED)
    category = models.ForeignKey(
        "enterprises.Category", on_delete=models.PROTECT, related_name="enterprises", db_index=False
    )
    further_categories = models.ManyToManyField(
        "enterprises.Category", through="EnterpriseCategory", related_name="also_enterprises"
    )
    trade_code = models.CharField(max_length=5, blank=True)
    lifecycle = models.CharField(max_length=12, choices=Lifecycle.choices, default=Lifecycle.ACTIVE)
    lifecycle_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_units")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    left_reason = models.CharField(max_length=200, blank=True)
    standard_grade = models.PositiveSmallIntegerField(null=True)
    profile = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["town", "category", "id", "lifecycle"], name="enterprise_scope"),
            models.Index(fields=["category", "town", "id"], name="enterprise_category"),
            models.Index(fields=["name", "id"], name="enterprise_name"),
            models.Index(
                fields=["lifecycle", "town", "id"], name="enterprise_ended", condition=~Q(lifecycle=Lifecycle.ACTIVE)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(credit_code__isnull=False, temporary_code__isnull=True, no_code_reason="")
                | (Q(credit_code__isnull=True, temporary_code__isnull=False) & ~Q(no_code_reason="")),
                name="enterprise_code_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="enterprise_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(lifecycle__in=[Lifecycle.ACTIVE, Lifecycle.SUSPENDED], left_on__isnull=True)
                | Q(lifecycle__in=[Lifecycle.CLOSED, Lifecycle.WRITTEN_OFF, Lifecycle.MERGED], left_on__isnull=False),
                name="enterprise_left_has_date",
            ),
            models.CheckConstraint(
                condition=Q(lifecycle=Lifecycle.MERGED, merged_into__isnull=False)
                | (~Q(lifecycle=Lifecycle.MERGED) & Q(merged_into__isnull=True)),
                name="enterprise_merged_has_survivor",
            ),
            models.CheckConstraint(
                condition=Q(standard_grade__isnull=True) | Q(standard_grade__range=(1, 3)),
                name="enterprise_standard_grade",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
                name="enterprise_point_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """The credit code, or the temporary one."""
        return self.credit_code or self.temporary_code


class EnterpriseCategory(models.Model):
    """A further category beside the primary one: its catalogue is asked too, its lead may comment."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="category_links", db_index=False)
    category = models.ForeignKey("enterprises.Category", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "category"], name="further_category_once")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.category_id}"


class Contact(models.Model):
    """A named person of the enterprise. The phone is personal data: masked unless the role needs it."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="contacts", db_index=False)
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "kind"], name="contact_once_per_kind")]

    def __str__(self) -> str:
        return self.name
