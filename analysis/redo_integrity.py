"""PURE: what a script needs to know to test a look's randomisations from the ledger's rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.balances import covariates_of
from analysis.exclusions import counted_checks
from analysis.integrity import Step
from analysis.integrity_results import StepIntegrity
from analysis.redo_numbers import integrity_key
from analysis.redo_sources import Source, column_names, source_of
from analysis.results import Results
from experiments.design import Design, Randomisation
from experiments.expansion import dealt, expanded
from experiments.variables.fixed import numbered


@dataclass(frozen=True)
class Excluding:
    """A check that takes those out who were asked it and did not answer as expected."""

    item: str
    expected: str


@dataclass(frozen=True)
class Ledger:
    """One randomisation as a look tested it, and where files have its rows.

    `key` begins its numbers' names. `randomisation`, and of a deck the `draw`, are the ledger's;
    `holders` has for each of the `versions` the participants' columns of stratum and position.
    Where clusters were assigned (`clustered`) their own rows, of no stratum, are nobody's.
    """

    key: str
    randomisation: str
    draw: int
    clustered: bool
    versions: tuple[int, ...]
    arms: tuple[str, ...]
    weights: tuple[int, ...]
    holders: Mapping[str, tuple[str, str]]
    covariates: tuple[Source, ...]


def excluding(design: Design) -> tuple[Excluding, ...]:
    """The checks of the plan's exclusions."""
    return tuple(Excluding(code, expected) for code, expected in counted_checks(design).items())


def ledgers(results: Results, designs: Mapping[int, Design]) -> Iterator[Ledger]:
    """The randomisations that a look tested; `designs` are the versions as written, by number."""
    whole = {number: expanded(design) for number, design in designs.items()}
    for tested in results.integrity or ():
        last = tested.versions[-1]
        named = dealt(designs[last]).get(tested.randomisation)
        step = _step(whole[last], tested)
        names = covariates_of(Step(whole[last], step, tested.versions))
        yield Ledger(
            key=integrity_key(tested),
            randomisation=named.deck.code if named else tested.randomisation,
            draw=named.draw if named else 1,
            clustered=bool(step.cluster),
            versions=tested.versions,
            arms=tuple(arm.arm for arm in tested.arms),
            weights=tuple(arm.weight for arm in tested.arms),
            holders={str(number): _holders(whole[number], tested) for number in tested.versions},
            covariates=tuple(
                source_of(whole[last], name) for name in column_names(whole[last], names)
            ),
        )


def _step(design: Design, tested: StepIntegrity) -> Randomisation:
    return next(step for step in design.randomisations if step.code == tested.randomisation)


def _holders(design: Design, tested: StepIntegrity) -> tuple[str, str]:
    place = design.randomisations.index(_step(design, tested)) + 1
    return numbered("stratum", place), numbered("position", place)
