"""The shipped study, live on the running site."""

from pathlib import Path

import pytest

STUDY = Path(__file__).resolve().parents[2] / "studies" / "coproduction.yaml"


@pytest.fixture
def survey(live_site: str) -> str:
    """The address of the study, with a slash at the end."""
    # This file is read before the session's servers are named in the environment.
    from experiments.compiler import write_rows
    from experiments.launch import launch
    from experiments.studyfile import parse

    design = parse(STUDY.read_text()).design
    assert design is not None
    launch(study=write_rows(design=design))
    return f"{live_site}/s/{design.study}/"
