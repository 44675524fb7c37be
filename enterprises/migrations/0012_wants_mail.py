"""Each person's own switch of mails."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0011_list_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='wants_mail',
            field=models.BooleanField(default=True),
        ),
    ]
