"""A key for work that is done once, such as that of a night."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ground", "0003_imports")]

    operations = [migrations.AddField("job", "key", models.CharField(max_length=80, null=True, unique=True))]
