"""What a process keeps does not grow with participants."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

import experiments
import responses
from responses.ledger import ahead
from tests.responses.studies import launched, walked

# By what they are asked: types of designs, and files that ship.
FEW = {
    "experiments.filenodes._hints",
    "experiments.filenodes._required",
    "experiments.desk.scale_library._shipped",
}


def caches() -> Iterator[tuple[str, Any]]:
    """Each function of the rooms that participants meet which keeps what it returned."""
    for room in (experiments, responses):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if ".migrations" in found.name or ".management.commands" in found.name:
                continue
            module = importlib.import_module(found.name)
            for name, each in vars(module).items():
                if hasattr(each, "cache_info") and each.__module__ == found.name:
                    yield f"{found.name}.{name}", each


def test_every_cache_is_bounded() -> None:
    found = dict(caches())
    assert len(found) > 5
    unbounded = {
        name
        for name, each in found.items()
        if each.cache_parameters()["maxsize"] is None and inspect.signature(each).parameters
    }
    assert unbounded == FEW


@pytest.mark.django_db
def test_caches_hold_no_more_after_more_participants() -> None:
    launched()
    # One of each arm, and each draw of the list's first window.
    for _person in range(8):
        walked(Client())
    before = sizes()
    for _person in range(8):
        walked(Client())
    assert sizes() == before


def sizes() -> dict[str, int]:
    """How much each cache holds."""
    kept = {name: each.cache_info().currsize for name, each in caches()}
    return kept | {"ahead": len(ahead._kept)}
