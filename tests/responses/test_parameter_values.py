"""Parameters that have one of a list of values: at the door, as strata, and as covariates."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from experiments.checks import problems
from experiments.design import PROLIFIC, Access, Design, Method, Parameter
from experiments.models import Status, Study
from experiments.seed import seed_of
from responses.arrival import entry_link
from responses.links import Link, read_link
from responses.models import Allocation, AllocationHead, Participant
from responses.verification import Verdict, verify
from tests.changed import changed
from tests.designs import small
from tests.responses.arriving import invitation, rows
from tests.responses.studies import ABOUT, entered, launched, sent
from tests.responses.ways import arrives

pytestmark = pytest.mark.django_db

AND = "b & c"
PANEL = Parameter("panel", "from", required=True, values=("a", AND))
FORGED = ("", "?from=c", "?from=A", "?from=b+%26+c%3Dd", "?from=b&c", "?from=%7B%7Bfrom%7D%7D")


def by_panel(panel: Parameter = PANEL, **step: Any) -> Design:
    """`small()` stratified by the panel that somebody comes from."""
    step = {"strata": ("panel",), "block_sizes": (4,)} | step
    values = {f"randomisations[0].{name}": value for name, value in step.items()}
    return changed(small(), {"parameters": (panel,)} | values)


def link(panel: str) -> str:
    return f"/s/park/?{urlencode({'from': panel})}"


def comes(address: str, **answers: str) -> Participant:
    """Somebody who has come to the vignette by that link."""
    client = Client()
    entered(client, link=address)
    assert sent(client, "about", ABOUT | answers) == "story"
    return Participant.objects.latest("id")


def ledger() -> list[tuple[str, int]]:
    return list(Allocation.objects.order_by("id").values_list("stratum", "position"))


def holds(study: Study) -> bool:
    verdict = verify(study, seed_of(study))
    assert verdict.holds, verdict.line
    return verdict.holds


def test_each_value_has_a_list_of_its_own() -> None:
    study = launched(by_panel())
    came = ("a", AND, "a", "a", AND, "a")
    people = [comes(link(panel)) for panel in came]
    assert [each.parameters["panel"] for each in people] == list(came)
    name = "panel=b%20%26%20c"
    assert ledger() == [
        *(("panel=a", 0), (name, 0), ("panel=a", 1)),
        *(("panel=a", 2), (name, 1), ("panel=a", 3)),
    ]
    # A whole block of one list, whatever the other one drew meanwhile.
    arms = {each.assignments["main"]["arm"] for each in people if each.parameters["panel"] == "a"}
    assert len(arms) == 4
    line = "6 allocations in 2 lists replay; 6 are linked to participants."
    assert verify(study, seed_of(study)) == Verdict(True, line)
    head = AllocationHead.objects.get(stratum=name)
    assert str(head) == "main live panel=b & c @2"
    assert str(Allocation.objects.get(stratum=name, position=1)).startswith("panel=b & c @1: ")


def test_parameter_and_answer_are_crossed() -> None:
    study = launched(by_panel(strata=("gender", "panel")))
    comes(link(AND))
    comes(link("a"), gender="man")
    assert ledger() == [("gender=woman&panel=b%20%26%20c", 0), ("gender=man&panel=a", 0)]
    assert holds(study)


@pytest.mark.parametrize("query", FORGED)
def test_forged_value_of_a_required_parameter_does_not_enter(client: Client, query: str) -> None:
    launched(by_panel())
    form = {"consent": "agree", "nonce": "n" * 22}
    for response in (client.get(f"/s/park/{query}"), client.post(f"/s/park/{query}", form)):
        assert response.status_code == 403
        assert "It lacks what tells us who invited you." in response.content.decode()
    assert set(rows().values()) == {0}
    assert arrives(client, link(AND)).status_code == 302


@pytest.mark.parametrize(
    ("query", "stored"),
    [(query, {}) for query in FORGED]
    + [("?from=a", {"panel": "a"}), ("?from=+b+%26+c+", {"panel": AND})],
)
def test_forged_value_of_another_parameter_is_as_good_as_none(
    client: Client, query: str, stored: dict[str, str]
) -> None:
    panel = Parameter("panel", "from", values=PANEL.values)
    launched(by_panel(panel, strata=()))
    assert arrives(client, f"/s/park/{query}").status_code == 302
    assert Participant.objects.get().parameters == stored


@pytest.mark.parametrize("access", [Access.PANEL, Access.INVITATION])
def test_forged_value_does_not_enter_by_panel_or_invitation(client: Client, access: Access) -> None:
    study = launched(changed(by_panel(), {"parameters": (*PROLIFIC, PANEL), "access": access}))
    start = invitation(study) if access is Access.INVITATION else "/s/park/?PROLIFIC_PID=p"
    assert client.get(f"{start}&from=c").status_code == 403
    assert set(rows().values()) == {0}
    assert arrives(client, f"{start}&from=a").status_code == 302
    assert Participant.objects.get().parameters == {"panel": "a"}


def test_test_run_without_the_parameter_has_a_list_of_its_own() -> None:
    study = launched(by_panel(), status=Status.PILOT)
    start = entry_link("park", "pilot")
    for more in ("", "&from=c", "&from=a"):
        comes(f"{start}{more}")
    assert ledger() == [("panel=", 0), ("panel=", 1), ("panel=a", 0)]
    assert holds(study)


def test_minimisation_by_a_parameter_replays() -> None:
    step: dict[str, Any] = {"method": Method.MINIMISATION, "strata": (), "block_sizes": ()}
    study = launched(by_panel(**step, covariates=("panel", "gender")))
    for number in range(6):
        comes(link(("a", AND)[number % 2]), gender=("woman", "man")[number // 3])
    told = Allocation.objects.order_by("position").values_list("covariates", flat=True)
    panels = ("panel=a", "panel=b%20%26%20c")
    genders = ("gender=woman",) * 3 + ("gender=man",) * 3
    assert list(told) == [f"{panels[at % 2]}&{gender}" for at, gender in enumerate(genders)]
    assert set(AllocationHead.objects.get().tally) == {
        *("panel=a", f"panel={AND}", "gender=woman", "gender=man")
    }
    assert holds(study)


@given(st.text(alphabet=st.characters(), min_size=1, max_size=6) | st.text("{a} \n\u3000"))
def test_value_is_taken_if_and_only_if_a_link_can_bring_it(value: str) -> None:
    panel = Parameter("panel", "from", required=True, values=("a", value))
    come = read_link(by_panel(panel), {"from": value}) == Link({"panel": value})
    taken = value == "a" or not problems(changed(small(), {"parameters": (panel,)}))
    assert come is taken
