"""What also needs jobs: reconciling two lists, and letters with first-use codes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from riskreport.ground.models.schema import CreateTables


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0001_initial"), ("ground", "0001_initial")]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Reconciliation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.department')),
                    ('title', models.CharField(max_length=80)),
                    ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.category')),
                    ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.region')),
                    ('a_file', models.CharField(blank=True, max_length=200)),
                    ('a_name', models.CharField(blank=True, max_length=160)),
                    ('a_sha256', models.CharField(blank=True, max_length=64)),
                    ('b_file', models.CharField(max_length=200)),
                    ('b_name', models.CharField(max_length=160)),
                    ('b_sha256', models.CharField(max_length=64)),
                    ('state', models.CharField(choices=[('comparing', 'Being compared'), ('mapping', 'Headings to be assigned'), ('ready', 'Compared'), ('failed', 'Could not be compared')], default='comparing', max_length=10)),
                    ('problem', models.TextField(blank=True)),
                    ('lists', models.JSONField(default=dict)),
                    ('fields', models.JSONField(default=list)),
                    ('counts', models.JSONField(default=dict)),
                    ('remarks', models.JSONField(default=list)),
                    ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ground.job')),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('created_at', models.DateTimeField()),
                    ('compared_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['department', '-id'], name='reconciliation_home')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('problem', ''), _negated=True), _connector='OR'), name='reconciliation_failed_says_why')],
                },
            ),
            migrations.CreateModel(
                name='Difference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reconciliation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='differences', to='enterprises.reconciliation')),
                    ('bucket', models.CharField(choices=[('only_a', 'In A and not in B'), ('only_b', 'In B and not in A'), ('differs', 'Alike but different')], max_length=8)),
                    ('name', models.CharField(max_length=120)),
                    ('town', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.region')),
                    ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.enterprise')),
                    ('near', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposed_to', to='enterprises.difference')),
                    ('a_row', models.PositiveIntegerField(default=0)),
                    ('b_row', models.PositiveIntegerField(default=0)),
                    ('a', models.JSONField(default=dict)),
                    ('b', models.JSONField(default=dict)),
                    ('fields', models.JSONField(default=list)),
                    ('outcome', models.CharField(blank=True, choices=[('taken_over', 'Taken over from B'), ('added', 'Added to the roster'), ('left', 'Has left the roster'), ('kept', 'Ours was kept'), ('explained', 'Settled with a reason'), ('paired', 'Found to be the same unit')], max_length=10)),
                    ('reason', models.CharField(blank=True, max_length=500)),
                    ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'indexes': [models.Index(fields=['reconciliation', 'bucket', 'id'], name='difference_list')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(models.Q(('outcome', ''), _negated=True), ('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='difference_settled_whole'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['left', 'explained']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='difference_settled_with_reason')],
                },
            ),
            migrations.CreateModel(
                name='LetterBatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('job', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ground.job')),
                    ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letter_batches', to=settings.AUTH_USER_MODEL)),
                    ('again', models.BooleanField(default=False)),
                    ('created_at', models.DateTimeField()),
                    ('made', models.PositiveIntegerField(default=0)),
                    ('file', models.CharField(blank=True, max_length=200)),
                    ('file_until', models.DateTimeField(null=True)),
                    ('fetched_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('file', ''), ('file_until__isnull', False), _connector='OR'), name='letters_file_lapses')],
                },
            ),
            migrations.CreateModel(
                name='FirstUse',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='first_use', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('digest', models.CharField(max_length=64)),
                    ('issued_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField(db_index=True)),
                    ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('used_at', models.DateTimeField(null=True)),
                    ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='enterprises.letterbatch')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('issued_at'))), name='first_use_dates_in_order')],
                },
            ),
        ]),
    ]
