"""The database itself refuses to change an event."""

from django.db import migrations

from riskreport.ground.models.schema import refuse


class Migration(migrations.Migration):
    dependencies = [("ground", "0001_initial")]

    operations = [
        refuse(
            table="ground_event", name="append_only", text="An event is never changed: record another one."
        ),
    ]
