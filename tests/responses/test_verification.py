"""What verification says of people who go back, are passed over, are screened out or withdraw."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client

from experiments import seed
from experiments.models import Study
from responses.models import Allocation, Participant
from responses.verification import Verdict, verify
from responses.withdrawal import withdraw
from tests.changed import changed
from tests.designs import small
from tests.responses.studies import ABOUT, entered, launched, sent, walked
from tests.responses.ways import arrives, few, screened

pytestmark = pytest.mark.django_db


def verdict(study: Study) -> Verdict:
    return verify(study, seed.seed_of(study))


def holds(line: str) -> Verdict:
    return Verdict(True, line)


def erased(person: Participant) -> None:
    """Takes somebody away without a trace but their row of the ledger."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL coprod.erasure = 'declared'")
        for table in ("paradata", "submission"):
            cursor.execute(f"DELETE FROM responses_{table} WHERE participant_id = %s", [person.pk])
        cursor.execute("DELETE FROM responses_participant WHERE id = %s", [person.pk])


@pytest.mark.parametrize("keep", [False, True])
def test_withdrawal_leaves_rows_that_are_counted(keep: bool) -> None:
    study = launched()
    for _ in range(3):
        walked(Client())
    for person in Participant.objects.order_by("id")[:2]:
        withdraw(participant_id=person.pk, keep=keep)
    cut = "; 3 are linked" if keep else "; 1 are linked"
    rest = " to participants." if keep else " to participants, 2 were cut off by withdrawals."
    assert verdict(study) == holds(f"3 allocations in 1 lists replay{cut}{rest}")


def test_row_that_nobody_holds_and_nobody_withdrew_from_is_found() -> None:
    study = launched()
    for _ in range(3):
        walked(Client())
    first, second, _ = Participant.objects.order_by("id")
    withdraw(participant_id=first.pk)
    erased(second)
    told = "2 live allocations of main are nobody's, and 1 participants withdrew."
    assert verdict(study) == Verdict(False, told)


def test_who_let_answers_be_kept_when_they_withdrew_covers_nobody_elses_row() -> None:
    study = launched()
    for _ in range(2):
        walked(Client())
    first, second = Participant.objects.order_by("id")
    withdraw(participant_id=first.pk, keep=True)
    erased(second)
    told = "1 live allocations of main are nobody's, and 0 participants withdrew."
    assert verdict(study) == Verdict(False, told)


def test_withdrawal_before_the_vignette_covers_no_other_mode() -> None:
    study = launched()
    entered(Client())
    withdraw(participant_id=Participant.objects.get().pk)
    walked(Client())
    Allocation.objects.get()
    assert verdict(study) == holds("1 allocations in 1 lists replay; 1 are linked to participants.")


def _refuses(client: Client) -> None:
    client.post("/s/park/", {"consent": "decline", "nonce": "n" * 22})


def _screened_out(client: Client) -> None:
    arrives(client, "/s/park/", {"adult": "no"})


def _passed_over(client: Client) -> None:
    """The vignette is not shown to men: they need no arm."""
    entered(client)
    assert sent(client, "about", {**ABOUT, "gender": "man"}) == "opinion"


def _quota_full(client: Client) -> None:
    entered(client)
    assert sent(client, "about", ABOUT) == "about"


CONDITIONAL = {"pages[2].shown_if": 'gender != "man"'}


@pytest.mark.parametrize(
    ("design", "act", "count"),
    [
        (small(), _refuses, 0),
        (screened(), _screened_out, 0),
        (changed(small(), CONDITIONAL), _passed_over, 0),
        (few(0, "gender", cell=("woman",)), _quota_full, 0),
    ],
)
def test_everybody_has_what_was_due_as_far_as_they_came(
    client: Client, design: object, act: Callable[[Client], None], count: int
) -> None:
    study = launched(design)  # type: ignore[arg-type]
    act(client)
    lists = min(count, 1)
    line = f"{count} allocations in {lists} lists replay; {count} are linked to participants."
    assert verdict(study) == holds(line)


def test_somebody_past_the_vignette_without_an_arm_is_found(client: Client) -> None:
    study = launched(changed(small(), CONDITIONAL))
    _passed_over(client)
    person = Participant.objects.get()
    person.answers["gender"] = "woman"
    person.save()
    told = f"Participant {person.reference} has no allocation of main of their own."
    assert verdict(study) == Verdict(False, told)
