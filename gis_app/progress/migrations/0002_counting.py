"""The database counts every step itself, whoever writes it: the app, a bulk import, or SQL."""

from django.db import migrations

# What each step adds to the ledger, where it came from and where it went. One part a measure: a
# scan of the steps for each costs a quarter of one scan that asks every step for every measure.
FROM = "step.from_district_id, step.from_element_id, step.from_team_id"
TO = "step.to_district_id, step.to_element_id, step.team_id"
QUANTITY = "round(coalesce(step.to_quantity, 0) * 1000)::bigint"
ENTRIES = f"""
    SELECT step.id, step.day, {FROM}, step.from_status, -1,
           -round(coalesce(step.from_quantity, 0) * 1000)::bigint
    FROM {{steps}} AS step WHERE step.from_status <> ''
    UNION ALL
    SELECT step.id, step.day, {TO}, step.to_status, 1, {QUANTITY} FROM {{steps}} AS step
    -- Late from its promised day on, which may be a day to come; until it is moved on.
    UNION ALL
    SELECT step.id, greatest(step.day, (step.from_late_at AT TIME ZONE 'Asia/Riyadh')::date),
           {FROM}, 'late', -1, 0
    FROM {{steps}} AS step WHERE step.from_late_at IS NOT NULL
    UNION ALL
    SELECT step.id, greatest(step.day, (step.late_at AT TIME ZONE 'Asia/Riyadh')::date),
           {TO}, 'late', 1, 0
    FROM {{steps}} AS step WHERE step.late_at IS NOT NULL
    UNION ALL
    SELECT step.id, step.day, {TO}, 'report', 1, 0 FROM {{steps}} AS step WHERE step.from_status = ''
    UNION ALL
    SELECT step.id, step.day, {TO},
           CASE step.move WHEN 'return' THEN 'accept' ELSE step.move END, 1,
           CASE WHEN step.move IN ('treat', 'verify') THEN {QUANTITY} ELSE 0 END
    FROM {{steps}} AS step
    WHERE step.move IN (
        'accept', 'return', 'treat', 'verify', 'reject', 'refer', 'merge', 'send_back', 'reopen'
    )
    UNION ALL
    SELECT step.id, step.day, {TO}, 'recur', 1, 0 FROM {{steps}} AS step
    WHERE step.differences ? 'recurrence_of'
        AND step.differences #> '{{{{recurrence_of,0}}}}' = 'null'
        AND step.differences #> '{{{{recurrence_of,1}}}}' <> 'null'
    UNION ALL
    SELECT step.id, step.day, {TO}, 'promised', 1, 0
    FROM {{steps}} AS step WHERE step.move = 'treat' AND step.due_at IS NOT NULL
    UNION ALL
    SELECT step.id, step.day, {TO}, 'on_time', 1, 0
    FROM {{steps}} AS step WHERE step.move = 'treat' AND step.due_at >= step.at
    UNION ALL
    SELECT step.id, step.day, {TO}, 'costed', 1, {QUANTITY}
    FROM {{steps}} AS step WHERE step.cost IS NOT NULL
    UNION ALL
    SELECT step.id, step.day, {TO}, 'cost', 0, round(step.cost * 1000)::bigint
    FROM {{steps}} AS step WHERE step.cost IS NOT NULL
    UNION ALL
    SELECT step.id, step.day, {TO},
           'hours_' || least(41, floor(3 * ln(greatest(step.hours, 1)) / ln(2))), 1, 0
    FROM {{steps}} AS step WHERE step.hours IS NOT NULL
    -- So that no statement leaves the queue as it was: what was cached before is known to be old.
    UNION ALL
    SELECT step.id, step.day, {TO}, 'step', 1, 0 FROM {{steps}} AS step
"""
COLUMNS = "(step_id, day, district_id, element_id, team_id, measure, count, amount)"
COUNT = f"""
CREATE FUNCTION rasd_count_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO progress_delta (day, district_id, element_id, team_id, measure, count, amount)
    SELECT day, district_id, element_id, team_id, measure, sum(count), sum(amount)
    FROM ({ENTRIES.format(steps="fresh")}) AS entry {COLUMNS}
    GROUP BY day, district_id, element_id, team_id, measure
    HAVING sum(count) <> 0 OR sum(amount) <> 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER steps_are_counted AFTER INSERT ON distortions_step
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION rasd_count_steps();
"""
VIEW = f"CREATE VIEW progress_entry {COLUMNS} AS {ENTRIES.format(steps='distortions_step')}"
# What is there already waits in the queue; the first fold takes it.
BEGIN = """
INSERT INTO progress_folded (deltas) VALUES (0);
INSERT INTO progress_delta (day, district_id, element_id, team_id, measure, count, amount)
SELECT day, district_id, element_id, team_id, measure, sum(count), sum(amount)
FROM progress_entry
GROUP BY day, district_id, element_id, team_id, measure
HAVING sum(count) <> 0 OR sum(amount) <> 0;
"""


class Migration(migrations.Migration):
    dependencies = [("distortions", "0014_steps_by_day"), ("progress", "0001_ledger")]

    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW progress_entry"),
        migrations.RunSQL(
            COUNT,
            "DROP TRIGGER steps_are_counted ON distortions_step; DROP FUNCTION rasd_count_steps()",
        ),
        migrations.RunSQL(BEGIN, "TRUNCATE progress_delta, progress_folded"),
    ]
