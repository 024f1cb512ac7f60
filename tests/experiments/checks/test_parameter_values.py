"""What the values of a parameter may be, and what may be said of them elsewhere."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import Design, Method, Parameter
from tests.changed import changed
from tests.designs import small

VALUES = "parameters[0].values"
STEP = "randomisations[0]"
NO_LINK = "No link can bring this value of panel."
PLAIN = "Write it on one line, without blanks or braces around it."
LENGTH = "Give it 1 to 64."
MADE_UP = "may be missing, or made up in a link."
FEW = "values: with one all are alike, with many blocks stay open."
MINIMISED: Mapping[str, Any] = {"method": Method.MINIMISATION, "block_sizes": ()}
# Each of them is written in 9 times as many characters.
LONG = tuple(chr(0xAC00 + place) * 64 for place in range(4))


def panel(*values: str, code: str = "panel", **more: Any) -> Parameter:
    return Parameter(code, code.upper(), required=True, values=values, **more)


def numbered(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(count))


def of(*parameters: Parameter, **step: Any) -> Design:
    """`small()` with these parameters, and with that of its assignment changed."""
    return changed(
        small(), {"parameters": parameters} | {f"{STEP}.{name}": v for name, v in step.items()}
    )


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        (panel("a", ""), [(f"{VALUES}[1]", "A value of panel has 0 characters.", LENGTH)]),
        (panel("a", "x" * 65), [(f"{VALUES}[1]", "A value of panel has 65 characters.", LENGTH)]),
        *(
            (panel("a", value), [(f"{VALUES}[1]", NO_LINK, PLAIN)])
            for value in (" a", "a ", "\u3000", "a\nb", "a\x00", "\x7f", "\ud800", "{a}", "{}")
        ),
        (panel("a", "b", "a"), [(f"{VALUES}[2]", "This value is there twice.", "Give each once.")]),
        (
            panel(*numbered(10_001)),
            [(VALUES, "panel has 10001 values.", "List 10000 at most.")],
        ),
        (
            panel("a", identifies=True),
            [
                (
                    VALUES,
                    "panel says who somebody is, which is not known before.",
                    "Take the values out.",
                )
            ],
        ),
    ],
)
def test_values_that_no_parameter_can_have_are_refused(
    parameter: Parameter, expected: list[tuple[str, str, str]]
) -> None:
    assert problems(of(parameter)) == [Problem(*each) for each in expected]


@pytest.mark.parametrize(
    "values",
    [(), ("a",), ("a", "A", "a b"), ("b & c=d",), ("{a", "a}"), ("한국",), LONG, numbered(10_000)],
)
def test_values_that_a_link_can_bring_are_taken(values: tuple[str, ...]) -> None:
    assert problems(of(panel(*values))) == []
    assert problems(of(Parameter("panel", "PANEL", values=values))) == []


@pytest.mark.parametrize(
    ("parameter", "message", "remedy"),
    [
        (
            panel(identifies=True),
            "panel says who somebody is: every stratum would be one person.",
            "Name a parameter that many share.",
        ),
        (panel(), f"panel {MADE_UP}", "Make panel required, and list its values."),
        (
            Parameter("panel", "PANEL", values=("a", "b")),
            f"panel {MADE_UP}",
            "Make panel required, and list its values.",
        ),
        *(
            (
                panel(*numbered(count)),
                f"panel has {count} {FEW}",
                "Name a parameter with 2 to 50.",
            )
            for count in (1, 51)
        ),
    ],
)
@pytest.mark.parametrize("field", ["strata", "covariates"])
def test_parameter_that_is_no_stratum_is_refused(
    field: str, parameter: Parameter, message: str, remedy: str
) -> None:
    step: dict[str, Any] = {field: ("gender", "panel")}
    step |= MINIMISED if field == "covariates" else {}
    assert problems(of(parameter, **step)) == [Problem(f"{STEP}.{field}[1]", message, remedy)]


@pytest.mark.parametrize("count", [2, 50])
def test_parameter_with_a_few_values_is_stratum_and_covariate(count: int) -> None:
    source = panel(*numbered(count))
    assert problems(of(source, strata=("panel", "gender"))) == []
    assert problems(of(source, strata=(), covariates=("gender", "panel"), **MINIMISED)) == []


def test_strata_are_named_once_each() -> None:
    assert problems(of(panel("a", "b"), strata=("panel", "panel"))) == [
        Problem(f"{STEP}.strata", "One of them is there twice.", "Name each once.")
    ]


def test_strata_whose_names_no_index_could_hold_are_refused() -> None:
    four = [panel(*LONG, code=f"panel{number}") for number in range(4)]
    names = tuple(each.code for each in four)
    assert problems(of(*four, strata=names[:3])) == []
    message = "Together they are written in up to 2336 characters."
    remedy = "Name fewer, or shorten their values: 2000 fit."
    assert problems(of(*four, strata=names)) == [Problem(f"{STEP}.strata", message, remedy)]


@pytest.mark.parametrize(
    ("condition", "message", "remedy"),
    [
        ('panel == "c"', "panel is never “c”.", "It can be: a, b."),
        ('panel in ["a", "A"]', "panel is never “A”.", "It can be: a, b."),
        (
            "panel > 3",
            "panel is no number, and so never more or less than something.",
            "Use ==, != or in.",
        ),
    ],
)
def test_comparison_with_what_a_parameter_never_is_is_refused(
    condition: str, message: str, remedy: str
) -> None:
    path = "pages[3].items[0].shown_if"
    design = changed(of(panel("a", "b")), {path: condition})
    assert Problem(path, message, remedy) in problems(design)


@pytest.mark.parametrize(
    "condition", ['panel == "a"', 'panel not in ["a", "b"]', "answered(panel)"]
)
def test_comparison_with_what_a_parameter_can_be_is_taken(condition: str) -> None:
    design = changed(of(panel("a", "b")), {"pages[3].items[2].shown_if": condition})
    assert problems(design) == []


@pytest.mark.parametrize(
    ("condition", "count", "reached"),
    [
        ('panel == "0" and panel == "1"', 2, False),
        ('answered(panel) and panel not in ["0", "1"]', 2, False),
        ("panel > 1", 2, False),
        ("panel > 1", 3, True),
        ("not answered(panel)", 2, True),
        ("panel > 49", 50, False),
        # Of so many it is not told any more.
        ("panel > 50", 51, True),
    ],
)
def test_condition_that_no_value_makes_true_is_refused(
    condition: str, count: int, reached: bool
) -> None:
    path = "pages[3].items[2].shown_if"
    remedy = "Change it, or take out what nobody would see."
    never = Problem(path, "This can never come true.", remedy)
    found = problems(changed(of(panel(*numbered(count))), {path: condition}))
    assert found == ([] if reached else [never])


def test_remedy_lists_the_first_fifty_of_many_values() -> None:
    path = "pages[3].items[2].shown_if"
    design = changed(of(panel(*numbered(51))), {path: 'panel == "x"'})
    remedy = f"It can be: {', '.join(numbered(50))}, …"
    assert problems(design) == [Problem(path, "panel is never “x”.", remedy)]
