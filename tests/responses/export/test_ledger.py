"""A study's ledger from claims of every method, exported and checked by what lies beside it."""

import hashlib
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from experiments.design import Design, DrawOrder, Method, Parameter
from experiments.launch import close
from experiments.models import DesignVersion, Study
from experiments.refusals import Refused
from experiments.seed import seed_of
from responses import tokens
from responses.allocation import Basis, ListName, allocate
from responses.export.ledger import export_ledger
from responses.models import Allocation, AllocationHead, Participant, State
from responses.verification import verify
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small
from tests.responses.export.checking import Row, commitment, rows_of, told, told_after
from tests.responses.ledger import holder_of, people, tampered
from tests.responses.studies import launched

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 20


def by(method: Method, **step: Any) -> Design:
    """`small()` by that method, without strata."""
    values = {"method": method, "strata": (), "block_sizes": (), **step}
    return changed(small(), {f"randomisations[0].{name}": each for name, each in values.items()})


def in_rounds() -> Design:
    arms = tuple(replace(arm, weight=3) for arm in small().randomisations[0].arms)
    return by(Method.COMPLETE, arms=arms)


BLOCKS = Method.PERMUTED_BLOCKS
DESIGNS = {
    "strata": small(),
    "blocks": by(BLOCKS, block_sizes=(4, 8)),
    "simple": by(Method.SIMPLE),
    "complete": in_rounds(),
    "minimisation": by(Method.MINIMISATION, covariates=("gender", "education"), coin=0.9),
    "completes": by(Method.TOWARD_COMPLETES, coin=0.7),
    "reuse": by(BLOCKS, block_sizes=(4,), reuse_after_minutes=60),
    "deck": deck_design(draws=3),
    "latin": deck_design(draw_order=DrawOrder.LATIN),
    "williams": deck_design(draws=3, draw_order=DrawOrder.WILLIAMS),
}
# One of each way to claim; ledgers of all are built and checked without a database as well.
FAST = ("minimisation", "reuse", "williams")


def claimed(design: Design, number: int = PEOPLE) -> Study:
    """A closed study of that design to which so many came; some completed, and some left."""
    study = launched(design)
    version = study.live_version
    assert version
    step = version.written.randomisations[0]
    for at, person in enumerate(people(study, number)):
        gender = ("woman", "man")[at % 2]
        stratum = f"gender={gender}" if step.strata else ""
        basis = Basis(covariates=f"gender={gender}&education={1 + at % 3 % 2}")
        name = ListName(version, step, "live", stratum)
        assert allocate(holder=holder_of(person), name=name, basis=basis)
        if at % 3 == 0:
            completed(person)
        elif step.reuse_after_minutes and at % 2:
            gone(person)
    grown_young_again()
    return close(study=study)


def completed(person: Participant) -> None:
    times = dict.fromkeys(("exposed_at", "completed_at", "ended_at"), timezone.now())
    Participant.objects.filter(pk=person.pk).update(state=State.COMPLETED, **times)


def gone(person: Participant) -> None:
    """Makes it a day ago that they, and their row, came."""
    tampered(
        "UPDATE responses_allocation SET allocated_at = allocated_at - interval '1 day' WHERE key ="
        " (SELECT (assignments -> 'main' ->> 'key')::uuid FROM responses_participant"
        " WHERE id = %s)",
        [person.pk],
    )
    ago = "last_seen_at = last_seen_at - interval '1 day'"
    tampered(f"UPDATE responses_participant SET {ago} WHERE id = %s", [person.pk])


def grown_young_again() -> None:
    """Puts the times of rows back, so that the chain of digests holds."""
    tampered(
        "UPDATE responses_allocation SET allocated_at = allocated_at + interval '1 day'"
        " WHERE allocated_at < now() - interval '1 hour'"
    )


def holds(folder: Path, rows: int, lists: int) -> tuple[int, str]:
    """What is told of a ledger that holds."""
    seed = f"The seed's SHA-256: {commitment(folder)}"
    return 0, f"{rows} allocations in {lists} lists replay. {seed}"


@pytest.mark.parametrize(
    "design",
    [
        pytest.param(design, id=name, marks=[] if name in FAST else [pytest.mark.slow])
        for name, design in DESIGNS.items()
    ],
)
def test_exported_ledger_of_every_method_holds(tmp_path: Path, design: Design) -> None:
    study = claimed(design)
    assert verify(study, seed_of(study)).holds
    folder = export_ledger(study=study, folder=tmp_path / "ledger")
    rows = Allocation.objects.count()
    assert rows == PEOPLE * design.randomisations[0].draws
    assert told(folder) == holds(folder, rows, AllocationHead.objects.count())
    reused = sum(row["releases"] != "" for row in rows_of(folder))
    assert (reused > 0) is bool(design.randomisations[0].reuse_after_minutes)


def test_exported_ledger_of_clusters_holds(tmp_path: Path) -> None:
    by_school = by(BLOCKS, block_sizes=(4,), cluster="school")
    school = Parameter("school", "school", required=True, values=tuple("abcde"))
    study = launched(changed(by_school, {"parameters": (school,)}))
    version = study.live_version
    assert version
    name = ListName(version, version.written.randomisations[0], "live", "")
    for at, person in enumerate(people(study, 12)):
        cluster = tokens.cluster_hash(study.pk, "school", "abcde"[at % 5]).hex()
        assert allocate(holder=holder_of(person), name=name, basis=Basis(cluster=cluster))
    folder = export_ledger(study=close(study=study), folder=tmp_path / "ledger")
    assert told(folder) == holds(folder, 17, 6)


