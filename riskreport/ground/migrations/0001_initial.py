"""What every app stands on: clock, events, reactions, jobs, imports, notices, reminders, keys of forms."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from riskreport.ground.models.schema import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [("enterprises", "0001_initial")]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='ClockOffset',
                fields=[
                    ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                    ('seconds', models.BigIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='clock_offset_one_row')],
                },
            ),
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(db_index=True)),
                    ('kind', models.CharField(max_length=60)),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('object_type', models.CharField(blank=True, max_length=40)),
                    ('object_id', models.BigIntegerField(null=True)),
                    ('enterprise_id', models.BigIntegerField(null=True)),
                    ('data', models.JSONField(default=dict)),
                    ('request_id', models.CharField(blank=True, max_length=32)),
                ],
                options={
                    'indexes': [models.Index(fields=['object_type', 'object_id', 'id'], name='event_object'), models.Index(fields=['enterprise_id', '-id'], name='event_enterprise'), models.Index(fields=['kind', 'at'], name='event_kind_at')],
                },
            ),
            migrations.CreateModel(
                name='EventLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ground.event')),
                    ('object_type', models.CharField(max_length=40)),
                    ('object_id', models.BigIntegerField()),
                    ('old', models.JSONField(default=dict)),
                    ('new', models.JSONField(default=dict)),
                ],
                options={
                    'indexes': [models.Index(fields=['object_type', 'object_id'], name='event_line_object')],
                },
            ),
            migrations.CreateModel(
                name='Pending',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reactions', to='ground.event')),
                    ('reaction', models.CharField(max_length=80)),
                    ('queue', models.CharField(max_length=10)),
                    ('due_at', models.DateTimeField()),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('reached', models.BigIntegerField(default=0)),
                    ('done_at', models.DateTimeField(null=True)),
                    ('parked_at', models.DateTimeField(null=True)),
                    ('error', models.TextField(blank=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('done_at', None), ('parked_at', None)), fields=['queue', 'due_at'], name='reaction_due')],
                    'constraints': [models.UniqueConstraint(fields=('event', 'reaction'), name='reaction_once_per_event'), models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('parked_at__isnull', True), _connector='OR'), name='reaction_done_or_parked')],
                },
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60)),
                    ('key', models.CharField(max_length=80, null=True, unique=True)),
                    ('title', models.CharField(blank=True, max_length=200)),
                    ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                    ('queue', models.CharField(default='bulk', max_length=10)),
                    ('params', models.JSONField(default=dict)),
                    ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=10)),
                    ('done', models.PositiveIntegerField(default=0)),
                    ('total', models.PositiveIntegerField(default=0)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('lease_until', models.DateTimeField(null=True)),
                    ('worker', models.CharField(blank=True, max_length=80)),
                    ('result', models.JSONField(default=dict)),
                    ('error', models.TextField(blank=True)),
                    ('file', models.CharField(blank=True, max_length=200)),
                    ('file_name', models.CharField(blank=True, max_length=200)),
                    ('created_at', models.DateTimeField()),
                    ('started_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['owner', '-id'], name='job_owner'), models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['state', 'lease_until'], name='job_open')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='job_running_has_lease'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['done', 'failed'])), models.Q(('ended_at__isnull', True), ('state__in', ['waiting', 'running'])), _connector='OR'), name='job_ended_has_time')],
                },
            ),
            migrations.CreateModel(
                name='ImportBatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sheet', models.CharField(max_length=60)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('home', models.BigIntegerField(null=True)),
                    ('language', models.CharField(max_length=10)),
                    ('state', models.CharField(choices=[('reading', 'Being read'), ('mapping', 'Columns to be assigned'), ('checking', 'Being checked'), ('preview', 'Waiting for your decision'), ('applying', 'Being taken in'), ('applied', 'Taken in'), ('refused', 'Refused'), ('failed', 'Could not be read'), ('undoing', 'Being undone'), ('undone', 'Undone')], default='reading', max_length=10)),
                    ('file', models.CharField(max_length=200)),
                    ('file_name', models.CharField(max_length=200)),
                    ('sha256', models.CharField(max_length=64)),
                    ('size', models.PositiveIntegerField()),
                    ('reading', models.JSONField(default=dict)),
                    ('rows_file', models.CharField(blank=True, max_length=200)),
                    ('mapping', models.JSONField(default=list)),
                    ('complete', models.CharField(blank=True, max_length=60)),
                    ('counts', models.JSONField(default=dict)),
                    ('problem', models.TextField(blank=True)),
                    ('errors_file', models.CharField(blank=True, max_length=200)),
                    ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ground.job')),
                    ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ground.event')),
                    ('undo_event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ground.event')),
                    ('created_at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['sheet', 'home', '-id'], name='import_batch_home')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'applied'), _negated=True), ('event__isnull', False), _connector='OR'), name='import_applied_has_event')],
                },
            ),
            migrations.CreateModel(
                name='ImportRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('batch', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='ground.importbatch')),
                    ('number', models.PositiveIntegerField()),
                    ('state', models.CharField(max_length=8)),
                    ('target', models.BigIntegerField(null=True)),
                    ('seen_version', models.IntegerField(null=True)),
                    ('label', models.CharField(blank=True, max_length=200)),
                    ('values', models.JSONField(default=dict)),
                    ('old', models.JSONField(default=dict)),
                    ('problems', models.JSONField(default=list)),
                ],
                options={
                    'indexes': [models.Index(fields=['batch', 'state', 'number'], name='import_row_batch')],
                },
            ),
            migrations.CreateModel(
                name='HeadingMemory',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sheet', models.CharField(max_length=60)),
                    ('home', models.BigIntegerField()),
                    ('heading', models.CharField(max_length=200)),
                    ('column', models.CharField(blank=True, max_length=60)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('sheet', 'home', 'heading'), name='heading_once_per_home')],
                },
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                    ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ground.event')),
                    ('kind', models.CharField(max_length=60)),
                    ('data', models.JSONField(default=dict)),
                    ('url', models.CharField(blank=True, max_length=200)),
                    ('times', models.PositiveIntegerField(default=1)),
                    ('created_at', models.DateTimeField()),
                    ('read_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['user', '-id'], name='notice_user'), models.Index(condition=models.Q(('read_at', None)), fields=['user'], name='notice_unread')],
                    'constraints': [models.UniqueConstraint(fields=('user', 'event', 'kind'), name='notice_once_per_event')],
                },
            ),
            migrations.CreateModel(
                name='Reminder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('source', models.CharField(max_length=40)),
                    ('object_id', models.BigIntegerField()),
                    ('step', models.CharField(max_length=20)),
                    ('told_on', models.DateField(null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('told_on', None)), fields=['user'], name='reminder_owed'), models.Index(fields=['user', 'told_on'], name='reminder_told')],
                    'constraints': [models.UniqueConstraint(fields=('source', 'object_id', 'step', 'user'), name='reminder_once_ever')],
                },
            ),
            migrations.CreateModel(
                name='ReminderDays',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('days', models.JSONField(default=dict)),
                    ('version', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='reminder_days_one_row')],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
                    ('day', models.DateField()),
                    ('channel', models.CharField(choices=[('inbox', 'Inbox'), ('mail', 'Mail')], max_length=5)),
                    ('outcome', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Delivered'), ('nothing_left', 'Nothing was left to tell'), ('parked', 'Given up after five tries')], default='waiting', max_length=12)),
                    ('lines', models.PositiveIntegerField(default=0)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('due_at', models.DateTimeField(null=True)),
                    ('error', models.CharField(blank=True, max_length=60)),
                    ('created_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('outcome', 'waiting')), fields=['due_at'], name='delivery_waiting'), models.Index(fields=['day', 'channel', 'outcome'], name='delivery_day')],
                    'constraints': [models.UniqueConstraint(fields=('user', 'day', 'channel'), name='delivery_once_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', False), ('ended_at__isnull', True), ('outcome', 'waiting')), models.Q(models.Q(('outcome', 'waiting'), _negated=True), ('due_at__isnull', True), ('ended_at__isnull', False)), _connector='OR'), name='delivery_ended_has_time')],
                },
            ),
            migrations.CreateModel(
                name='RequestKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('key', models.CharField(max_length=64)),
                    ('digest', models.CharField(max_length=64)),
                    ('answer', models.JSONField(default=dict)),
                    ('created_at', models.DateTimeField(db_index=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='request_key_once_per_user')],
                },
            ),
        ]),
    ]
