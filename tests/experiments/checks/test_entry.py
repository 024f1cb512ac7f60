"""Each rule about ways in and out: a change to a valid design, the problem it makes, what fits."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import Access, Design, Ending, Limit, Outcome
from tests.changed import add, changed
from tests.designs import both
from tests.responses.ways import few, of_a_panel

BACK = Ending(
    Outcome.REFUSED,
    both("Goodbye", "안녕"),
    both("As you like.", "알겠습니다."),
    "https://panel.example/back?who={prolific_pid}&code={code}",
)
LETTERS = "Use letters, digits and _, as in PROLIFIC_PID."
IN_ORDER = "Give one option for each of gender, in that order."
AN_ADDRESS = "Write one such as https://panel.example/done?code={code}."
FILLERS = "Use code, prolific_pid, prolific_study, prolific_session."
ONE_CHOSEN = "Name items of kind single, dropdown or likert."


def _base() -> Design:
    """`small()` with a panel's parameters, five places for women, and a way back."""
    places = few(5, "gender", cell=("woman",))
    return changed(places, {"endings": (BACK,)})


REFUSED: list[tuple[dict[str, Any], Problem]] = [
    *(
        (
            {"parameters[1].name": name},
            Problem(
                "parameters[1].name", f"“{name}” can't be a parameter of the study's link.", LETTERS
            ),
        )
        for name in ("mode", "key", "lang", "i", "", "STUDY ID", "1st", "-a", "näme", "a&b", "a=b")
    ),
    (
        {"parameters[1].name": "PROLIFIC_PID"},
        Problem("parameters[1].name", "PROLIFIC_PID is there twice.", "Map each name once."),
    ),
    (
        {"parameters[2].code": "code"},
        Problem(
            "parameters[2].code",
            "In a redirect {code} is the participant's code.",
            "Rename the parameter.",
        ),
    ),
    (
        {"parameters[2].identifies": True},
        Problem(
            "parameters",
            "prolific_pid, prolific_session all identify the participant.",
            "Let one of them do it.",
        ),
    ),
    (
        {"parameters[0].identifies": False, "access": Access.PANEL},
        Problem(
            "access",
            "A panel's participants are known by a parameter, and none identifies.",
            "Give one parameter `identifies: true`.",
        ),
    ),
    (
        {"quotas[0].limits": ()},
        Problem("quotas[0].limits", "few limits nothing.", "Give places to a cell."),
    ),
    *(
        (
            {"quotas[0].lease_minutes": minutes},
            Problem(
                "quotas[0].lease_minutes",
                f"A place is held for {minutes} minutes.",
                "Hold it for 1 to 1440.",
            ),
        )
        for minutes in (-1, 0, 1441)
    ),
    (
        {"quotas[0].items": ("gender", "gender"), "quotas[0].limits[0].cell": ("man", "man")},
        Problem("quotas[0].items", "An item is there twice.", "Name each once."),
    ),
    *(
        (
            {"quotas[0].items": (code,)},
            Problem("quotas[0].items[0]", f"{code} is no item with one chosen answer.", ONE_CHOSEN),
        )
        for code in ("gendre", "comment", "motive", "reward", "prolific_study")
    ),
    *(
        (
            {"quotas[0].items": (code,), "quotas[0].limits[0].cell": cell},
            Problem(
                "quotas[0].items[0]",
                f"{code} is asked after the treatment, which may decide who is turned away.",
                "Ask it before the first vignette.",
            ),
        )
        for code, cell in [("noticed", ("none",)), ("will1", ("1",))]
    ),
    *(
        (
            {"quotas[0].limits[0].cell": cell},
            Problem("quotas[0].limits[0].cell", f"“{said}” is no cell of few.", IN_ORDER),
        )
        for cell, said in [((), ""), (("girl",), "girl"), (("woman", "man"), "woman, man")]
    ),
    (
        {"quotas[0].items": ()},
        Problem(
            "quotas[0].limits[0].cell",
            "“woman” is no cell of few.",
            "Without items there is one cell: write `cell: []`.",
        ),
    ),
    (
        {"quotas[0].limits": add(Limit(("woman",), 7))},
        Problem("quotas[0].limits[1].cell", "This cell is there twice.", "Give its places once."),
    ),
    *(
        (
            {"quotas[0].limits[0].places": places},
            Problem(
                "quotas[0].limits[0].places",
                f"There can't be {places} places.",
                "Give 0 to 10000000, or no limit.",
            ),
        )
        for places in (-1, 10_000_001)
    ),
    *(
        (
            {f"endings[0].{left_out}": {}},
            Problem(
                "endings[0]",
                "The ending of refused has a title or a body, but not both.",
                "Write both, or neither for Coprod's own words.",
            ),
        )
        for left_out in ("title", "body")
    ),
    (
        {"endings[0].outcome": Outcome.COMPLETED},
        Problem(
            "endings[0]",
            "What is said to who completed stands on the end page.",
            "Write it there, and only the redirect here.",
        ),
    ),
    *(
        (
            {"endings[0].redirect": address},
            Problem("endings[0].redirect", "The redirect is no address.", AN_ADDRESS),
        )
        for address in [
            "panel.example/back",
            "//panel.example",
            "ftp://panel.example",
            "javascript:alert(1)",
            "https://",
            "https:///back",
            "https://panel.example/a b",
            "https://{code}.example/",
            "https://panel.example{code}",
            "https://panel.example/{code",
            "https://panel.example/?a={}",
            " https://panel.example/",
            "https://panel.example/\n",
        ]
    ),
    *(
        (
            {"endings[0].redirect": f"https://panel.example/?a={{{slot}}}&b={{code}}"},
            Problem(
                "endings[0].redirect",
                f"Nothing fills the slot {{{slot}}} of the redirect.",
                FILLERS,
            ),
        )
        for slot in ("pid", "gender", "reward")
    ),
]

