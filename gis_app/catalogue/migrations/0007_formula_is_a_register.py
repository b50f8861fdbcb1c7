"""A formula of the index that changes makes what was answered by it old."""

from django.db import migrations

from gis_app.registers.migrating import watched


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_index_formula"), ("registers", "0001_edition")]

    operations = watched("catalogue_indexformula", "catalogue_indexweight")
