"""Steps that went to another district or element: few, and asked for by every past day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("distortions", "0018_queues_in_order")]

    operations = [
        migrations.AddIndex(
            "step",
            models.Index(
                fields=["day"],
                name="step_went_over",
                condition=models.Q(
                    ("from_district__lt", models.F("to_district")),
                    ("from_district__gt", models.F("to_district")),
                    ("from_element__lt", models.F("to_element")),
                    ("from_element__gt", models.F("to_element")),
                    _connector="OR",
                ),
            ),
        ),
    ]
