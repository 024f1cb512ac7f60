"""Makes `data.sql`: a database of the first release, with people who answered that release's site.

Run in a checkout of commit 934a5b5, with its packages, as

    PYTHONPATH=. DJANGO_SETTINGS_MODULE=coprod_site.settings python THIS/make.py THIS/data.sql

The schema is that of the first migrations of each room; the keys are those of the tests.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

KEYS = {
    "COPROD_SECRET_KEY": "tests-only-" * 6,
    "COPROD_DATA_KEY": "tests-only-" * 4,
    "COPROD_HTTPS": "false",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
# Made anew by `update_site`, or nobody's.
LEFT_OUT = (
    "DELETE FROM django_session; DELETE FROM django_admin_log; DELETE FROM auth_group_permissions; "
    "DELETE FROM auth_group; DELETE FROM auth_permission; DELETE FROM django_content_type"
)
# Comments, and what a psql of another minor version does not know.
NOT_KEPT = ("--", "\\restrict", "\\unrestrict")


def main(output: Path) -> None:
    """Starts a server, fills it, and dumps it."""
    from coprod_site.postgres_server import PostgresServer, programs

    folder = Path(tempfile.mkdtemp(prefix="coprod-first-"))
    folder.chmod(0o711)
    with PostgresServer(folder / "postgres").running() as url:
        os.environ.update({**KEYS, "DATABASE_URL": url})
        fill()
        command = [str(programs() / "pg_dump"), "--no-owner", "--no-privileges", f"--dbname={url}"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    kept = [line for line in text.splitlines() if line and not line.startswith(NOT_KEPT)]
    output.write_text("\n".join(kept) + "\n")


def fill() -> None:
    """Two studies: one with 22 people to the end and a spent look, one that is closed."""
    import django
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from analysis.look import run_look
    from experiments.launch import close
    from tests.designs import small
    from tests.responses.studies import entered, launched, walked

    call_command("migrate", verbosity=0)
    park, closed = launched(small()), launched(small(study="closed"))
    for _person in range(22):
        walked(Client())
    walked(Client(), until="opinion")
    entered(Client())
    for _person in range(5):
        walked(Client(), slug="closed")
    assert run_look(study_id=park.pk, mode="live", number=1)
    close(study=closed)
    with connection.cursor() as cursor:
        cursor.execute(LEFT_OUT)
    connection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
