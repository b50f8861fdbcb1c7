"""A change of these tables gives the registers a new edition."""

from django.db import migrations

from gis_app.registers.migrating import watched


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_calendars"),
        ("places", "0001_initial"),
        ("registers", "0001_edition"),
        ("sites", "0001_initial"),
        ("treatment", "0003_bodies_jobs_and_tested_rules"),
    ]

    operations = [
        *watched(
            "places_amana",
            "places_submunicipality",
            "places_district",
            "places_districtversion",
            "places_jurisdiction",
            "catalogue_element",
            "catalogue_element_related",
            "catalogue_servicelevel",
            "catalogue_workingcalendar",
            "catalogue_workingcalendar_holidays",
            "catalogue_holiday",
            "catalogue_workinghours",
            "catalogue_seasonalbreak",
            "treatment_team",
            "treatment_team_elements",
            "treatment_team_districts",
            "treatment_routingrule",
            "treatment_routingrule_elements",
            "treatment_routingrule_districts",
            "treatment_body",
            "sites_park",
        )
    ]
