"""Columns that lead a wider index need none of their own: each write is spared one, and SQLite takes the better."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0011_list_indexes'),
        ('risks', '0005_list_indexes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='risk',
            name='enterprise',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='risks', to='enterprises.enterprise'),
        ),
        migrations.AlterField(
            model_name='risk',
            name='town',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.region'),
        ),
    ]
