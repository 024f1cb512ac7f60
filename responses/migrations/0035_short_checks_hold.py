"""Postgres looks whether every participant's row is as the shorter checks say."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

CHECKS = ("completed_has_its_time", "ended_has_its_time", "refused_or_consented")


class Migration(migrations.Migration):
    dependencies = [("responses", "0034_checks_said_shorter")]

    operations = [ValidateConstraint("participant", name) for name in CHECKS]
