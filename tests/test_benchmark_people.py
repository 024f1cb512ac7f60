"""The people that benchmarks make: those of several studies of one size fit into one database."""

import pytest

from benchmarks.export.many import many_participants
from benchmarks.looks.people import due_study
from benchmarks.product import STUDY
from coprod_site.embedded import ROOT
from experiments.compiler import write_rows
from experiments.launch import launch
from experiments.studyfile import parse
from responses.models import Allocation, Participant


@pytest.mark.django_db(transaction=True)
def test_studies_of_one_size_have_people_of_their_own() -> None:
    design = parse((ROOT / "studies" / f"{STUDY}.yaml").read_bytes()).design
    assert design is not None
    launch(study=write_rows(design=design))
    studies = [due_study(50, name=name) for name in ("a", "b")] + [many_participants(200)]
    assert Allocation.objects.count() == Participant.objects.count() - len(studies)
    answers = [
        list(
            Participant.objects.filter(study=study).order_by("id").values_list("answers", flat=True)
        )
        for study in studies[:2]
    ]
    assert len(answers[0]) == len(answers[1])
    assert answers[0] != answers[1]
