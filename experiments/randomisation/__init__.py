"""PURE: who gets what: allocation lists, biased coins, decks and orders, with their probabilities.

A list is a pure function of its seed, so that anybody who holds the seed can draw it again; a
method that looks back is a pure function of its seed and of the history. `stream` says where chance
comes from; every other module is one method and its twin, the exact probability of what it draws.
`efficiency` builds decks before a launch, is the only one that needs numpy, and is therefore
imported by its own name.
"""

from experiments.design import Distance
from experiments.randomisation.blocks import permuted_block, permuted_blocks
from experiments.randomisation.coin import coin_probabilities
from experiments.randomisation.complete import complete_draws
from experiments.randomisation.completes import toward_completes, toward_completes_probabilities
from experiments.randomisation.decks import drawn, full_deck, set_probability, vignette_probability
from experiments.randomisation.draw import Draw, probability, reduced
from experiments.randomisation.lists import Place, list_draws
from experiments.randomisation.looking_back import next_draw, profile_of
from experiments.randomisation.minimisation import (
    Covariate,
    imbalances,
    minimisation_probabilities,
    minimised,
)
from experiments.randomisation.naming import list_seed, stratum_name, stratum_said
from experiments.randomisation.orders import (
    arranged,
    counterbalanced,
    latin_square,
    williams_square,
)
from experiments.randomisation.simple import simple_draws
from experiments.randomisation.tally import Tally

__all__ = [
    "Covariate",
    "Distance",
    "Draw",
    "Place",
    "Tally",
    "arranged",
    "coin_probabilities",
    "complete_draws",
    "counterbalanced",
    "drawn",
    "full_deck",
    "imbalances",
    "latin_square",
    "list_draws",
    "list_seed",
    "minimisation_probabilities",
    "minimised",
    "next_draw",
    "permuted_block",
    "permuted_blocks",
    "probability",
    "profile_of",
    "reduced",
    "set_probability",
    "simple_draws",
    "stratum_name",
    "stratum_said",
    "toward_completes",
    "toward_completes_probabilities",
    "vignette_probability",
    "williams_square",
]
