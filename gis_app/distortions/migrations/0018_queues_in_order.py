"""The desk's queues in their order, without sorting them."""

from django.db import migrations, models

ORDER = (
    models.OrderBy(models.F("severity"), descending=True),
    models.F("first_reported_at"),
    models.F("number"),
)
OPEN = models.Q(status__in=("accepted", "assigned", "in_progress", "reopened"))


class Migration(migrations.Migration):
    dependencies = [("distortions", "0017_standing")]

    operations = [
        migrations.AddIndex(
            "distortion",
            models.Index(
                *ORDER,
                name="distortion_open_in_order",
                condition=OPEN,
            ),
        ),
        migrations.AddIndex(
            "distortion",
            models.Index(
                fields=["first_reported_at", "number"],
                name="distortion_open_oldest",
                condition=OPEN,
            ),
        ),
        migrations.AddIndex(
            "distortion",
            models.Index(
                models.F("status"),
                *ORDER,
                name="distortion_in_order",
                condition=models.Q(status__in=("reported", "treated", "referred")),
            ),
        ),
    ]
