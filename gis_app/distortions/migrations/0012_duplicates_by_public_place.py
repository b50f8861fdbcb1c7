import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("distortions", "0011_proof_and_blurring")]

    operations = [
        migrations.RemoveIndex(model_name="distortion", name="distortion_same"),
        migrations.AddIndex(
            model_name="distortion",
            index=django.contrib.postgres.indexes.GistIndex(
                condition=models.Q(
                    (
                        "status__in",
                        ("reported", "accepted", "assigned", "in_progress", "reopened", "treated"),
                    )
                ),
                fields=["element", "public_geometry"],
                name="distortion_same",
            ),
        ),
    ]
