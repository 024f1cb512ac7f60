#!/usr/bin/env python
"""Runs a command of the project, with the embedded Postgres unless DATABASE_URL is set."""

import os
import sys


def main() -> None:
    """Finds the servers, then hands over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coprod_site.settings")
    from coprod_site import embedded
    from coprod_site.problems import StartError

    try:
        with embedded.servers_for_command(sys.argv):
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except StartError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
