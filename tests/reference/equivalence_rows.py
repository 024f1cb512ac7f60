"""Rows of the comparison: equivalence and the difference of two shares."""

from collections.abc import Iterator

from analysis.statistics.counts import wilson
from analysis.statistics.equivalence import (
    Equivalence,
    correlation_equivalence,
    equivalence_power,
    welch_equivalence,
)
from analysis.statistics.proportions import ShareDifference, share_difference
from tests.reference.single_look import Row, allowed, carried, single_look_r

FIELDS = {
    "t_lower": "statistic_lower",
    "t_upper": "statistic_upper",
    "p_lower": "p_lower",
    "p_upper": "p_upper",
    "df": "df",
}


def rows() -> Iterator[Row]:
    """All comparisons of equivalence and shares."""
    yield from _welch()
    yield from _correlation()
    yield from _power()
    yield from _shares()


def _told(name: str, ours: Equivalence, program: str) -> Iterator[Row]:
    entry = carried(name)
    for key, value in entry["expected"].items():
        if key in FIELDS:
            yield (
                f"{name}: {key}",
                getattr(ours, FIELDS[key]),
                value,
                program,
                allowed(entry, value),
            )
        elif key == "ci90":
            low, high = value
            yield f"{name}: low", ours.low, low, program, allowed(entry, low)
            yield f"{name}: high", ours.high, high, program, allowed(entry, high)


def _welch() -> Iterator[Row]:
    x = carried("tost.two_sample_welch")["inputs"]
    # The entry's difference is the first mean less the second.
    ours = welch_equivalence(
        (x["m2"], x["m1"]),
        (x["sd2"], x["sd1"]),
        (x["n2"], x["n1"]),
        bounds=(-x["bound_raw"], x["bound_raw"]),
        alpha=x["alpha"],
    )
    assert isinstance(ours, Equivalence)
    yield from _told("tost.two_sample_welch", ours, "TOSTER")


def _correlation() -> Iterator[Row]:
    x = carried("tost.correlation")["inputs"]
    ours = correlation_equivalence(x["r"], x["n"], bounds=(-x["bound"], x["bound"]))
    assert isinstance(ours, Equivalence)
    yield from _told("tost.correlation", ours, "TOSTER")


def _power() -> Iterator[Row]:
    for name in ("tost.power.n3", "tost.power.n30"):
        entry = carried(name)
        x, expected = entry["inputs"], entry["expected"]["power"]
        n, bound = x["n"], x["bound"]
        se = x["sd"] * (2 / n) ** 0.5
        ours = equivalence_power(
            effect=x["delta"], se=se, df=2 * n - 2, bounds=(-bound, bound), alpha=x["alpha"]
        )
        yield name, ours, expected, "PASS, TOSTER", allowed(entry, expected)
    r = single_look_r()
    for x in r["tost"]:
        bounds = (-x["bound"], x["bound"])
        ours = equivalence_power(effect=x["effect"], se=x["se"], df=x["df"], bounds=bounds)
        what = f"equivalence: power at effect {x['effect']}, se {x['se']}, df {x['df']}"
        # Both integrate to 1e-10.
        yield what, ours, x["power"], f"{r['versions']['R']} integrate", 1e-9


def _shares() -> Iterator[Row]:
    entry = carried("prop.wilson.15_148")
    ours = wilson(entry["inputs"]["x"], entry["inputs"]["n"])
    program = "Newcombe 1998, R prop.test"
    for end, mine, value in zip(("low", "high"), ours, entry["expected"]["ci"], strict=True):
        yield f"{entry['id']}: {end}", mine, value, program, allowed(entry, value)
    entry = carried("prop.newcombe_diff")
    x, (low, high) = entry["inputs"], entry["expected"]["ci"]
    found = share_difference((x["x2"], x["x1"]), (x["n2"], x["n1"]))
    assert isinstance(found, ShareDifference)
    for field, value in (("difference", entry["expected"]["diff"]), ("low", low), ("high", high)):
        yield f"{entry['id']}: {field}", getattr(found, field), value, "Newcombe 1998", 1e-6
