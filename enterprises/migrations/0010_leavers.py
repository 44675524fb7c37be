"""A mail address for digests; when somebody left, and when what is personal of them was masked."""

from django.db import migrations, models
from django.utils import timezone


def days_of_leaving(apps, schema_editor):
    """Read from the events when each closed account was closed; where none says, the time counts from now."""
    people = apps.get_model("enterprises", "User").objects.filter(is_active=False)
    events = apps.get_model("ground", "Event").objects.order_by("pk")
    left = {row.object_id: row.at for row in events.filter(kind="person.disabled")}
    left |= {row.data["old"]: row.at for row in events.filter(kind="person.administrator_replaced")}
    for person in people.iterator():
        people.filter(pk=person.pk).update(left_at=left.get(person.pk, timezone.now()))


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0009_sso_id"), ("ground", "0003_imports")]

    operations = [
        migrations.AddField("user", "email", models.EmailField(blank=True, default="", max_length=120), False),
        migrations.AddField("user", "left_at", models.DateTimeField(null=True)),
        migrations.AddField("user", "masked_at", models.DateTimeField(null=True)),
        migrations.RunPython(days_of_leaving, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            "user",
            models.Index(
                fields=["left_at"],
                name="user_to_mask",
                condition=models.Q(is_active=False, masked_at=None),
            ),
        ),
    ]
