"""What lists of a million rows are found by: states and days of filings; a board reads its index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0006_catalogue_reminder'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='filing',
            name='filing_board',
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(fields=['campaign', 'town', 'category', 'scale', 'kind', 'joined_on', 'left_on', 'away_from', 'away_until', 'due_on', 'first_filed_on', 'state', 'enterprise', 'id'], name='filing_board'),
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(fields=['state', 'id'], name='filing_state'),
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(fields=['first_filed_on', 'id'], name='filing_filed'),
        ),
    ]
