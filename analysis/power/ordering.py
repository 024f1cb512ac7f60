"""Orders a simulation of a study's whole design, and cancels one."""

import secrets
from dataclasses import replace
from math import ceil

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from analysis import apa
from analysis.code_version import code_version
from analysis.models import Simulation, SimulationEnd
from analysis.power.assumptions import (
    Assumptions,
    Hindrance,
    Obstacle,
    hindrances,
    most_and_least_lost,
)
from analysis.power.instrument import Lacking, UnreachableError
from analysis.power.population import Population
from analysis.power.queueing import end, unfinished_simulations
from analysis.power.simulating import simulated_design
from analysis.stacking import judged_deck
from experiments.design import Design, Method, canonical_json, digest
from experiments.models import Study
from experiments.refusals import Refused

# Studies of one simulation, participants of one study, and participants of all studies together:
# a processor draws and analyses some 15,000 participants a second.
MOST_REPEATS, MOST_N = 20_000, 20_000
MOST_DRAWN = 30_000_000
# Minimisation looks back at everybody who came before, one by one.
MINIMISED = 10
# Errors of rows that err together take as long as so many participants, however few there are.
TOGETHER = 3000
# So many simulations of one study may be under way.
MOST_AT_ONCE = 3
# A batch is done in some seconds: it is what a killed worker loses.
DRAWN_TOGETHER = 30_000
MOST_SEED = 2**32
# Nobody plans a study that loses more.
MOST_LOST = 0.9


def obstacle_told(hindrance: Hindrance) -> str:
    """What keeps a design from being simulated, in words."""
    said = {
        Obstacle.DECK: _("The outcome is not asked for each vignette that %(code)s deals."),
        Obstacle.CONDITION: _("Not everybody is drawn by %(code)s."),
        Obstacle.COMPLETES: _("%(code)s looks back at who has completed."),
        Obstacle.OUTCOME: _("The outcome %(code)s is neither a scale, a number nor a yes or no."),
    }
    return said[hindrance.obstacle] % {"code": hindrance.code}


def lacking_told(error: UnreachableError) -> str:
    """What no items of the outcome, or of a covariate, can have, in words."""
    if error.covariate:
        return _(
            "The items of %(code)s can’t have the reliability that is typed for covariates: take "
            "another one."
        ) % {"code": error.covariate}
    return {
        Lacking.MEAN: _(
            "The mean of some arm lies beyond the ends of the outcome’s scale: take another mean "
            "or smaller effects."
        ),
        Lacking.SD: _(
            "With that mean the outcome can’t have this standard deviation: take a smaller one."
        ),
        Lacking.TOGETHER: _(
            "With that mean the items of the outcome can’t have this standard deviation and this "
            "reliability together: take other ones."
        ),
    }[error.lacking]


@transaction.atomic
def order_simulation(
    *,
    study: Study,
    design: Design,
    assumed: Assumptions,
    repeats: int,
    actor: str,
    seed: int | None = None,
) -> Simulation:
    """Orders so many simulated studies of a design, which a worker runs; Refused says why not.

    Without a seed one is drawn.
    """
    if found := hindrances(design):
        raise Refused(" ".join(map(obstacle_told, found)))
    _check_loss(design, assumed)
    _check_size(design, assumed, repeats)
    try:
        Population(simulated_design(design, assumed), assumed).check()
    except UnreachableError as error:
        raise Refused(lacking_told(error)) from None
    # Who clicks twice waits here for the first click.
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    if unfinished_simulations().filter(study=study).count() >= MOST_AT_ONCE:
        raise Refused(_at_once())
    together = max(1, int(DRAWN_TOGETHER / _drawn(design, assumed)))
    return Simulation.objects.create(
        study=study,
        design_digest=digest(design),
        canonical_json=canonical_json(replace(design, images=())).decode(),
        assumed=msgspec.to_builtins(assumed),
        seed=secrets.randbelow(MOST_SEED) if seed is None else seed,
        repeats=repeats,
        together=together,
        batches=ceil(repeats / together),
        code_version=code_version(),
        ordered_by=actor,
    )


def cancel_simulation(*, simulation: Simulation, actor: str) -> SimulationEnd:
    """Cancels a simulation; what was counted so far stays. One that has ended stays as it is."""
    return end(simulation=simulation, kind=SimulationEnd.Kind.CANCELLED, actor=actor)


def _check_size(design: Design, assumed: Assumptions, repeats: int) -> None:
    if not 1 <= repeats <= MOST_REPEATS or not 1 <= assumed.n <= MOST_N:
        raise Refused(
            _("At most %(repeats)s studies of at most %(n)s participants can be simulated.")
            % {"repeats": f"{MOST_REPEATS:,}", "n": f"{MOST_N:,}"}
        )
    drawn = _drawn(design, assumed)
    if repeats * drawn > MOST_DRAWN:
        raise Refused(
            _(
                "%(repeats)s studies of %(n)s participants each would take too long: of so many "
                "participants at most %(fewer)s studies can be simulated. A share of .80 is "
                "known to ± .018 from 2,000 studies."
            )
            % {
                "repeats": f"{repeats:,}",
                "n": f"{assumed.n:,}",
                "fewer": f"{int(MOST_DRAWN / drawn):,}",
            }
        )


def _check_loss(design: Design, assumed: Assumptions) -> None:
    most, least = most_and_least_lost(design, assumed)
    if not 0 <= least <= most <= MOST_LOST:
        raise Refused(
            _(
                "With what levels add, some arm would lose %(least)s of its participants and some "
                "%(most)s: each must lose from 0 to .9."
            )
            % {"least": apa.fraction(least), "most": apa.fraction(most)}
        )


def _drawn(design: Design, assumed: Assumptions) -> float:
    """How many plain participants take as long to draw and to analyse as one study of these."""
    deck, steps = judged_deck(design), design.randomisations
    drawn = assumed.n / (1 - most_and_least_lost(design, assumed)[0])
    if deck or any(step.cluster for step in steps):
        drawn = max(drawn * (deck.draws if deck else 1), TOGETHER)
    return drawn * (MINIMISED if any(s.method is Method.MINIMISATION for s in steps) else 1)


def _at_once() -> str:
    return _(
        "%(number)s simulations of this study are under way already: wait for one to end, or "
        "cancel it."
    ) % {"number": MOST_AT_ONCE}
