"""What the ledger is found by: the worst first; a board counts levels from an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0011_list_indexes'),
        ('risks', '0004_ratings_narrow'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='risk', name='risk_scope'),
        migrations.AddIndex(
            model_name='risk',
            index=models.Index(fields=['town', 'category', 'state', 'level', 'id'], name='risk_scope'),
        ),
        migrations.AddIndex(
            model_name='risk',
            index=models.Index(fields=['state', 'level', 'id'], name='risk_level'),
        ),
    ]
