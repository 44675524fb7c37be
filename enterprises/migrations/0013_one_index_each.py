"""Columns that lead a wider index, or by which nobody asks, need none of their own: each write is spared one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0012_wants_mail'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='enterprise',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='enterprises.enterprise'),
        ),
        migrations.AlterField(
            model_name='enterprise',
            name='category',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enterprises', to='enterprises.category'),
        ),
        migrations.AlterField(
            model_name='enterprise',
            name='town',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enterprises', to='enterprises.region'),
        ),
        migrations.AlterField(
            model_name='enterprisecategory',
            name='enterprise',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='category_links', to='enterprises.enterprise'),
        ),
        migrations.AlterField(
            model_name='user',
            name='enterprise',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='enterprises.enterprise'),
        ),
        migrations.RemoveIndex(
            model_name='enterprise',
            name='enterprise_scope',
        ),
        # counts of a scope read whether a unit is on the roster, and nothing else of it
        migrations.AddIndex(
            model_name='enterprise',
            index=models.Index(fields=['town', 'category', 'id', 'lifecycle'], name='enterprise_scope'),
        ),
    ]
