"""What is left of a test that commits: nothing, whether it left little or much."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from responses.models import Participant, Submission
from tests.emptying import LARGE
from tests.responses.export.rows import enter_many, launched

pytestmark = pytest.mark.django_db(transaction=True)


def file_of(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relfilenode FROM pg_class WHERE relname = %s", [table])
        ((file,),) = cursor.fetchall()
    return int(file)


def empty() -> None:
    call_command(
        "flush",
        verbosity=0,
        interactive=False,
        reset_sequences=False,
        allow_cascade=False,
        inhibit_post_migrate=False,
    )


MANY, LONG = LARGE // 1000, 1000


@pytest.mark.parametrize(("rows", "text", "new_file"), [(3, 1, False), (MANY, LONG, True)])
def test_tables_are_emptied_and_large_ones_get_new_files(
    rows: int, text: int, new_file: bool
) -> None:
    # What tests before left in a file may lack little of being large: they all get new ones.
    enter_many(launched(), MANY, LONG)
    empty()
    study = launched()
    User.objects.create_user("kim")
    enter_many(study, rows, text)
    before = file_of("responses_participant")
    empty()
    counts = [model.objects.count() for model in (Participant, Submission, User, type(study))]
    assert (counts, file_of("responses_participant") != before) == ([0, 0, 0, 0], new_file)


def test_triggers_fire_again_once_tables_are_emptied() -> None:
    empty()
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
