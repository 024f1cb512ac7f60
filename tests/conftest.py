"""Starts the servers of a test session; the fixtures are in chromium.py and live_site.py."""

import os
from importlib import import_module
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from tests import session_servers

# A deadline would measure the machine's mood. The same examples every time, so that a change is
# judged by what it does; `HYPOTHESIS_PROFILE=explore make test` looks for others.
hypothesis_settings.register_profile("coprod", deadline=None, derandomize=True)
hypothesis_settings.register_profile("explore", deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "coprod"))

pytest_plugins = [
    "tests.chromium",
    "tests.emptying",
    "tests.live_site",
    "tests.pooled",
    "tests.replicated",
    "tests.process_state",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long `make fuzz` has the participant's protocol run."""
    parser.addoption("--fuzz-minutes", type=float, default=1.0)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Starts the servers once, in the process that the workers inherit the environment from."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        # What a test queues goes to the broker of the environment.
        import_module("coprod_site.celery")
    if "PYTEST_XDIST_WORKER" in os.environ or config.option.help:
        return
    config.add_cleanup(session_servers.start().close)
    import_module("coprod_site.celery")

    import django

    django.setup()
    from coprod_site.static_files import collect_static

    collect_static()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs: list[Any]) -> None:
    """Keeps the workers from taking each other's Celery messages."""
    for number, spec in enumerate(specs):
        spec.env["REDIS_URL"] = session_servers.own_valkey_database(number)
