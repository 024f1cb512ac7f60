"""`manage.py update_site`: tables and roles as this version has them."""

from typing import Any

from django.core.management.base import BaseCommand

from experiments.management.arguments import refusals
from experiments.membership import sync_roles
from experiments.updating import migrate


class Command(BaseCommand):
    """What a new site needs, and one that gets a new version, before it is served."""

    help = "Migrates the database, and gives the roles' groups their permissions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrates first: the permissions of new tables are there only then."""
        with refusals():
            migrate(verbosity=options["verbosity"])
        self.stdout.write(f"Roles: {', '.join(sync_roles())}.")
