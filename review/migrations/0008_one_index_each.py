"""Columns that lead a wider index need none of their own: each write is spared one, and SQLite takes the better."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0011_list_indexes'),
        ('review', '0007_list_indexes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='filing',
            name='campaign',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='review.campaign'),
        ),
        migrations.AlterField(
            model_name='filing',
            name='department',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='enterprises.department'),
        ),
        migrations.AlterField(
            model_name='filing',
            name='town',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.region'),
        ),
    ]