ALLOWED: list[dict[str, Any]] = [
    *({"parameters[1].name": name} for name in ("a", "_x", "I", "Mode", "a.b-c_1")),
    {"parameters[0].identifies": False},
    {"parameters": (), "endings": ()},
    {"access": Access.PANEL},
    {"access": Access.INVITATION},
    {"access": Access.INVITATION, "parameters": (), "endings": ()},
    *({"quotas[0].lease_minutes": minutes} for minutes in (1, 1440)),
    *(
        {"quotas[0].items": (code,), "quotas[0].limits[0].cell": (cell,)}
        for code, cell in [
            ("gender", "no_answer"),
            ("education", "-9"),
            ("motive1", "5"),
            ("attention", "1"),
        ]
    ),
    {"quotas[0].items": ("gender", "education"), "quotas[0].limits[0].cell": ("woman", "2")},
    {"quotas[0].items": (), "quotas[0].limits[0].cell": ()},
    {"quotas[0].limits": add(Limit(("man",), 7))},
    *({"quotas[0].limits[0].places": places} for places in (0, 10_000_000)),
    {"endings[0].title": {}, "endings[0].body": {}},
    {"endings[0].outcome": Outcome.COMPLETED, "endings[0].title": {}, "endings[0].body": {}},
    *({"endings[0].outcome": each} for each in Outcome if each is not Outcome.COMPLETED),
    *(
        {"endings[0].redirect": address}
        for address in [
            "",
            "http://panel.example",
            "https://panel.example?cc={code}",
            "https://panel.example#{prolific_study}",
            "https://localhost:8000/{prolific_session}/{code}",
        ]
    ),
]


@pytest.mark.parametrize(("values", "problem"), REFUSED)
def test_way_in_or_out_that_leads_nowhere_is_refused(
    values: Mapping[str, Any], problem: Problem
) -> None:
    assert problems(changed(_base(), values)) == [problem]


@pytest.mark.parametrize("values", ALLOWED)
def test_way_in_or_out_that_leads_somewhere_is_taken(values: Mapping[str, Any]) -> None:
    assert problems(changed(_base(), values)) == []


def test_panel_without_parameters_is_refused() -> None:
    design = changed(of_a_panel(), {"parameters": (), "access": Access.PANEL})
    message = "A panel's participants are known by a parameter, and none identifies."
    assert problems(design) == [
        Problem("access", message, "Give one parameter `identifies: true`.")
    ]
