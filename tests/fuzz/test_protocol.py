"""People and requests that mean harm, in any order: nothing is lost, doubled, made up or moved."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fuzz.protocol import Protocol

pytestmark = pytest.mark.django_db


def test_protocol_holds_whatever_comes() -> None:
    run_state_machine_as_test(Protocol, settings=_settings(2, 15))


@pytest.mark.slow
def test_protocol_holds_for_longer() -> None:
    run_state_machine_as_test(Protocol, settings=_settings(8, 40))


def _settings(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples, stateful_step_count=steps, suppress_health_check=[*HealthCheck]
    )
