"""The database itself refuses to change what was submitted, issued, or put before the addressee of a letter."""

from django.db import migrations

from riskreport.ground.models.schema import refuse


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial")]

    operations = [
        refuse(
            table="review_snapshot",
            name="never_changes",
            text="A snapshot is never changed: submit again to make another one.",
        ),
        refuse(
            table="review_letterevidence",
            name="never_changes",
            text="The evidence of a letter is never changed: draft another letter.",
        ),
        refuse(
            table="review_bulletin",
            name="never_changes",
            text="An issued bulletin is never changed: make a corrected edition.",
            when="OLD.state = 'issued'",
        ),
    ]
