"""Each rule about what rows can't hold: a change to a valid design and every problem it makes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from coprod_site.embedded import ROOT
from experiments.checks import problems
from experiments.checks.form import CODE
from experiments.checks.reserved import FORM_FIELDS
from experiments.design import Arm, Item
from experiments.variables import COLUMNS
from responses.outage import OWN_FIELDS
from responses.questionnaire import CONSENT_FIELD
from tests.changed import add, changed
from tests.designs import small


def _in_subscale(code: str) -> Callable[[tuple[Item, ...]], tuple[Item, ...]]:
    return lambda items: tuple(
        replace(item, subscale=code) if item.subscale else item for item in items
    )


CASES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        {"format": 2},
        [("format", "The format is 2, and this version reads format 1.")],
    ),
    (
        {"study": "Park!"},
        [("study", "“Park!” is no code.")],
    ),
    (
        {"languages": ("en", "ko", "Ko")},
        [("languages[2]", "“Ko” is no language tag.")],
    ),
    (
        {"languages": ("en", "ko", "en")},
        [("languages[2]", "en is there twice.")],
    ),
    (
        {"factors[0].levels[0].code": "None"},
        [
            ("factors[0].levels[0].code", "“None” is no code."),
            ("randomisations[0].arms[0].levels", "reward has no level none."),
            ("randomisations[0].arms[1].levels", "reward has no level none."),
            ("randomisations[0].arms", "No arm has the level None of reward."),
            (
                "pages[3].items[2].options",
                "The manipulation check noticed has no answer for None.",
            ),
            ("plan.contrasts[0].against", "reward has no level “none”."),
            ("plan.contrasts[1]", "The contrast reward_by_voice needs the arm None.low."),
            ("plan.contrasts[1]", "The contrast reward_by_voice needs the arm None.high."),
        ],
    ),
    (
        {"pages[1].items[0].options[0].code": "Wo man"},
        [("pages[1].items[0].options[0].code", "“Wo man” is no option code.")],
    ),
    (
        {"factors[0].levels[1].code": "none"},
        [
            ("factors[0].levels[1].code", "none is twice among the levels of reward."),
            ("randomisations[0].arms[2].levels", "reward has no level money."),
            ("randomisations[0].arms[3].levels", "reward has no level money."),
            ("plan.contrasts[0].level", "reward has no level “money”."),
        ],
    ),
    (
        {"scales[0].options[1].code": "1"},
        [("scales[0].options[1].code", "1 is twice among the options at scales[0].options.")],
    ),
    (
        {"pages[3].code": "about"},
        [("pages[3].code", "about is twice among the pages.")],
    ),
    (
        {"pages[1].items[1].code": "gender"},
        [
            ("pages[1].items[1].code", "gender is twice among the items of about."),
            ("plan.covariates[1]", "The plan names education, which is no variable."),
        ],
    ),
    (
        {"plan.contrasts[1].code": "money_vs_none"},
        [("plan.contrasts[1].code", "money_vs_none is twice among the contrasts.")],
    ),
    (
        {"randomisations[0].arms": add(Arm(("none", "low")))},
        [
            ("randomisations[0].arms[4]", "The arm none.low is there twice."),
            (
                "randomisations[0].block_sizes[0]",
                "A block of 4 can't hold the arms by their weights (5 a round).",
            ),
            (
                "randomisations[0].block_sizes[1]",
                "A block of 8 can't hold the arms by their weights (5 a round).",
            ),
        ],
    ),
    (
        {"pages[3].items[3].code": "gender"},
        [
            (
                "pages[3].items[3].code",
                "gender names this item and the item at pages[1].items[0].code.",
            ),
            ("randomisations[0].strata[0]", "gender is of kind text."),
        ],
    ),
    (
        {"pages[3].items[3].code": "motive"},
        [
            ("pages[3].items[3].code", "motive names this item and the scale at scales[0].code."),
            ("plan.covariates[0]", "motive is no number and no one choice."),
            (
                "plan.covariates[0]",
                "motive is asked after the treatment, which may have changed it.",
            ),
            ("plan.associations[0]", "motive is no number and no one choice."),
            (
                "plan.associations[0]",
                "motive is asked after the treatment, which may have changed it.",
            ),
        ],
    ),
    (
        {"scales[0].subscales[0].code": "gender"},
        [
            (
                "pages[1].items[0].code",
                "gender names this item and the subscale at scales[0].subscales[0].code.",
            ),
            ("scales[0].subscales[0]", "No item belongs to the subscale gender."),
            ("pages[1].items[2].subscale", "motive has no subscale care."),
            ("pages[1].items[3].subscale", "motive has no subscale care."),
            ("plan.associations[1]", "The plan names care, which is no variable."),
        ],
    ),
    (
        {"pages[3].items[3].code": "voice"},
        [("pages[3].items[3].code", "voice names this item and the factor at factors[1].code.")],
    ),
    (
        {"pages[3].items[3].code": "arm"},
        [
            (
                "pages[3].items[3].code",
                "arm is reserved: every data set has a variable of that name.",
            )
        ],
    ),
    (
        {"pages[3].items[3].code": "str8"},
        [
            (
                "pages[3].items[3].code",
                "str8 is reserved: Stata or SPSS keeps that word for itself.",
            )
        ],
    ),
    *(
        (
            {"pages[3].items[3].code": code},
            [
                (
                    "pages[3].items[3].code",
                    f"{code} is reserved: the participants' pages use that name themselves.",
                )
            ],
        )
        for code in sorted(FORM_FIELDS - COLUMNS)
    ),
    (
        {"scales[0].subscales[0].code": "code", "pages[1].items": _in_subscale("code")}
        | {"plan.associations": ("motive", "code")},
        [],
    ),
    (
        {"plan.outcome": "x" * 33},
        [
            ("plan.outcome", "“xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” is no code."),
            (
                "plan.outcome",
                f"The outcome {'x' * 33} is no scale and no item.",
            ),
        ],
    ),
    (
        {"pages[3].items[2].checks_factor": "x" * 33},
        [
            ("pages[3].items[2].checks_factor", "“xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” is no code."),
            ("pages[3].items[2].checks_factor", "The manipulation check noticed names no factor."),
        ],
    ),
    (
        {"plan.contrasts[0].against": "x" * 33},
        [
            ("plan.contrasts[0].against", "“xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” is no code."),
            (
                "plan.contrasts[0].against",
                "reward has no level “xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx”.",
            ),
        ],
    ),
]


@pytest.mark.parametrize(("values", "expected"), CASES)
def test_problems_of_form_are_found_and_nothing_else(
    values: Mapping[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = problems(changed(small(), values))

    assert [(problem.path, problem.message) for problem in found] == expected
    assert all(problem.remedy.endswith((".", "`", "?")) for problem in found)


def test_fields_of_the_participants_forms_are_reserved() -> None:
    templates = (ROOT / "templates" / "responses").glob("*.html")
    desk = ("codebook.html", "codebook_file.html", "export.html")
    pages = [path.read_text() for path in templates if path.name not in desk]
    control = re.compile(r'<(?:input|button|select|textarea)\b[^>]*?\bname="([^"{]+)"')
    named = {name for page in pages for name in control.findall(page)}
    assert {"to", "code", "nonce"} <= named
    sent = named | {CONSENT_FIELD, *OWN_FIELDS}
    # What no code can be needs no reserving.
    assert {name for name in sent if not CODE.fullmatch(name)} == {"-carried"}
    assert sent - {"-carried"} <= FORM_FIELDS
