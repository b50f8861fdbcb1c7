"""The oldest of a status in a district, and the promises that run out, without walking the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("distortions", "0015_sights")]

    operations = [
        migrations.RemoveIndex("distortion", name="distortion_district_status"),
        migrations.AddIndex(
            "distortion",
            models.Index(
                fields=["district", "status", "first_reported_at"], name="distortion_oldest"
            ),
        ),
        migrations.AddIndex(
            "distortion",
            models.Index(
                condition=models.Q(
                    ("paused_at", None),
                    ("status__in", ("accepted", "assigned", "in_progress", "reopened")),
                ),
                fields=["due_at"],
                name="distortion_promised",
            ),
        ),
    ]
