"""The ledger: exact under load, append-only, and verified while it grows and from a shell."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from experiments import seed
from experiments.randomisation import probability
from responses.allocation import Holder, allocate
from responses.ledger.ahead import WINDOW, ahead_of, keep
from responses.models import Allocation, AllocationHead, Mode, Participant
from responses.verification import Verdict, verify
from tests.designs import small
from tests.responses.ledger import allocated, holder_of, list_of, people
from tests.responses.studies import launched, walked


class AbortError(Exception):
    """What the test throws in the middle of a transaction."""


@pytest.mark.django_db(transaction=True)
def test_allocation_is_exact_under_concurrency_and_aborts() -> None:
    study = launched(small(rewards=3))
    chance = random.Random(20261123)
    tasks = [
        (holder_of(person), stratum)
        for person in people(study, 2000)
        for stratum in [chance.choice("ab")]
    ]
    # One in five is aborted first, and one in ten asked for twice at once.
    tasks += [task for task in tasks if chance.random() < 0.1]
    aborted = {task for task in tasks if chance.random() < 0.2}
    chance.shuffle(tasks)

    def run(task: tuple[Holder, str]) -> dict[str, object] | None:
        try:
            name = list_of(study, stratum=task[1])
            if task in aborted:
                with suppress(AbortError), transaction.atomic():
                    allocate(holder=task[0], name=name)
                    raise AbortError
            return allocate(holder=task[0], name=name)
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(run, tasks))

    for task, answer in zip(tasks, answers, strict=True):
        assert Participant.objects.get(pk=task[0].participant_id).assignments == answer
    assert Allocation.objects.count() == 2000
    for stratum in "ab":
        rows = list(Allocation.objects.filter(stratum=stratum).order_by("position"))
        assert [row.position for row in rows] == list(range(len(rows)))
        for number in range(rows[-1].block):
            arms = Counter(row.arm for row in rows if row.block == number)
            assert len(arms) == 6
            assert len(set(arms.values())) == 1
    assert verify(study, seed.seed_of(study)) == Verdict(
        True, "2000 allocations in 2 lists replay; 2000 are linked to participants."
    )


@pytest.mark.django_db
def test_participant_keeps_the_first_allocation() -> None:
    study = launched()
    person = people(study, 1)[0]
    first = allocate(holder=holder_of(person), name=list_of(study))
    assert allocate(holder=holder_of(person), name=list_of(study, stratum="gender=man")) == first
    assert Allocation.objects.count() == 1


@pytest.mark.django_db
def test_process_that_was_overrun_reads_the_head_again() -> None:
    study = launched()
    name = list_of(study)
    stale = ahead_of(name)
    persons = people(study, 2 * WINDOW + 2)
    for person in persons[:-1]:
        allocate(holder=holder_of(person), name=name)
    # As another process would be that saw the list last when it was empty.
    keep(stale)
    late = allocate(holder=holder_of(persons[-1]), name=name)
    assert late
    assert late["main"]["position"] == 2 * WINDOW + 1
    assert verify(study, seed.seed_of(study)).holds


@pytest.mark.django_db
def test_participant_who_is_not_there_takes_no_position() -> None:
    study = launched()
    with pytest.raises(LookupError):
        allocate(holder=Holder(1, uuid4(), 0), name=list_of(study))
    assert [head.next_position for head in AllocationHead.objects.all()] == [0]


@pytest.mark.django_db
def test_modes_and_strata_have_lists_of_their_own() -> None:
    study = launched()
    persons = people(study, 3)
    allocate(holder=holder_of(persons[0]), name=list_of(study))
    allocate(holder=holder_of(persons[1]), name=list_of(study, stratum="gender=man"))
    allocate(holder=holder_of(persons[2]), name=list_of(study, mode=Mode.PILOT))
    assert Counter(Allocation.objects.values_list("mode", "stratum", "position")) == {
        ("live", "gender=woman", 0): 1,
        ("live", "gender=man", 0): 1,
        ("pilot", "gender=woman", 0): 1,
    }


@pytest.mark.django_db
def test_ledger_states_the_exact_probability() -> None:
    study = allocated(8)
    weights = [arm.weight for arm in list_of(study).randomisation.arms]
    assert set(Allocation.objects.values_list("probability", flat=True)) == {
        str(probability(weights, 0))
    }


@pytest.mark.django_db(transaction=True)
def test_verification_holds_while_people_are_allocated() -> None:
    study = launched()
    holders = [holder_of(person) for person in people(study, 200)]
    began = Event()

    def run() -> None:
        try:
            for holder in holders:
                allocate(holder=holder, name=list_of(study))
                began.set()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        began.wait(10)
        verdicts = [verify(study, seed.seed_of(study)) for _ in range(10)]
        running.result()
    assert [verdict.line for verdict in verdicts if not verdict.holds] == []


@pytest.mark.django_db
def test_participant_moved_on_meanwhile_takes_no_position() -> None:
    study = launched()
    person = people(study, 1)[0]
    Participant.objects.update(revision=1)
    assert allocate(holder=holder_of(person), name=list_of(study)) is None
    assert Allocation.objects.count() == 0


@pytest.mark.django_db
def test_command_prints_the_verdict(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    study = allocated(3)
    call_command("verify_allocation", "park")
    line = "3 allocations in 1 lists replay; 3 are linked to participants.\n"
    assert capsys.readouterr().out == line
    file = tmp_path / "seed"
    file.write_text(seed.seed_of(study).hex())
    call_command("verify_allocation", "park", seed_file=file)
    file.write_text("00" * 32)
    with pytest.raises(CommandError, match="committed to at launch"):
        call_command("verify_allocation", "park", seed_file=file)
    file.write_text("no seed")
    with pytest.raises(CommandError, match="holds no hexadecimal seed"):
        call_command("verify_allocation", "park", seed_file=file)
    with pytest.raises(CommandError, match="There is no study other"):
        call_command("verify_allocation", "other")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "table", ["responses_allocation", "responses_submission", "experiments_designversion"]
)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_recorded_rows_can_neither_be_changed_nor_deleted(
    client: Client, table: str, change: str
) -> None:
    launched()
    walked(client)
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(change.format(table))


@pytest.mark.django_db
def test_declared_erasure_may_delete(client: Client) -> None:
    launched()
    walked(client)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL coprod.erasure = 'declared'")
        cursor.execute("DELETE FROM responses_submission")
        assert cursor.rowcount == 4
