"""What people are reminded of, by which days, and how it reached them; the mails of before become deliveries."""

import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_mails(apps, schema_editor):
    """Let each mail stand on as a delivery: its key ends in the night it was written for."""
    mails = apps.get_model('ground', 'Mail').objects.order_by('pk')
    apps.get_model('ground', 'Delivery').objects.bulk_create(
        (_delivery_of(apps.get_model('ground', 'Delivery'), mail) for mail in mails.iterator(chunk_size=2000)),
        batch_size=1000,
        ignore_conflicts=True,
    )


def _delivery_of(model, mail):
    ended = mail.sent_at or (mail.created_at if mail.tries >= 5 else None)
    outcome = 'sent' if mail.sent_at else 'parked' if ended else 'waiting'
    return model(
        user_id=mail.user_id,
        day=dt.date.fromisoformat(mail.key[-10:]),
        channel='mail',
        outcome=outcome,
        tries=mail.tries,
        due_at=None if ended else mail.created_at,
        created_at=mail.created_at,
        ended_at=ended,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('ground', '0005_nightly'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('channel', models.CharField(choices=[('inbox', 'Inbox'), ('mail', 'Mail')], max_length=5)),
                ('outcome', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Delivered'), ('nothing_left', 'Nothing was left to tell'), ('parked', 'Given up after five tries')], default='waiting', max_length=12)),
                ('lines', models.PositiveIntegerField(default=0)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=60)),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=40)),
                ('object_id', models.BigIntegerField()),
                ('step', models.CharField(max_length=20)),
                ('told_on', models.DateField(null=True)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
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
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('outcome', 'waiting')), fields=['due_at'], name='delivery_waiting'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['day', 'channel', 'outcome'], name='delivery_day'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('user', 'day', 'channel'), name='delivery_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', False), ('ended_at__isnull', True), ('outcome', 'waiting')), models.Q(models.Q(('outcome', 'waiting'), _negated=True), ('due_at__isnull', True), ('ended_at__isnull', False)), _connector='OR'), name='delivery_ended_has_time'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(condition=models.Q(('told_on', None)), fields=['user'], name='reminder_owed'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(fields=['user', 'told_on'], name='reminder_told'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('source', 'object_id', 'step', 'user'), name='reminder_once_ever'),
        ),
        migrations.RunPython(keep_mails, migrations.RunPython.noop),
        migrations.DeleteModel(name='Mail'),
    ]
