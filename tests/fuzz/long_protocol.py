"""The protocol's state machine for minutes: `make fuzz` has pytest run it."""

import logging
from random import Random
from time import monotonic

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fuzz.protocol import COUNT, Protocol

EXAMPLES, STEPS = 4, 50


@pytest.mark.django_db
def test_protocol_holds_for_minutes(request: pytest.FixtureRequest) -> None:
    """Runs examples until the time is up, under seeds that follow from the one of the run."""
    config = request.config
    random = Random(str(config.getoption("--hypothesis-seed")))
    until = monotonic() + 60 * float(config.getoption("--fuzz-minutes"))
    began = monotonic()
    # What is refused is meant to be; a fault of ours comes out of the client.
    logging.disable(logging.ERROR)
    while monotonic() < until:
        run_state_machine_as_test(seed(random.randrange(2**32))(_machine()), settings=_settings())
    print(f"\nProtocol: {(monotonic() - began) / 60:.1f} minutes, {COUNT}", flush=True)


def _machine() -> type[Protocol]:
    """A machine of its own for each seed, which hypothesis keeps on the class."""
    return type("Protocol", (Protocol,), {})


def _settings() -> settings:
    return settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        suppress_health_check=[*HealthCheck],
        database=None,
    )
