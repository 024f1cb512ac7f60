"""A look whose cut is smaller than a spent one's, since people withdrew in between."""

import pytest

from analysis.figure_data import looks_so_far
from analysis.report import report
from analysis.results import from_builtins
from experiments.launch import close
from responses.models import Participant
from responses.withdrawal import withdraw
from tests.analysis.studies import complete, launched, spend
from tests.changed import changed
from tests.designs import small


@pytest.mark.django_db(transaction=True)
def test_what_an_earlier_look_rejected_stays_rejected_when_the_last_one_has_fewer() -> None:
    # An effect of two points in the first look's rows, and none worth a word afterwards.
    study = launched(changed(small(), {"plan.sample_size": 80}))
    people = complete(study, 40)
    for place, person in enumerate(people):
        told = "7" if person.assignments["main"]["levels"]["reward"] == "money" else "3"
        end = "6" if place % 3 else told
        answers = person.answers | {"will1": told, "will2": end}
        Participant.objects.filter(pk=person.pk).update(answers=answers)
    first = from_builtins(spend(study, 1).results)
    assert first.decision
    assert [each.rejected_at for each in first.decision.hypotheses] == [1, None]
    for person in people[:3]:
        withdraw(participant_id=person.pk)
    Participant.objects.filter(study=study).exclude(answers={}).update(
        answers=people[0].answers | {"will1": "3", "will2": "4"}
    )
    close(study=study)
    look = spend(study, 2)
    last = from_builtins(look.results)
    assert last.decision
    assert (look.n, [bound.fraction for bound in last.bounds]) == (37, [0.5, 0.5 + 1 / 80])
    assert last.bounds[-1].alpha_spent == 0.05
    assert last.decision.hypotheses[0].rejected_at == 1
    # The path of z goes on to the information of its bound, not back.
    assert [each.fraction for each in looks_so_far(look, last)] == [0.5, 0.5 + 1 / 80]
    told = "51.2% of what was planned, one participant more than the look before: some have "
    told += "withdrawn since, and what was spent and decided then stays so."
    assert dict(report(look, "en").facts)["Information counted"] == told
    earlier = study.looks.get(number=1)
    assert "Information counted" not in dict(report(earlier, "en").facts)
