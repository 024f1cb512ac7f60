"""The names of lists and strata, and the seeds of lists."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from experiments.randomisation import list_seed, stratum_name


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
