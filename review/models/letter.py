"""Follow-up letters (督办函件): what they stand on, their numbers, and each from draft to closed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from review.enums import NEVER_ISSUED, LetterKind, LetterState

ONE_ADDRESSEE = (
    Q(to_department__isnull=False, to_region__isnull=True, to_enterprise__isnull=True)
    | Q(to_department__isnull=True, to_region__isnull=False, to_enterprise__isnull=True)
    | Q(to_department__isnull=True, to_region__isnull=True, to_enterprise__isnull=False)
)


class LetterStandard(models.Model):
    """What a kind of letter stands on, as the city's office has set it; the shipped text holds where no row is.

    Proposed when ``days_behind`` are reached, or among the last ``bottom_places`` of the ranking ``bottom_runs`` times
    running. ``answer_days`` and ``raise_days`` are working days: for the answer, and between two levels that an overdue
    one goes up. ``word`` stands in the number.
    """

    kind = models.CharField(max_length=12, choices=LetterKind.choices, primary_key=True)
    days_behind = models.PositiveSmallIntegerField()
    bottom_places = models.PositiveSmallIntegerField(default=0)
    bottom_runs = models.PositiveSmallIntegerField(default=2)
    answer_days = models.PositiveSmallIntegerField()
    raise_days = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=4, unique=True)
    title = models.CharField(max_length=120)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind


class LetterMark(models.Model):
    """The mark of an organ (机关代字) that begins the numbers of its letters, such as 苏安办."""

    department = models.OneToOneField("enterprises.Department", on_delete=models.PROTECT, related_name="letter_mark")
    mark = models.CharField(max_length=10, unique=True)

    def __str__(self) -> str:
        return self.mark


class LetterCounter(models.Model):
    """The last number given in a year for a kind of letter of one organ; its row is locked while one is given."""

    issuer = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=LetterKind.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "kind", "year"], name="letter_counter_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class Letter(models.Model):
    """One letter to a department, an area or an enterprise. ``answerer`` is who answers; none for an enterprise.

    The state is written by review.domain.letters.workflow alone. ``subject`` names what was proposed about
    (``region-320583``), so that it is not proposed again while the letter is under way. ``due_on`` is the day the
    answer is due; of an interview not yet held the day of the interview.
    """

    kind = models.CharField(max_length=12, choices=LetterKind.choices)
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    issuer = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="letters_issued")
    campaign = models.ForeignKey("review.Campaign", null=True, on_delete=models.PROTECT, related_name="letters")
    to_department = models.ForeignKey(
        "enterprises.Department", null=True, on_delete=models.PROTECT, related_name="letters_to"
    )
    to_region = models.ForeignKey("enterprises.Region", null=True, on_delete=models.PROTECT, related_name="letters_to")
    to_enterprise = models.ForeignKey(
        "enterprises.Enterprise", null=True, on_delete=models.PROTECT, related_name="letters_to"
    )
    answerer = models.ForeignKey(
        "enterprises.Department", null=True, on_delete=models.PROTECT, related_name="letters_to_answer"
    )
    subject = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    body = models.TextField()
    copies = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    number_text = models.CharField(max_length=40, blank=True)
    due_on = models.DateField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_on"], name="letter_due"),
            models.Index(fields=["-issued_at", "-id"], name="letter_latest"),
        ]
        constraints = [
            models.CheckConstraint(condition=ONE_ADDRESSEE, name="letter_one_addressee"),
            models.CheckConstraint(
                condition=Q(to_enterprise__isnull=True, answerer__isnull=False)
                | Q(to_enterprise__isnull=False, answerer__isnull=True),
                name="letter_who_answers",
            ),
            models.UniqueConstraint(fields=["issuer", "kind", "year", "number"], name="letter_number_once"),
            models.UniqueConstraint(
                fields=["number_text"], condition=~Q(number_text=""), name="letter_number_text_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(NEVER_ISSUED), number__isnull=True, number_text="", issued_at__isnull=True)
                | (
                    ~Q(state__in=sorted(NEVER_ISSUED))
                    & Q(number__isnull=False, year__isnull=False, issued_at__isnull=False)
                    & ~Q(number_text="")
                ),
                name="letter_issued_has_number",
            ),
        ]

    def __str__(self) -> str:
        return self.number_text or f"{self.kind} {self.pk}"

    @property
    def addressee(self) -> str:
        """To whom it goes, in the active language; of an area its committee office."""
        if self.to_enterprise_id is not None:
            return self.to_enterprise.name
        return self.answerer.label


class LetterEvidence(models.Model):
    """What a letter stands on: figures and list as canonical JSON with its SHA-256. Nothing ever changes one."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="evidence")
    schema = models.PositiveSmallIntegerField(default=1)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class Interview(models.Model):
    """When and where somebody is asked to come, whether they came themselves, and what was said."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="interview")
    at = models.DateTimeField()
    place = models.CharField(max_length=120)
    invited = models.CharField(max_length=80)
    held_at = models.DateTimeField(null=True)
    attended_name = models.CharField(max_length=40, blank=True)
    attended_post = models.CharField(max_length=40, blank=True)
    minutes = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, minutes="", attended_name="")
                | (Q(held_at__isnull=False) & ~Q(minutes="") & ~Q(attended_name="") & ~Q(attended_post="")),
                name="interview_held_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.at:%Y-%m-%d}"


class LetterReply(models.Model):
    """One answer to a letter; a letter returned for more has several."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="replies")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField()

    class Meta:
        ordering = ["letter", "number"]
        constraints = [models.UniqueConstraint(fields=["letter", "number"], name="letter_reply_once")]

    def __str__(self) -> str:
        return f"{self.letter_id}-{self.number}"


class LetterFile(models.Model):
    """A file that came with an answer."""

    reply = models.ForeignKey(LetterReply, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class LetterRaise(models.Model):
    """An overdue letter went up to a department: once for each step above each due day."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="raises")
    due_on = models.DateField()
    step = models.PositiveSmallIntegerField()
    to_department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="letters_raised")
    raised_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["letter", "due_on", "step"], name="letter_raised_once")]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.step}"


class ProposalDismissal(models.Model):
    """A person's word that a proposed letter is not written, with the reason; it holds until a day."""

    campaign = models.ForeignKey("review.Campaign", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=LetterKind.choices)
    subject = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    until = models.DateField()
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    dismissed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["campaign", "until"], name="dismissal_until")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
