"""A small study whose vignette and questions come once for each vignette that a deck deals."""

from dataclasses import replace
from typing import Any

from experiments.design import Design, Method
from tests.changed import changed
from tests.designs import small


def deck_design(**step: Any) -> Design:
    """`small()` as a deck of its four arms, two of which everybody sees, whatever is changed."""
    design = small()
    dealt = {"method": Method.DECK, "draws": 2, "strata": (), "block_sizes": (), "code": "deck"}
    plan = replace(design.plan, contrasts=design.plan.contrasts[:1])
    values: dict[str, Any] = {
        f"randomisations[0].{name}": each for name, each in {**dealt, **step}.items()
    }
    values |= {"pages[2].repeats": "deck", "pages[3].repeats": "deck", "plan": plan}
    return changed(design, values)
