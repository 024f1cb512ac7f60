"""The seed at rest."""

import pytest
from pytest_django import Settings

from experiments import seed
from experiments.models import Study
from experiments.refusals import Refused


def test_draw_keeps_the_seed_that_is_there() -> None:
    study = Study(slug="park")
    first = seed.draw(study=study)
    kept = seed.seed_of(study)

    assert (seed.draw(study=study), seed.seed_of(study)) == (first, kept)


def test_seed_of_a_draft_is_refused() -> None:
    with pytest.raises(Refused, match="park has no seed before its first launch"):
        seed.seed_of(Study(slug="park"))


def test_seed_of_is_refused_under_another_key(settings: Settings) -> None:
    study = Study(slug="park")
    seed.draw(study=study)
    settings.ENCRYPTION_KEYS = ["another key, " * 4]

    with pytest.raises(Refused, match="is not among COPROD_ENCRYPTION_KEYS"):
        seed.seed_of(study)


def test_reveal_shows_what_was_drawn() -> None:
    study = Study(slug="park")
    committed = seed.draw(study=study)

    revealed = seed.reveal(study=study)

    assert (study.seed_revealed, bytes.fromhex(revealed)) == (revealed, seed.seed_of(study))
    assert seed.commitment(bytes.fromhex(revealed)) == committed