def test_what_is_tampered_with_in_an_exported_ledger_is_named(tmp_path: Path) -> None:
    folder = export_ledger(study=claimed(by(BLOCKS, block_sizes=(4,)), 10), folder=tmp_path / "new")
    rows = rows_of(folder)
    other = next(row["arm"] for row in rows if row["arm"] != rows[3]["arm"])
    where, design = "Version 1, main, live, position", folder / "design-1.json"
    end = ["10", "0", rows[9]["digest"]]

    def swap(rows: list[Row]) -> None:
        rows[5], rows[6] = rows[6], rows[5]

    def swap_people(rows: list[Row]) -> None:
        for column in ("key", "holder", "allocated_at", "digest"):
            rows[5][column], rows[6][column] = rows[6][column], rows[5][column]

    def cut(rows: list[Row]) -> None:
        del rows[8:]

    found = [
        told_after(folder, lambda rows: rows[3].update(arm=other)),
        told_after(folder, lambda rows: rows.pop(4)),
        told_after(folder, swap),
        told_after(folder, cut),
        told_after(folder, lambda rows: rows[2].update(probability="1/2")),
    ]
    assert found == [
        (1, f"{where} 3: the arm is {other}, not {rows[3]['arm']}."),
        (1, f"{where} 4: the position is 5, not 4."),
        (1, f"{where} 5: the position is 6, not 5."),
        (1, f"{where} 8: the rows end at {['8', '0', rows[7]['digest']]}, the head says {end}."),
        (1, f"{where} 2: the probability is 1/2, not 1/4."),
    ]
    code, line = told_after(folder, swap_people)
    assert (code, line.split(" is ")[0]) == (1, f"{where} 5: the digest")
    line = "Version 1, main, live: it has no head, or no members."
    assert told_after(folder, lambda heads: heads.clear(), "heads.csv") == (1, line)
    # An edited design gives the list another beginning.
    design.write_bytes(design.read_bytes().replace(b"You get money.", b"You get less.", 1))
    assert told(folder)[1].startswith(f"{where} 0: the digest is {rows[0]['digest']}, not ")


def test_forged_seed_and_files_that_are_gone_are_told_apart(tmp_path: Path) -> None:
    # Another seed gives each row the same arm once in four: four rows replayed once in 256 times.
    folder = export_ledger(study=claimed(by(Method.SIMPLE)), folder=tmp_path / "new")
    study = json.loads((folder / "study.json").read_text())
    (folder / "study.json").write_text(json.dumps(study | {"seed": "00" * 32}))
    assert told(folder) == (1, "The seed is not the one that was committed to at launch.")
    forged = hashlib.sha256(bytes(32)).hexdigest()
    (folder / "study.json").write_text(json.dumps({"seed": "00" * 32, "seed_sha256": forged}))
    assert told(folder)[1].startswith("Version 1, main, live, position ")
    (folder / "heads.csv").unlink()
    why = f"FileNotFoundError: [Errno 2] No such file or directory: '{folder / 'heads.csv'}'"
    assert told(folder) == (2, f"Files can't be read, {why}. Export anew.")


def test_folder_holds_what_the_database_does_and_the_same_bytes_again(tmp_path: Path) -> None:
    study = claimed(small(), 3)
    folder = export_ledger(study=study, folder=tmp_path / "new")
    names = ["design-1.json", "heads.csv", "ledger.csv", "study.json", "verify_ledger.py"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    version = DesignVersion.objects.get()
    assert (folder / "design-1.json").read_bytes() == version.canonical_json.encode()
    assert json.loads((folder / "study.json").read_bytes()) == {
        "study": "park",
        "seed_sha256": study.seed_sha256,
        "seed": study.seed_revealed,
    }
    assert told(folder) == holds(folder, 3, 2)
    row = Allocation.objects.order_by("stratum", "position")[0]
    assert rows_of(folder)[0] == {
        **{"version": "1", "randomisation": "main", "mode": "live", "stratum": "gender=man"},
        **{"position": "0", "draw": "1", "block": "0", "arm": row.arm, "probability": "1/4"},
        **{"releases": "", "covariates": "", "key": str(row.key), "holder": row.holder.hex()},
        "allocated_at": row.allocated_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "digest": row.digest.hex(),
    }
    (tmp_path / "again").mkdir()
    again = export_ledger(study=study, folder=tmp_path / "again")
    assert [(again / name).read_bytes() for name in names] == [
        (folder / name).read_bytes() for name in names
    ]


def test_ledger_is_refused_before_the_close_and_into_a_folder_that_is_used(tmp_path: Path) -> None:
    study = launched()
    line = (
        "park is live: its seed is secret until it closes, and so are the arms of those who take "
        "part. Close it first, by close_study park."
    )
    with pytest.raises(CommandError, match=f"^{line}$"):
        call_command("export_ledger", "park", "--output", str(tmp_path / "new"))
    assert list(tmp_path.iterdir()) == []
    close(study=study)
    out = StringIO()
    call_command("export_ledger", "park", "--output", str(tmp_path / "new"), stdout=out)
    folder = tmp_path / "new"
    check = f"python {folder / 'verify_ledger.py'}"
    assert out.getvalue() == f"The ledger of park is in {folder}. Check it by: {check}\n"
    assert told(folder) == holds(folder, 0, 0)
    with pytest.raises(Refused, match="is there and is no empty folder; name a new one"):
        export_ledger(study=study, folder=folder)
    with pytest.raises(CommandError, match=r"nothing is left: .*No such file"):
        call_command("export_ledger", "park", "--output", str(tmp_path / "no" / "folder"))
