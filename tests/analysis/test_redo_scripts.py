"""The scripts of a look, run as a reader would: every number of the look comes out again."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from django.db.models import F

from experiments.design import (
    Contrast,
    Design,
    Equivalence,
    Estimator,
    Family,
    Monitoring,
    Multiplicity,
    StandardErrors,
)
from experiments.launch import close
from responses.models import Paradata, Participant
from tests.analysis.judging import ARMS, judges
from tests.analysis.redoing import redone, redone_whole
from tests.analysis.studies import complete, launched, spend
from tests.analysis.test_look_of_clusters import SCHOOLS, of_schools
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import both, small
from tests.experiments.checks.test_plan import NO_CHECK

PROGRAMS = ["python", "R"]


def adjusting(**plan: object) -> Design:
    """`small()` that adjusts for a scale, an ordered and a nominal item, with 300 planned."""
    fields = {
        "sample_size": 300,
        "covariates": ("motive", "education", "gender"),
        "associations": ("motive", "care", "education", "gender"),
    }
    return changed(small(), {f"plan.{name}": value for name, value in (fields | plan).items()})


def of_families() -> tuple[Contrast, ...]:
    """Two primary contrasts of `small(rewards=3)`, two secondary ones and an exploratory one."""
    money = Contrast("money", both("Money", "돈"), "reward", "money", "none")
    thanks = Contrast("thanks", both("Thanks", "감사"), "reward", "thanks", "none")
    crossed = Contrast("both", both("Both", "둘"), interaction=("reward", "voice"))
    return (
        money,
        Contrast("voice", both("Voice", "목소리"), "voice", "high", "low"),
        replace(thanks, family=Family.SECONDARY),
        replace(crossed, family=Family.SECONDARY),
        replace(money, code="again", family=Family.EXPLORATORY),
    )


def sharing(**plan: object) -> Design:
    """`small(rewards=3)` whose contrasts share alpha over three looks."""
    fields = {
        "sample_size": 300,
        "looks": (0.3, 0.7, 1.0),
        "contrasts": of_families(),
        "smallest_effect": 0.8,
        "equivalence": Equivalence.REPEATED_INTERVAL,
        "equivalence_multiplicity": Multiplicity.HOLM,
    }
    changes = {f"plan.{name}": value for name, value in (fields | plan).items()}
    return changed(small(rewards=3), changes)


def with_devices(people: Sequence[Participant]) -> None:
    """Every second one sends the first page by phone, all a later one by tablet."""
    Paradata.objects.bulk_create(
        Paradata(participant=person, revision=revision, page="about", seconds=1, facts=facts)
        for place, person in enumerate(people)
        for revision, facts in (
            (1, {}),
            (2, {"device": ("phone", "desktop")[place % 2]}),
            (3, {"device": "tablet"}),
        )
    )


def entered() -> None:
    """Everybody came when they completed, whenever the test runs: later ones after the look."""
    Participant.objects.update(entered_at=F("completed_at"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("program", PROGRAMS)
def test_script_redoes_a_second_look_with_gaps_and_exclusions(program: str, tmp_path: Path) -> None:
    study = launched(adjusting(estimator=Estimator.LIN))
    people = complete(study, 150, failed=[3, 40])
    with_devices(people)
    for place in (7, 19):
        Participant.objects.filter(pk=people[place].pk).update(
            answers=people[place].answers | {"will1": None, "motive2": None}
        )
    complete(study, 3, start=150)
    entered()
    spend(study, 1)
    complete(study, 160, start=170)
    entered()
    look = spend(study, 2)
    complete(study, 30, start=400)
    entered()
    redone_whole(program, look, study, tmp_path)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("program", PROGRAMS)
def test_script_redoes_a_closed_study_with_other_errors(program: str, tmp_path: Path) -> None:
    study = launched(adjusting(standard_errors=StandardErrors.HC3))
    complete(study, 120)
    close(study=study)
    look = spend(study, 2)
    redone_whole(program, look, study, tmp_path)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("outcome", ["will1", "noticed"])
def test_script_redoes_a_look_whose_outcome_is_one_answer(
    program: str, outcome: str, tmp_path: Path
) -> None:
    study = launched(changed(adjusting(outcome=outcome, smallest_effect=None), NO_CHECK))
    complete(study, 160)
    look = spend(study, 1)
    redone_whole(program, look, study, tmp_path)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("program", PROGRAMS)
def test_script_says_which_number_another_file_does_not_have(program: str, tmp_path: Path) -> None:
    study = launched(adjusting())
    people = complete(study, 160)
    look = spend(study, 1)
    person = people[10]
    Participant.objects.filter(pk=person.pk).update(answers=person.answers | {"will1": None})
    code, told = redone(program, look, study, tmp_path)
    assert code == 1
    assert "outcome/missing: 1" in told


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("outcome", ["will", "will1"])
def test_script_says_what_the_look_refused_of_an_outcome_that_never_varies(
    program: str, outcome: str, tmp_path: Path
) -> None:
    study = launched(adjusting(outcome=outcome))
    for person in complete(study, 160):
        same = person.answers | {"will1": "4", "will2": "4"}
        Participant.objects.filter(pk=person.pk).update(answers=same)
    look = spend(study, 1)
    told = redone_whole(program, look, study, tmp_path)
    assert (
        "not computed by the look: contrasts/money_vs_none/money - none/unadjusted: "
        "The outcome does not vary within the cells.\n"
    ) in told


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    "plan",
    [
        {},
        {"multiplicity": Multiplicity.NONE, "covariates": ()},
        {"monitoring": Monitoring.ANYTIME, "estimator": Estimator.LIN},
    ],
)
def test_script_redoes_what_looks_decide_of_families_that_share_alpha(
    program: str, plan: dict[str, object], tmp_path: Path
) -> None:
    study = launched(sharing(**plan))
    looks = []
    for number, people in enumerate((90, 120, 90), start=1):
        complete(study, people, start=300 * number)
        entered()
        looks.append(spend(study, number))
    for look in looks:
        redone_whole(program, look, study, tmp_path)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("program", PROGRAMS)
def test_script_redoes_a_look_of_clusters(program: str, tmp_path: Path) -> None:
    study = launched(
        of_schools(
            sample_size=160,
            covariates=("motive", "education", "gender"),
            associations=("motive", "care", "education"),
        )
    )
    people = complete(study, 80)
    for place, person in enumerate(people):
        # The schools differ in size.
        school = place % len(SCHOOLS) if place < 60 else place % 4
        person.parameters = {"school": SCHOOLS[school]}
        person.assignments["main"] |= {"cluster": f"{school:064x}", "arm": ARMS[school % 4]}
        person.assignments["main"]["levels"] = dict(
            zip(("reward", "voice"), ARMS[school % 4].split("."), strict=True)
        )
        person.save()
    look = spend(study, 1)
    redone_whole(program, look, study, tmp_path)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("program", PROGRAMS)
def test_script_redoes_a_look_of_vignettes(program: str, tmp_path: Path) -> None:
    design = changed(deck_design(), {"plan.sample_size": 140, "plan.associations": ("motive",)})
    study = launched(design)
    people = judges(study, 70)
    gone = {code: people[5].answers[code] for code in people[5].answers if "_2" not in code}
    Participant.objects.filter(pk=people[5].pk).update(answers=gone)
    look = spend(study, 1)
    redone_whole(program, look, study, tmp_path)
