from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_administrators")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_by_link",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Signed in by a crew's link alone: sees its team's work, and nothing else.",
                verbose_name="account of a link",
            ),
        ),
    ]
