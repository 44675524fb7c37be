"""What lists of a million rows are found by: units by name and by what ended them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0010_leavers'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='enterprise',
            index=models.Index(fields=['name', 'id'], name='enterprise_name'),
        ),
        migrations.AddIndex(
            model_name='enterprise',
            index=models.Index(condition=models.Q(('lifecycle', 'active'), _negated=True), fields=['lifecycle', 'town', 'id'], name='enterprise_ended'),
        ),
    ]
