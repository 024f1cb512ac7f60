"""A look: whom it takes, what it finds, and that it stays."""

import hashlib
import json
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from analysis.look import run_look
from analysis.models import Look
from analysis.results import from_builtins
from analysis.secrets_kept import as_may_be_seen
from experiments.launch import close
from experiments.models import Study
from responses.models import Participant
from tests.analysis.hand_made import EXPECTED, hand_made, hand_made_design, rounded
from tests.analysis.studies import complete, launched, spend

pytestmark = pytest.mark.django_db


def cut(study: Study) -> dict[int, int | None]:
    """The first look of every participant, by id."""
    return dict(Participant.objects.filter(study=study).values_list("id", "first_look"))


def test_look_finds_in_the_hand_made_data_what_was_worked_out_by_hand() -> None:
    study = launched(hand_made_design())
    hand_made(study)
    look = spend(study, 1)
    look.refresh_from_db()
    # What goes beyond the plan's own questions has tests of its own.
    results = replace(
        from_builtins(look.results), missing=None, consistency=(), robustness=None, moderation=()
    )
    assert results.flow
    assert results.flow.until  # the moment of the test
    results = replace(results, flow=replace(results.flow, until=None))
    assert rounded(results) == rounded(EXPECTED)


def test_look_names_its_cut_its_plan_and_its_code() -> None:
    study = launched()
    complete(study, 21, failed=[3])
    look = spend(study, 1)
    members = Participant.objects.filter(first_look=1).order_by("completed_at", "id")
    lines = [
        json.dumps(
            [p.reference.hex, p.answers, p.assignments],
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for p in members
    ]
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    assert study.live_version is not None
    plan = json.loads(study.live_version.canonical_json)["plan"]
    canonical = json.dumps(plan, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert (look.n, look.final, look.version) == (20, False, study.live_version)
    assert (look.planned, look.fraction) == (1, 0.5)
    # Place 3 completed and is taken out by the plan; by arm it is told once arms are no secret.
    results = from_builtins(look.results)
    assert results.flow is not None
    lost = Participant.objects.get(state="completed", first_look=None).assignments["main"]["arm"]
    assert (results.flow.excluded, results.flow.excluded_by_arm) == (1, {"main": {lost: 1}})
    closed = as_may_be_seen(results, blinded=False)
    assert closed == results
    told = as_may_be_seen(results, blinded=True)
    assert told.flow == replace(results.flow, excluded_by_arm={})
    assert look.cut_digest == digest
    assert look.plan_digest == hashlib.sha256(canonical.encode()).hexdigest()
    assert look.code_version == "0.1.0"
    assert set(look.libraries) == {
        *("python", "postgres", "django", "psycopg", "numpy", "scipy", "msgspec")
    }


def test_look_marks_exactly_its_members() -> None:
    study = launched()
    people = complete(study, 25, failed=[3, 7])
    spend(study, 1)
    seen = [place for place in range(25) if place not in (3, 7)][:20]
    expected = {p.pk: 1 if place in seen else None for place, p in enumerate(people)}
    assert cut(study) == expected


def test_cut_holds_the_one_before_and_then_who_was_committed_late() -> None:
    study = launched()
    first = complete(study, 20, start=100)
    spend(study, 1)
    # They completed before everybody, but their transaction ended after the look.
    late = complete(study, 1, start=0)
    rest = complete(study, 25, start=120)
    look = spend(study, 2)
    marks = cut(study)
    assert [marks[p.pk] for p in first] == [1] * 20
    assert [marks[p.pk] for p in [*late, *rest]] == [2] * 20 + [None] * 6
    assert (look.n, look.final) == (40, True)


def test_completes_of_the_same_moment_are_taken_in_the_order_of_their_ids() -> None:
    study = launched()
    people = complete(study, 24, seconds=0)
    spend(study, 1)
    assert [cut(study)[p.pk] for p in people] == [1] * 20 + [None] * 4


def test_closing_takes_everybody_eligible_and_spends_what_alpha_is_left() -> None:
    study = launched()
    complete(study, 53, failed=[30])
    spend(study, 1)
    close(study=study)
    look = spend(study, 2)
    results = from_builtins(look.results)
    assert (look.n, look.final, results.closed, results.skipped) == (52, True, True, ())
    assert [bound.fraction for bound in results.bounds] == [0.5, 1.3]
    # Not less exactly: the recursion subtracts what the first look spent.
    assert results.bounds[-1].alpha_spent == pytest.approx(0.05, abs=1e-12)


def test_closing_early_skips_the_interim_look_and_tests_as_if_it_was_never_planned() -> None:
    study = launched()
    complete(study, 12)
    close(study=study)
    assert run_look(study_id=study.pk, mode="live", number=1) is None
    results = from_builtins(spend(study, 2).results)
    assert (results.n, results.planned_n, results.skipped) == (12, 40, (1,))
    # One look that spends all of alpha is the fixed-sample test: 1.959964 from any normal table.
    assert results.bounds[-1].z == pytest.approx(1.959964, abs=1e-6)


def test_closing_with_nobody_new_spends_what_is_left_on_the_same_data() -> None:
    study = launched()
    complete(study, 20)
    spend(study, 1)
    close(study=study)
    look = spend(study, 2)
    results = from_builtins(look.results)
    # Counted as one participant more, so that two looks together spend all of alpha.
    assert (look.n, [bound.fraction for bound in results.bounds]) == (20, [0.5, 0.525])
    assert results.bounds[-1].alpha_spent == 0.05
    # Next to nothing new: the bound of one look alone, 1.959964, but for what little is.
    assert results.bounds[-1].z == pytest.approx(1.959964, abs=1e-4)


def test_spent_look_is_returned_as_it_is() -> None:
    study = launched()
    complete(study, 20)
    first = spend(study, 1)
    complete(study, 30, start=20)
    again = spend(study, 1)
    assert (again.pk, again.results, again.spent_at) == (first.pk, first.results, first.spent_at)
    assert Look.objects.count() == 1


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_look_that_is_not_due_is_not_run(number: int) -> None:
    study = launched()
    complete(study, 19)
    assert run_look(study_id=study.pk, mode="live", number=number) is None
    assert set(cut(study).values()) == {None}


def test_look_of_no_study_is_not_run() -> None:
    assert run_look(study_id=0, mode="live", number=1) is None


def test_database_refuses_to_change_a_spent_look() -> None:
    study = launched()
    complete(study, 20)
    look = spend(study, 1)
    with pytest.raises(IntegrityError, match="append-only: UPDATE refused"), transaction.atomic():
        Look.objects.filter(pk=look.pk).update(n=21)
    with pytest.raises(IntegrityError, match="append-only: DELETE refused"), transaction.atomic():
        look.delete()


def test_pilot_looks_do_not_mix_with_live_ones() -> None:
    study = launched()
    complete(study, 20)
    complete(study, 20, mode="pilot")
    spend(study, 1)
    assert Participant.objects.filter(mode="pilot", first_look=None).count() == 20
