"""Follow-up letters: what they stand on, their numbers, evidence that the database refuses to change, and reminders.

On SQLite a later migration that rebuilds review_letterevidence loses its trigger with the old table: set it again there.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLE = "review_letterevidence"
TEXT = "The evidence of a letter is never changed: draft another letter."


def set_trigger(apps, schema_editor):
    """Set the trigger in the database's own words; both answer as for a broken constraint."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""CREATE FUNCTION {TABLE}_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{TEXT}' USING ERRCODE = 'integrity_constraint_violation';
            END $$""",
            params=None,
        )
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_never_changes BEFORE UPDATE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION {TABLE}_never_changes()""",
            params=None,
        )
    else:
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_never_changes BEFORE UPDATE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{TEXT}'); END""",
            params=None,
        )


def drop_trigger(apps, schema_editor):
    """Take the trigger away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_never_changes ON {TABLE}", params=None)
        schema_editor.execute(f"DROP FUNCTION {TABLE}_never_changes()", params=None)
    else:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_never_changes", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0011_list_indexes"),
        ("ground", "0005_nightly"),
        ("review", "0012_campaigning"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("warning", "Warning"),
                            ("notice", "Notice"),
                            ("interview", "Interview"),
                            ("supervision", "Supervised handling"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("issued", "Issued"),
                            ("delivered", "Delivered"),
                            ("read", "Receipt signed"),
                            ("replied", "Answered"),
                            ("returned", "Returned for more"),
                            ("closed", "Closed"),
                            ("withdrawn", "Draft withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("subject", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("body", models.TextField()),
                ("copies", models.CharField(blank=True, max_length=300)),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("number", models.PositiveIntegerField(null=True)),
                ("number_text", models.CharField(blank=True, max_length=40)),
                ("due_on", models.DateField()),
                ("created_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("replied_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "answerer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters_to_answer",
                        to="enterprises.department",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="review.campaign",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters_issued",
                        to="enterprises.department",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters_to",
                        to="enterprises.department",
                    ),
                ),
                (
                    "to_enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters_to",
                        to="enterprises.enterprise",
                    ),
                ),
                (
                    "to_region",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters_to",
                        to="enterprises.region",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Interview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("place", models.CharField(max_length=120)),
                ("invited", models.CharField(max_length=80)),
                ("held_at", models.DateTimeField(null=True)),
                ("attended_name", models.CharField(blank=True, max_length=40)),
                ("attended_post", models.CharField(blank=True, max_length=40)),
                ("minutes", models.TextField(blank=True)),
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="interview", to="review.letter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LetterCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("warning", "Warning"),
                            ("notice", "Notice"),
                            ("interview", "Interview"),
                            ("supervision", "Supervised handling"),
                        ],
                        max_length=12,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.department"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LetterEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("schema", models.PositiveSmallIntegerField(default=1)),
                ("content", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="review.letter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LetterMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=10, unique=True)),
                (
                    "department",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter_mark",
                        to="enterprises.department",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LetterRaise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField()),
                ("step", models.PositiveSmallIntegerField()),
                ("raised_at", models.DateTimeField()),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="raises", to="review.letter"
                    ),
                ),
                (
                    "to_department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters_raised",
                        to="enterprises.department",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="LetterReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("replied_at", models.DateTimeField()),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="review.letter"
                    ),
                ),
                (
                    "replied_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["letter", "number"],
            },
        ),
        migrations.CreateModel(
            name="LetterFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("path", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="review.letterreply"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LetterStandard",
            fields=[
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("warning", "Warning"),
                            ("notice", "Notice"),
                            ("interview", "Interview"),
                            ("supervision", "Supervised handling"),
                        ],
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("days_behind", models.PositiveSmallIntegerField()),
                ("bottom_places", models.PositiveSmallIntegerField(default=0)),
                ("bottom_runs", models.PositiveSmallIntegerField(default=2)),
                ("answer_days", models.PositiveSmallIntegerField()),
                ("raise_days", models.PositiveSmallIntegerField()),
                ("word", models.CharField(max_length=4, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("body", models.TextField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField()),
                (
                    "updated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProposalDismissal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("warning", "Warning"),
                            ("notice", "Notice"),
                            ("interview", "Interview"),
                            ("supervision", "Supervised handling"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("reason", models.CharField(max_length=500)),
                ("until", models.DateField()),
                ("dismissed_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.campaign"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.department"
                    ),
                ),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReminderRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("query", models.CharField(max_length=500)),
                ("message", models.CharField(blank=True, max_length=300)),
                ("started_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.campaign"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.department"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.event"),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.job"
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RemindedUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.enterprise"
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.filing"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="review.reminderrun"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["state", "due_on"], name="letter_due"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["-issued_at", "-id"], name="letter_latest"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("to_department__isnull", False), ("to_enterprise__isnull", True), ("to_region__isnull", True)
                    ),
                    models.Q(
                        ("to_department__isnull", True), ("to_enterprise__isnull", True), ("to_region__isnull", False)
                    ),
                    models.Q(
                        ("to_department__isnull", True), ("to_enterprise__isnull", False), ("to_region__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="letter_one_addressee",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answerer__isnull", False), ("to_enterprise__isnull", True)),
                    models.Q(("answerer__isnull", True), ("to_enterprise__isnull", False)),
                    _connector="OR",
                ),
                name="letter_who_answers",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(fields=("issuer", "kind", "year", "number"), name="letter_number_once"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number_text", ""), _negated=True),
                fields=("number_text",),
                name="letter_number_text_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("issued_at__isnull", True),
                        ("number__isnull", True),
                        ("number_text", ""),
                        ("state__in", ["draft", "withdrawn"]),
                    ),
                    models.Q(
                        models.Q(("state__in", ["draft", "withdrawn"]), _negated=True),
                        ("issued_at__isnull", False),
                        ("number__isnull", False),
                        ("year__isnull", False),
                        models.Q(("number_text", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="letter_issued_has_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="interview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attended_name", ""), ("held_at__isnull", True), ("minutes", "")),
                    models.Q(
                        ("held_at__isnull", False),
                        models.Q(("minutes", ""), _negated=True),
                        models.Q(("attended_name", ""), _negated=True),
                        models.Q(("attended_post", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="interview_held_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="lettercounter",
            constraint=models.UniqueConstraint(fields=("issuer", "kind", "year"), name="letter_counter_once"),
        ),
        migrations.AddConstraint(
            model_name="letterraise",
            constraint=models.UniqueConstraint(fields=("letter", "due_on", "step"), name="letter_raised_once"),
        ),
        migrations.AddConstraint(
            model_name="letterreply",
            constraint=models.UniqueConstraint(fields=("letter", "number"), name="letter_reply_once"),
        ),
        migrations.AddIndex(
            model_name="proposaldismissal",
            index=models.Index(fields=["campaign", "until"], name="dismissal_until"),
        ),
        migrations.AddIndex(
            model_name="reminderrun",
            index=models.Index(fields=["department", "-id"], name="reminder_of_department"),
        ),
        migrations.AddConstraint(
            model_name="remindedunit",
            constraint=models.UniqueConstraint(fields=("enterprise", "on"), name="reminded_once_a_day"),
        ),
        migrations.RunPython(set_trigger, drop_trigger),
    ]
