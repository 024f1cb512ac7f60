"""The studies that ship, live on the running site, and a researcher at the desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.researching import log_in
from tests.browser.visiting import DESK, NewContext, Visitor

# Only a test that fails waits as long: CI's machine may be slow.
expect.set_options(timeout=30_000)

FOLDER = Path(__file__).resolve().parent
STUDIES = FOLDER.parents[1] / "studies"
# A browser takes seconds for each test: of them these alone belong to every run.
OF_EVERY_RUN = {"test_whole_survey.py"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the other tests of this folder as slow."""
    for item in items:
        if item.path.parent == FOLDER and item.path.name not in OF_EVERY_RUN:
            item.add_marker("slow")


@pytest.fixture
def survey(live_site: str) -> str:
    """The address of the shipped study, with a slash at the end."""
    return live_site + _launched("coproduction")


@pytest.fixture
def kitchen_sink(live_site: str) -> str:
    """The address of the study that uses everything, with a slash at the end."""
    return live_site + _launched("kitchen_sink")


def _launched(name: str) -> str:
    """Launches the study of that file; the path of its first page."""
    # This file is read before the session's servers are named in the environment.
    from experiments.compiler import write_rows
    from experiments.launch import launch
    from experiments.studyfile import parse

    design = parse((STUDIES / f"{name}.yaml").read_text()).design
    assert design is not None
    launch(study=write_rows(design=design))
    return f"/s/{design.study}/"


@pytest.fixture
def researcher(live_site: str, new_context: NewContext) -> Iterator[Visitor]:
    """A researcher who is logged in at the desk; at the end nothing must have gone wrong."""
    person = log_in(live_site, new_context, DESK)
    yield person
    assert person.wrong == []
