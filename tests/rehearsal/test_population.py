"""The people of a rehearsal are as the truth says, and the same whoever asks."""

from itertools import product

import numpy as np
import numpy.typing as npt

from analysis.statistics.estimate import Floats
from rehearsal.population import Population
from rehearsal.truth import Leaving, Style, Trait, Truth
from tests.decks import deck_design
from tests.rehearsal.every_design import EVERY
from tests.rehearsal.walking import walked
from tests.simulation.simulated import shipped_design

N = 20_000
NOWHERE = {"reward": "none", "legitimacy": "low"}
TRUTH = Truth(
    traits={"psm": Trait(3.6, 0.55, 0.88, subscales=0.6), "wtc": Trait(4.0, 1.3, 0.9)},
    correlations={"psm*wtc": 0.4},
    effects={"wtc": {"reward.monetary": 0.5, "reward.monetary*legitimacy.high": -0.3}},
    slopes={"wtc": {"education.1": -0.4, "education.5": 0.4}},
    shares={"education": {"1": 0.2, "5": 0.2}},
    leaving=Leaving(each=0.02, pages={"scenario": 0.1}, levels={"reward.none": 2.0}),
)


def _items(population: Population, scale: str, levels: dict[str, str]) -> Floats:
    columns = [
        population.answers(item.code, levels) for item in population.design.scale_items(scale)
    ]
    return np.column_stack(
        [np.array([*map(float, column.codes)])[column.places] for column in columns]
    )


def _alpha(items: Floats) -> float:
    k = items.shape[1]
    whole = items.sum(axis=1).var(ddof=1)
    return float(k / (k - 1) * (1 - items.var(axis=0, ddof=1).sum() / whole))


def _told(items: Floats) -> list[float]:
    """Mean, standard deviation and alpha of a score."""
    score = items.mean(axis=1)
    return [float(score.mean()), float(score.std(ddof=1)), _alpha(items)]


def test_scales_have_the_mean_deviation_and_alpha_that_are_asked_for() -> None:
    """Within four standard errors of 20,000 people: 0.7 % of an SD for the mean, and so on."""
    population = Population(shipped_design(), TRUTH, N, 1)
    psm = _items(population, "psm", {})
    wtc = _items(population, "wtc", NOWHERE)
    np.testing.assert_allclose(_told(psm), [3.6, 0.55, 0.88], atol=0.016)
    np.testing.assert_allclose(_told(wtc), [4.0, 1.3, 0.9], atol=0.037)
    # The scores go together as far as what is behind both and their errors let them: an
    # attenuation of at most the square roots of the alphas.
    together = np.corrcoef(psm.mean(axis=1), wtc.mean(axis=1))[0, 1]
    assert 0.4 * np.sqrt(0.88 * 0.9) - 0.03 < together < 0.4 * np.sqrt(0.9)
    # Two items of one dimension share more than two of different ones.
    of = [item.subscale for item in population.design.scale_items("psm")]
    shared = np.asarray(np.corrcoef(psm, rowvar=False))
    pairs = [(a, b) for a, b in product(range(16), repeat=2) if a < b]
    same = np.mean([shared[a, b] for a, b in pairs if of[a] == of[b]])
    other = np.mean([shared[a, b] for a, b in pairs if of[a] != of[b]])
    assert 0.5 < other / same < 0.7


def test_levels_and_slopes_add_their_points() -> None:
    population = Population(shipped_design(), TRUTH, N, 2)
    means = {
        (reward, say): _items(population, "wtc", {"reward": reward, "legitimacy": say}).mean()
        for reward, say in product(("none", "monetary"), ("low", "high"))
    }
    nothing = means["none", "low"]
    added = [float(mean - nothing) for mean in means.values()]
    # The same people in every arm: what is left of chance is that of answers being whole.
    np.testing.assert_allclose(added, [0, 0, 0.5, 0.2], atol=0.02)
    score = _items(population, "wtc", NOWHERE).mean(axis=1)
    education = population.answers("education", {})
    told = {code: score[education.places == at].mean() for at, code in enumerate(education.codes)}
    # Four standard errors of the difference of two fifths of all.
    assert abs(told["5"] - told["1"] - 0.8) < 4 * 1.3 * np.sqrt(2 / (N / 5))


def test_answers_hang_on_nothing_but_seed_person_item_and_levels() -> None:
    design, truth = shipped_design(), TRUTH
    one, other = Population(design, truth, 50, (3, 4)), Population(design, truth, 50, (3, 4))
    codes = [item.code for item in design.items()]
    levels = {"reward": "monetary", "legitimacy": "high"}
    first = {code: one.answers(code, levels).tolist() for code in codes}
    assert {code: other.answers(code, levels).tolist() for code in reversed(codes)} == first
    # Fewer people are the first of more; what a factor does not move stays the same.
    fewer = Population(design, truth, 20, (3, 4))
    assert {code: fewer.answers(code, levels).tolist() for code in codes} == {
        code: given[:20] for code, given in first.items()
    }
    assert one.answers("gender", {}).tolist() == first["gender"]
    again = Population(design, truth, 50, (3, 5)).answers("wtc1", levels).tolist()
    assert again != first["wtc1"]


def test_said_is_what_the_columns_say_and_what_the_site_takes() -> None:
    for design in (shipped_design(), deck_design()):
        population = Population(design, Truth(styles={Style.CARELESS: 0.5}), 12, 5)
        for person in range(12):
            facts, faults = walked(population, person)
            assert faults == []
            assert facts.answers == {
                code: population.answer(person, code, facts.levels) for code in facts.answers
            }


