"""For migrations: which tables are registers."""

from django.db import migrations


def watched(*tables: str) -> list[migrations.RunSQL]:
    """Return the operations that give the registers a new mark with every change of *tables*."""
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER new_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION rasd_new_edition()",
            f"DROP TRIGGER new_edition ON {table}",
        )
        for table in tables
    ]
