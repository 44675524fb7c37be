"""Ratings keep how often each entry of their rule applied instead of a trace of words and points."""

import datetime as dt

import django.db.models.deletion
from django.db import migrations, models

CHUNK = 2000


def counts_of_traces(apps, schema_editor):
    """Write counts and the overdue day from the traces; grey ratings have none."""
    model = apps.get_model("risks", "Rating")
    last = 0
    while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = rows[-1].pk
        for row in rows:
            lines = [line for line in row.trace if line["key"] != "not_reported"]
            row.counts = ",".join("" if line["count"] is None else str(line["count"]) for line in lines)
            since = next((line["since"] for line in lines if line.get("since")), None)
            row.overdue_since = dt.date.fromisoformat(since) if since else None
        model.objects.bulk_update(rows, ["counts", "overdue_since"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("risks", "0003_catalogue_drafts")]

    operations = [
        migrations.AddField("rating", "counts", models.CharField(blank=True, default="", max_length=200)),
        migrations.AddField("rating", "overdue_since", models.DateField(null=True)),
        migrations.RunPython(counts_of_traces, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("rating", "counts", models.CharField(blank=True, max_length=200)),
        migrations.RemoveField("rating", "trace"),
        migrations.AlterField(
            "rating",
            "rule",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ratings",
                to="risks.ratingrule",
            ),
        ),
        migrations.AlterField(
            "rating",
            "town",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.region"
            ),
        ),
    ]
