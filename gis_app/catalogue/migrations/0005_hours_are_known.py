import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0004_hours_by_severity"),
    ]

    operations = [
        migrations.AlterField(
            model_name="servicelevel",
            name="hours",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                help_text="Working hours from acceptance, for severity 1, 2, 3 and 4.",
                size=4,
                verbose_name="hours for treatment",
            ),
        ),
        migrations.RemoveField(model_name="servicelevel", name="sla_days"),
        migrations.AlterField(
            model_name="servicelevel",
            name="notice_days",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Days the owner has first; the hours are counted after them.",
                verbose_name="days of notice",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicelevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__len", 4)), name="hours_by_severity"
            ),
        ),
    ]
