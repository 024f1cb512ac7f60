"""The names of lists and strata, and the seeds of lists."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.randomisation import list_seed, profile_of, stratum_name, stratum_said


@given(st.sampled_from(["version", "randomisation", "mode", "stratum"]))
def test_another_name_is_another_list(name: str) -> None:
    usual = {"version": 1, "randomisation": "main", "mode": "live", "stratum": "a=1"}
    other = {"version": 2, "randomisation": "other", "mode": "pilot", "stratum": "a=2"}
    assert _seed(usual) != _seed({**usual, name: other[name]})


def _seed(name: dict[str, Any]) -> bytes:
    return list_seed(bytes(32), **name)


def test_stratum_is_named_by_its_answers() -> None:
    answers = {"gender": "woman", "age": "2", "region": None}
    assert stratum_name(("gender", "age"), answers) == "gender=woman&age=2"
    assert stratum_name(("region", "other"), answers) == "region=&other="
    assert stratum_name((), answers) == ""


# What a link can bring, above all what a name is made of itself, and codes of options.
VALUES = st.one_of(
    st.text(alphabet="a&=%|;+ 2부/", max_size=5),
    st.text(max_size=64).filter(str.isprintable),
    st.from_regex(r"[a-z][a-z0-9_]*|-?[0-9]+", fullmatch=True),
)
CODES = ("panel", "gender", "wave")


@given(st.tuples(VALUES, VALUES, VALUES), st.tuples(VALUES, VALUES, VALUES))
def test_other_values_are_another_stratum(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    names = [stratum_name(CODES, dict(zip(CODES, each, strict=True))) for each in (one, other)]
    assert (names[0] == names[1]) is (one == other)


@given(st.tuples(VALUES, VALUES, VALUES))
def test_profile_is_read_back_from_the_name(values: tuple[str, str, str]) -> None:
    profile = dict(zip(CODES, values, strict=True))
    assert profile_of(stratum_name(CODES, profile)) == profile


@given(st.from_regex(r"[a-z][a-z0-9_]{0,31}|-?[0-9]{1,6}", fullmatch=True))
def test_code_of_an_option_stands_in_the_name_as_it_is(code: str) -> None:
    assert stratum_name(("gender",), {"gender": code}) == f"gender={code}"


@pytest.mark.parametrize("text", ["", "rubbish", "a=1&b", "a=%FF"])
def test_text_that_names_no_stratum_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of them is caught where it is read
        profile_of(text)


def test_stratum_is_said_in_one_readable_line() -> None:
    name = stratum_name(("panel", "gender"), {"panel": "b & 부산", "gender": "woman"})
    assert name == "panel=b%20%26%20%EB%B6%80%EC%82%B0&gender=woman"
    assert stratum_said(name) == "panel=b & 부산&gender=woman"
    assert stratum_said("") == ""
    assert stratum_said("panel=a%0Ab") == "panel=a%0Ab"
