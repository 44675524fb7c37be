"""Each order of a list has an index, and no column two: one that leads a wider index, or by which nobody asks, has none."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0011_list_indexes'),
        ('review', '0014_training'),
        ('risks', '0006_one_index_each'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='declaredrisk',
            name='accident_type',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risks.accidenttype'),
        ),
        migrations.AlterField(
            model_name='declaredrisk',
            name='filing',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='declared_risks', to='review.filing'),
        ),
        migrations.AlterField(
            model_name='declaredrisk',
            name='updated_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='filing',
            name='category',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.category'),
        ),
        migrations.AlterField(
            model_name='filingsection',
            name='filing',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='review.filing'),
        ),
        migrations.AlterField(
            model_name='filingsection',
            name='updated_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='filing',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='review.filing'),
        ),
        migrations.AlterField(
            model_name='visit',
            name='filing',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='review.filing'),
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(fields=['category', 'id'], name='filing_category'),
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(fields=['due_on', 'id'], name='filing_due'),
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(fields=['joined_on', 'id'], name='filing_joined'),
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(fields=['risks_major', 'id'], name='filing_major'),
        ),
    ]