def test_draws_of_a_deck_are_answered_partly_anew() -> None:
    truth = Truth(
        traits={"will": Trait(4.0, 1.2, 0.7)},
        effects={"will": {"reward.money": 0.5}},
        between_vignettes=0.5,
    )
    population = Population(deck_design(), truth, N, 6)
    first, second = (_draw(population, draw) for draw in (1, 2))
    assert population.answers("will1_2", {}).tolist(9) == (
        population.answers("will1", {}, draw=2).tolist(9)
    )
    np.testing.assert_allclose([first.std(), second.std()], 1.2, atol=0.03)
    # Levels are those of the draw, named as participants meet them or as they are written.
    met = {"reward_1": "none", "reward_2": "money"}
    moved = [population.answers(f"will1_{draw}", met).tolist() for draw in (1, 2)]
    assert moved == [
        population.answers("will1", {"reward": level}, draw).tolist()
        for draw, level in ((1, "none"), (2, "money"))
    ]
    shift = np.array(moved[1], dtype=float).mean() - _first_item(population, 2).mean()
    assert abs(shift - 0.5) < 0.02
    assert 0.3 < np.corrcoef(first, second)[0, 1] < 0.5


def _first_item(population: Population, draw: int) -> Floats:
    return np.array(population.answers("will1", {}, draw).tolist(), dtype=np.float64)


def _draw(population: Population, draw: int) -> Floats:
    items: list[npt.NDArray[np.float64]] = []
    for item in population.design.scale_items("will"):
        column = population.answers(item.code, {}, draw=draw)
        given = np.array([*map(float, column.codes)])[column.places]
        items.append(8 - given if item.reverse else given)
    return np.asarray(np.column_stack(items).mean(axis=1))


def test_styles_answer_in_their_ways() -> None:
    truth = Truth(traits=TRUTH.traits, styles=dict.fromkeys(Style, 1 / len(Style)))
    population = Population(shipped_design(), truth, N, 7)
    styles = np.array(population.styles)
    psm = _items(population, "psm", {})
    passed = _is(population, "attention", "2", {})
    recalled = _is(population, "check_reward", "none", NOWHERE)
    told = {
        str(style): [
            float(each[styles == style].mean()) for each in (passed, recalled, psm.mean(axis=1))
        ]
        for style in Style
    }
    # Who passes the attention check, who recalls the reward, and the score.
    wanted = {
        "careful": [0.95, 0.85, 3.6],
        "reader": [1.0, 1.0, 3.6],
        "acquiescent": [0.95, 0.85, 4.4],
        "straightliner": [0.2, 0.25, 3.0],
        "speeder": [0.2, 0.25, 3.6],
        "careless": [0.2, 0.25, 3.0],
    }
    np.testing.assert_allclose([*told.values()], [*wanted.values()], atol=0.12)
    # One place for the scale, the check among its items included.
    codes = ["psm_aps1", "psm_ss3", "attention", "psm_cpv3", "psm_com4"]
    given = np.column_stack([population.answers(code, {}).tolist() for code in codes])
    lines = given[styles == Style.STRAIGHTLINER]
    assert (lines == lines[:, :1]).all()


def _is(
    population: Population, item: str, code: str, levels: dict[str, str]
) -> npt.NDArray[np.bool_]:
    column = population.answers(item, levels)
    return np.asarray(column.places == column.codes.index(code))


def test_items_load_as_they_are_told_and_keep_the_alpha() -> None:
    weak = {"psm_ss1": 0.4, "psm_ss2": 0.4}
    traits = {"psm": Trait(3.6, 0.55, 0.88, 0.6, loadings=weak)}
    population = Population(shipped_design(), Truth(traits=traits), N, 9)
    psm = _items(population, "psm", {})
    np.testing.assert_allclose(_told(psm), [3.6, 0.55, 0.88], atol=0.016)
    codes = [item.code for item in population.design.scale_items("psm")]
    rests = (psm.sum(axis=1, keepdims=True) - psm).T
    loads = [float(np.corrcoef(a, rest)[0, 1]) for a, rest in zip(psm.T, rests, strict=True)]
    told = dict(zip(codes, loads, strict=True))
    assert max(told[code] for code in weak) < 0.6 * min(told[c] for c in codes if c not in weak)


def test_a_comprehension_check_may_be_understood_at_the_next_try() -> None:
    design = next(each for each in EVERY if each.study == "kitchen_sink")
    population = Population(design, Truth(attention=0.6), N, 10)
    tries = [
        np.array(population.answers("instructions_check", {}, attempt=attempt).tolist()) == "own"
        for attempt in (0, 1)
    ]
    shares = [float(tries[0].mean()), float(tries[1][~tries[0]].mean())]
    np.testing.assert_allclose(shares, [0.6, 0.6], atol=0.025)


def test_people_leave_by_page_and_by_arm() -> None:
    population = Population(shipped_design(), TRUTH, N, 8)
    shares = [
        float(population.leaves(page, levels).mean())
        for page, levels in (
            ("about_you", {}),
            ("scenario", {"reward": "monetary"}),
            ("willingness", {"reward": "none"}),
            ("debriefing", {}),
        )
    ]
    # Four standard errors of a share of 0.1.
    np.testing.assert_allclose(shares, [0.02, 0.1, 0.04, 0.0], atol=0.0085)
