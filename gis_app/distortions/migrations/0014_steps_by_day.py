"""Each step says on which day it counts, whose it was before, and when it becomes late."""

import zoneinfo

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# Steps are history; this tells only what they knew without saying it.
TELL = """
ALTER TABLE distortions_step DISABLE TRIGGER steps_are_history;
WITH told AS (
    SELECT
        id,
        distortion_id,
        max((at AT TIME ZONE 'Asia/Riyadh')::date) OVER so_far AS day,
        lag(team_id) OVER so_far AS from_team_id,
        CASE
            WHEN to_status IN ('accepted', 'assigned', 'in_progress', 'reopened')
                -- A pause ends by a word, or when nothing is left to wait for.
                AND coalesce(max(id) FILTER (WHERE move = 'pause') OVER so_far, 0)
                    <= coalesce(
                        max(id) FILTER (
                            WHERE move = 'resume' OR to_status NOT IN
                                ('accepted', 'assigned', 'in_progress', 'reopened')
                        ) OVER so_far,
                        0
                    )
            THEN due_at
        END AS late_at
    FROM distortions_step
    WINDOW so_far AS (PARTITION BY distortion_id ORDER BY id)
),
paired AS (
    SELECT *, lag(late_at) OVER (PARTITION BY distortion_id ORDER BY id) AS from_late_at FROM told
)
UPDATE distortions_step AS step
SET day = paired.day,
    from_team_id = paired.from_team_id,
    late_at = paired.late_at,
    from_late_at = paired.from_late_at,
    hours = CASE
        WHEN step.move = 'treat'
        THEN greatest(0, extract(epoch FROM step.at - distortion.first_reported_at) / 3600)
    END,
    differences = CASE
        WHEN step.from_status = '' AND distortion.recurrence_of_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM distortions_step AS later
            WHERE later.distortion_id = distortion.id AND later.differences ? 'recurrence_of'
        )
        THEN jsonb_build_object(
            'recurrence_of', jsonb_build_array(NULL, distortion.recurrence_of_id)
        )
        ELSE step.differences
    END
FROM paired
JOIN distortions_distortion AS distortion ON distortion.id = paired.distortion_id
WHERE step.id = paired.id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE distortions_step ENABLE TRIGGER steps_are_history;
"""


class Migration(migrations.Migration):
    dependencies = [("distortions", "0013_looks")]

    operations = [
        migrations.AddField("step", "day", models.DateField(null=True)),
        migrations.AddField(
            "step",
            "from_team",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="treatment.team",
            ),
        ),
        migrations.AddField("step", "from_late_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "step",
            "late_at",
            models.DateTimeField(
                help_text="When it becomes late, if nothing more happens and it is not paused.",
                null=True,
            ),
        ),
        migrations.AddField(
            "step",
            "hours",
            models.FloatField(
                help_text="Of a treatment: since the first report, night and day.", null=True
            ),
        ),
        migrations.RunSQL(TELL, migrations.RunSQL.noop),
        migrations.AlterField(
            "step",
            "day",
            models.DateField(
                help_text="On which it counts, in Riyadh: never before the step that came before it."
            ),
        ),
        migrations.AddIndex(
            "step",
            models.Index(
                models.OrderBy(models.F("day"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="step_newest",
            ),
        ),
        migrations.AddConstraint(
            "step",
            models.CheckConstraint(
                condition=models.Q(
                    (
                        "day__gte",
                        django.db.models.functions.datetime.TruncDate(
                            "at", tzinfo=zoneinfo.ZoneInfo("Asia/Riyadh")
                        ),
                    )
                ),
                name="step_not_before_its_time",
            ),
        ),
    ]
