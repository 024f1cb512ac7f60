"""Bundles of decks, clusters and two versions check out too."""

import zipfile
from pathlib import Path

import pytest
from pytest_django import Settings

from analysis.bundle.opening import verify_bundle
from experiments.design import Design, Parameter
from experiments.launch import close, launch
from experiments.models import Study
from experiments.rowwriting import write_rows
from responses import tokens
from responses.allocation import Basis, ListName, allocate
from responses.withdrawal import withdraw
from tests.analysis.bundle.closing import bundled
from tests.analysis.studies import launched
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small
from tests.responses.ledger import holder_of, people

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.EXPORT_ROOT = tmp_path / "exports"


def given(study: Study, *, school: bool = False, number: int = 9) -> Study:
    """The study with so many allocated, of whom one withdrew."""
    version = study.live_version
    assert version
    step = version.written.randomisations[0]
    stratum = "gender=woman" if step.strata else ""
    found = people(study, number)
    for at, person in enumerate(found):
        cluster = tokens.cluster_hash(study.pk, "school", "abc"[at % 3]).hex() if school else ""
        name = ListName(version, step, "live", stratum)
        assert allocate(holder=holder_of(person), name=name, basis=Basis(cluster=cluster))
    withdraw(participant_id=found[4].pk)
    return study


def holds(study: Study, tmp_path: Path) -> list[str]:
    """The names in its bundle, which holds."""
    path = bundled(close(study=study), tmp_path / "one.zip")
    assert verify_bundle(path).problems == ()
    with zipfile.ZipFile(path) as packed:
        return packed.namelist()


def in_clusters() -> Design:
    step = {"method": "permuted_blocks", "strata": (), "block_sizes": (4,), "cluster": "school"}
    school = Parameter("school", "school", required=True, values=tuple("abc"))
    values = {f"randomisations[0].{name}": value for name, value in step.items()}
    return changed(small(), values | {"parameters": (school,)})


def test_bundle_of_a_deck_holds(tmp_path: Path) -> None:
    assert holds(given(launched(deck_design(draws=3))), tmp_path)


def test_bundle_of_clusters_holds(tmp_path: Path) -> None:
    assert holds(given(launched(in_clusters()), school=True), tmp_path)


def test_bundle_of_two_versions_holds(tmp_path: Path) -> None:
    given(launched())
    later = changed(small(), {"title": {"en": "Another", "ko": "다른"}})
    study = launch(study=write_rows(design=later), reason="A title").study
    assert f"{study.slug}_live/design/version-2.json" in holds(study, tmp_path)
