"""What a data set holds, as `variables` says it."""

import re
from dataclasses import replace

from experiments.design import Arm, Factor, Level, Page, PageKind, Randomisation
from experiments.flags import RULES
from experiments.variables import (
    COLUMNS,
    FIXED,
    FLAGS,
    Role,
    Type,
    Variable,
    count_variables,
    variables,
)
from tests.designs import both, likert, small

ITEMS = "gender/education/motive1/motive2/attention/will1/will2/noticed/comment"


def named(name: str) -> Variable:
    return next(variable for variable in variables(small()) if variable.name == name)


def test_variables_come_in_the_order_fixed_assigned_items() -> None:
    assert [
        (variable.name, variable.type.value, variable.role.value, "/".join(variable.source))
        for variable in variables(small())
    ] == [
        ("participant", "code", "identifier", "reference"),
        ("mode", "code", "design", "mode"),
        ("design_version", "integer", "design", "version/number"),
        ("language", "code", "design", "language"),
        ("state", "code", "design", "state"),
        ("last_page", "code", "design", "page"),
        ("entered_at", "time", "time", "entered_at"),
        ("consented_at", "time", "time", "consented_at"),
        ("exposed_at", "time", "time", "exposed_at"),
        ("completed_at", "time", "time", "completed_at"),
        ("ended_at", "time", "time", "ended_at"),
        ("last_seen_at", "time", "time", "last_seen_at"),
        ("first_look", "integer", "design", "first_look"),
        ("not_shown", "list", "design", "not_shown"),
        ("not_reached", "list", "design", f"not_reached/{ITEMS}"),
        ("skipped", "list", "design", f"skipped/{ITEMS}"),
        ("untouched", "list", "design", "untouched"),
        ("excluded_by_hand", "integer", "quality", "mark/excludes"),
        ("excluded_reason", "code", "quality", "mark/reason"),
        ("corrections_asked", "list", "quality", "corrections"),
        *((f"flag_{rule.name}", "integer", "quality", f"flags/{rule.name}") for rule in RULES),
        ("reward", "code", "treatment", "assignments/main/levels/reward"),
        ("voice", "code", "treatment", "assignments/main/levels/voice"),
        ("arm", "code", "treatment", "assignments/main/arm"),
        ("probability", "number", "treatment", "assignments/main/probability"),
        ("stratum", "text", "design", "assignments/main/stratum"),
        ("position", "integer", "treatment", "assignments/main/position"),
        ("gender", "code", "pre_treatment", "answers/gender"),
        ("education", "integer", "pre_treatment", "answers/education"),
        ("motive1", "integer", "pre_treatment", "answers/motive1"),
        ("motive2", "integer", "pre_treatment", "answers/motive2"),
        ("attention", "integer", "attention_check", "answers/attention"),
        ("will1", "integer", "outcome", "answers/will1"),
        ("will2", "integer", "outcome", "answers/will2"),
        ("noticed", "code", "manipulation_check", "answers/noticed"),
        ("comment", "text", "post_treatment", "answers/comment"),
        ("motive", "number", "pre_treatment", "score/motive"),
        ("care", "number", "pre_treatment", "score/care"),
        ("will", "number", "outcome", "score/will"),
    ]


def test_values_are_the_codes_that_can_occur() -> None:
    codes = {
        variable.name: tuple(value.code for value in variable.values)
        for variable in variables(small())
    }
    assert {name: values for name, values in codes.items() if values} == {
        "mode": ("live", "pilot", "rehearsal"),
        "language": ("en", "ko"),
        "state": (
            *("answering", "refused", "screened_out", "quota_full", "withdrawn", "completed"),
        ),
        "last_page": ("welcome", "about", "story", "opinion", "thanks"),
        "excluded_reason": (
            *("test", "duplicate", "ineligible", "automated", "careless", "fault", "other"),
        ),
        "reward": ("none", "money"),
        "voice": ("low", "high"),
        "arm": ("none.low", "none.high", "money.low", "money.high"),
        "gender": ("woman", "man", "no_answer"),
        "education": ("1", "2", "-9"),
        "motive1": ("1", "2", "3", "4", "5"),
        "motive2": ("1", "2", "3", "4", "5"),
        "attention": ("1", "2"),
        "will1": ("1", "2", "3", "4", "5", "6", "7"),
        "will2": ("1", "2", "3", "4", "5", "6", "7"),
        "noticed": ("none", "money"),
    }


