"""The list of each method goes on from any place as it runs from the start."""

from itertools import islice, pairwise

import pytest

from experiments.design import Method
from experiments.randomisation import Draw, Place, list_draws

SEED = bytes(range(32))
WEIGHTS = (2, 1, 3)


@pytest.mark.parametrize("method", [Method.PERMUTED_BLOCKS, Method.SIMPLE, Method.COMPLETE])
def test_list_goes_on_from_any_place_as_it_runs_from_the_start(method: Method) -> None:
    sizes = (6, 12) if method is Method.PERMUTED_BLOCKS else ()
    whole = list(islice(list_draws(method, SEED, WEIGHTS, sizes), 60))
    assert [draw.position for draw in whole] == list(range(60))
    for before, here in pairwise(whole):
        # A head row knows the next position, and the block of the one before.
        place = Place(here.position, before.block, before.block_start)
        rest = list(islice(list_draws(method, SEED, WEIGHTS, sizes, place), 20))
        assert rest[: 60 - here.position] == whole[here.position : here.position + 20]


def test_complete_list_gives_each_arm_its_total_in_every_round() -> None:
    draws: list[Draw] = list(islice(list_draws(Method.COMPLETE, SEED, WEIGHTS, ()), 18))
    rounds = [[draw.arm for draw in draws if draw.block == number] for number in range(3)]
    assert [sorted(arms) for arms in rounds] == [[0, 0, 1, 2, 2, 2]] * 3
