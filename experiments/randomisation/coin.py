"""PURE: the biased coin: the probabilities of arms when some are preferred and weights differ.

Han, Enas & McEntegart 2009 (Statistics in Medicine 28(27), 3329–3346). Let arm k have weight r_k,
R be their sum, r_min the least weight, and p the probability of an arm of least weight when it is
preferred. The preferred arm h gets

    1 − (1 − p) (R − r_h) / (R − r_min),

and every other arm j gets r_j / (R − r_h) of what is left. With q = (1 − p) / (R − r_min) that is
q r_j for every other arm, whichever is preferred, and 1 − q (R − r_h) for the preferred one: the
same as following the weights with probability qR and else taking the preferred arm. So

- equal weights give p to the preferred arm and (1 − p) / (K − 1) to each of the others;
- p = 1 always takes the preferred arm;
- p = r_min / R, the least fair share, is no coin at all: q = 1/R and every arm has r_k / R. Below
  it the coin would turn against the preferred arm, so it is refused; from it upwards q <= 1/R, and
  a preferred arm never has less than its fair share;
- were each arm preferred as often as its weight says, each would be drawn as often as its weight
  says: (r_k / R) (1 − qR) + q r_k = r_k / R.

If arms tie, one of them is taken as preferred with probability in proportion to its weight, and
the mixture is exact: arm j of the tied set T has (1 − qR) r_j / r_T + q r_j. If all tie, every arm
has its fair share.

The probabilities hold given the history. How often an arm is preferred is up to the method, so the
long-run share of an arm need not be r_k / R at every position when weights differ (Kuznetsova &
Tymofyeyev 2012, Statistics in Medicine 31(8), 701–723); an analysis uses what was recorded.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction


def coin_probabilities(
    weights: Sequence[int], preferred: Collection[int], coin: Fraction
) -> tuple[Fraction, ...]:
    """Each arm's exact probability when the arms of the indices in `preferred` tie as the best.

    `coin` is p above. Arms of weight zero have none, and can't be preferred; an arm that is the
    only one with a weight is certain. Raises ValueError if the coin is not from the least fair
    share to one, or no arm of any weight is preferred.
    """
    whole, tied = sum(weights), sum(weights[arm] for arm in preferred)
    least = min((weight for weight in weights if weight), default=0)
    if not tied:
        raise ValueError("A coin needs a preferred arm whose weight is not zero.")
    fair = Fraction(least, whole)
    if not fair <= coin <= 1 and fair < 1:
        raise ValueError(f"The coin is a probability from {fair} to 1.")
    follow = (1 - coin) / (1 - fair) if fair < 1 else Fraction(0)
    return tuple(
        follow * Fraction(weight, whole)
        + ((1 - follow) * Fraction(weight, tied) if arm in preferred else 0)
        for arm, weight in enumerate(weights)
    )
