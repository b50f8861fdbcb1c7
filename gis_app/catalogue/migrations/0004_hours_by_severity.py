import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import F, Func

HOURS_OF_A_DAY = 8


class SameFour(Func):
    """The same number of hours for each severity, as days were promised until now."""

    template = f"array_fill((%(expressions)s * {HOURS_OF_A_DAY})::smallint, ARRAY[4])"


def in_hours(apps, schema_editor):
    apps.get_model("catalogue", "ServiceLevel").objects.update(hours=SameFour(F("sla_days")))


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_calendars"),
    ]

    operations = [
        migrations.AddField(
            model_name="servicelevel",
            name="hours",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                help_text="Working hours from acceptance, for severity 1, 2, 3 and 4.",
                null=True,
                size=4,
                verbose_name="hours for treatment",
            ),
        ),
        migrations.RunPython(in_hours, migrations.RunPython.noop, elidable=True),
    ]