def test_labels_of_items_and_arms_are_the_designs_own() -> None:
    assert named("will1").label == both("Statement will1", "문장 will1")
    assert named("arm").values[1].label == both("None × High", "보상 none × 높음")


def test_what_reveals_the_arm_is_the_assignment_and_the_manipulation_checks() -> None:
    assert [variable.name for variable in variables(small()) if variable.reveals_arm] == [
        "corrections_asked",
        "reward",
        "voice",
        "arm",
        "probability",
        "position",
        "noticed",
    ]


def test_items_on_the_vignettes_page_are_post_treatment() -> None:
    design = small()
    pages = tuple(
        replace(page, items=(likert("felt", "motive"),)) if page.kind is PageKind.VIGNETTE else page
        for page in design.pages
    )
    roles = {variable.name: variable.role for variable in variables(replace(design, pages=pages))}
    assert (roles["motive1"], roles["felt"]) == (Role.PRE_TREATMENT, Role.POST_TREATMENT)


def test_an_outcome_may_be_a_single_item() -> None:
    design = small()
    single = replace(design, plan=replace(design.plan, outcome="will2"))
    roles = {variable.name: variable.role for variable in variables(single)}
    assert (roles["will1"], roles["will2"]) == (Role.POST_TREATMENT, Role.OUTCOME)


def test_a_second_randomisation_numbers_its_names() -> None:
    design = small()
    levels = tuple(Level(code, both(code, code), both(code, code)) for code in ("short", "long"))
    second = Randomisation("form", ("length",), (Arm(("short",)), Arm(("long",))))
    design = replace(
        design,
        factors=(*design.factors, Factor("length", both("Length", "길이"), levels)),
        randomisations=(*design.randomisations, second),
    )
    names = [variable.name for variable in variables(design)]
    start = len(FIXED) + len(FLAGS)
    assert names[start : start + 11] == [
        "reward",
        "voice",
        "arm",
        "probability",
        "stratum",
        "position",
        "length",
        "arm_2",
        "probability_2",
        "stratum_2",
        "position_2",
    ]


def test_names_are_unique_lower_case_ascii_of_at_most_32_characters() -> None:
    names = [variable.name for variable in variables(small())]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name)] == []


def test_every_name_that_is_no_factor_item_or_scale_is_reserved() -> None:
    design = small()
    own = {factor.code for factor in design.factors} | {item.code for item in design.items()}
    own |= {"motive", "care", "will"}
    names = {variable.name for variable in variables(design)}
    assert names - own <= COLUMNS
    assert own & COLUMNS == set()


def test_columns_hold_the_numbered_names_of_further_randomisations() -> None:
    assert {"arm_2", "stratum_99"} <= COLUMNS


def test_count_of_variables_is_not_below_that_of_those_listed() -> None:
    assert count_variables(small()) >= len(variables(small()))


def test_a_page_without_items_adds_nothing() -> None:
    design = small()
    more = Page("break", PageKind.QUESTIONS, both("A break", "휴식"), both("Breathe.", "쉬세요."))
    longer = replace(design, pages=(design.pages[0], more, *design.pages[1:]))
    assert [variable.name for variable in variables(longer)] == [
        variable.name for variable in variables(design)
    ]
    assert {variable.type for variable in variables(longer)} == set(Type) - {Type.DATE, Type.JSON}
