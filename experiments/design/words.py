"""PURE: the words of a Design: what a page, an item, an order, an ending can be."""

from collections.abc import Mapping
from enum import StrEnum

Text = Mapping[str, str]  # language tag to text, as in {"en": "Park", "ko": "공원"}


class PageKind(StrEnum):
    """What a page is for; the flow gives each kind its own rule."""

    SCREENING = "screening"  # before consent: who may take part
    CONSENT = "consent"  # information, then agree or decline
    QUESTIONS = "questions"  # text and items
    VIGNETTE = "vignette"  # text whose slots the participant's levels fill, items if any
    END = "end"  # last page: thanks and completion code


class ItemKind(StrEnum):
    """How an item is answered."""

    LIKERT = "likert"  # one of the scale's options
    SEMANTIC_DIFFERENTIAL = (
        "semantic_differential"  # the scale's options between `left` and `right`
    )
    SINGLE = "single"  # one of the item's own options, as radio buttons
    DROPDOWN = "dropdown"  # one of the item's own options, as a select
    MULTIPLE = "multiple"  # any of the item's own options
    NUMBER = "number"  # a number from `minimum` to `maximum` with `decimals`
    SLIDER = "slider"  # a number from `minimum` to `maximum` in steps of `step`
    SHORT_TEXT = "short_text"  # one line of free text up to max_length characters
    TEXT = "text"  # several lines of it
    RANKING = "ranking"  # the item's own options, put in order
    DATE = "date"  # a day from `earliest` to `latest`
    ALLOCATION = "allocation"  # `total` points given out over the item's own options
    STATEMENT = "statement"  # text only, nothing is asked


class Measure(StrEnum):
    """The level of measurement of an item, which decides how an analysis codes it."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"  # a number with a unit: the answer itself
    TEXT = "text"  # not counted


class Role(StrEnum):
    """What an item is in the design, beyond being asked."""

    NONE = ""
    ATTENTION_CHECK = "attention_check"  # instructed item: `expected` is the right option
    MOCK_VIGNETTE_CHECK = "mock_vignette_check"  # asks after a practice text: `expected`
    COMPREHENSION_CHECK = "comprehension_check"  # `expected` must be found in `tries` tries
    MANIPULATION_CHECK = "manipulation_check"  # `checks_factor` is the factor it checks


class Missing(StrEnum):
    """Why an option that was chosen counts as no answer."""

    NONE = ""
    PREFER_NOT_TO_SAY = "prefer_not_to_say"
    DONT_KNOW = "dont_know"


class Order(StrEnum):
    """The order in which a participant sees things; but for `fixed`, by the participant's seed."""

    FIXED = "fixed"
    RANDOM = "random"
    FLIPPED = "flipped"  # as written or the other way round, each for half of the participants


class Method(StrEnum):
    """How a randomisation draws arms."""

    PERMUTED_BLOCKS = "permuted_blocks"
    SIMPLE = "simple"  # each position by itself
    COMPLETE = "complete"  # the weights are totals; a round of them in random order
    MINIMISATION = "minimisation"  # a biased coin towards balance in covariates
    TOWARD_COMPLETES = "toward_completes"  # a biased coin towards arms short of completes
    DECK = "deck"  # several vignettes for each participant, without repeat


class DrawOrder(StrEnum):
    """The order in which a participant sees the vignettes that a deck dealt them."""

    RANDOM = "random"  # as they were dealt
    LATIN = "latin"  # by the rows of Latin squares: each place equally often
    WILLIAMS = "williams"  # by those of Williams squares: each neighbour equally often too


class Distance(StrEnum):
    """How minimisation measures how unevenly a level of a covariate is spread over the arms."""

    RANGE = "range"
    VARIANCE = "variance"
    MARGINAL_BALANCE = "marginal_balance"


class Spending(StrEnum):
    """How alpha is spent over the looks."""

    OBRIEN_FLEMING = "obrien_fleming"  # Lan–DeMets, O'Brien–Fleming type
    POCOCK = "pocock"  # Lan–DeMets, Pocock type
    HWANG_SHIH_DECANI = "hwang_shih_decani"  # by `spending_parameter`, gamma
    POWER = "power"  # Kim–DeMets; by `spending_parameter`, rho


class Monitoring(StrEnum):
    """What keeps the error when data are looked at more than once."""

    GROUP_SEQUENTIAL = "group_sequential"  # bounds at looks, by the spending of alpha
    ANYTIME = "anytime"  # confidence sequences, valid whenever somebody looks


class Estimator(StrEnum):
    """How the announced test estimates a contrast."""

    DIFFERENCE = "difference"  # of the arms' means as they are
    LIN = "lin"  # adjusted for the covariates, every arm with its own slopes (Lin 2013)


class StandardErrors(StrEnum):
    """The robust standard errors of independent rows; clusters have CR2."""

    HC2 = "hc2"
    HC3 = "hc3"


class Family(StrEnum):
    """What a contrast is in the plan, which decides how it is corrected for there being several."""

    PRIMARY = "primary"  # tested with all of alpha
    SECONDARY = "secondary"  # tested once every primary one is rejected
    EXPLORATORY = "exploratory"  # never confirmed; false discovery rate by Benjamini–Hochberg


class Multiplicity(StrEnum):
    """How hypotheses of one family share their error."""

    NONE = "none"  # each is tested as if it were the only one
    HOLM = "holm"  # together; who is rejected hands its share on


class Equivalence(StrEnum):
    """How an effect is shown to be smaller than the smallest effect of interest."""

    NONE = ""
    REPEATED_INTERVAL = "repeated_interval"  # a repeated interval inside the bounds, at any look
    TWO_ONE_SIDED = "two_one_sided"  # that before the last look, two one-sided tests at it


class Stopping(StrEnum):
    """What a look's decision does."""

    RECOMMEND = "recommend"  # it is told
    PAUSE = "pause"  # one to stop pauses the study, too


class Direction(StrEnum):
    """Where an effect would do harm."""

    LOWER = "lower"  # the contrast below zero
    HIGHER = "higher"


class Exclusion(StrEnum):
    """A rule that takes a participant out of the analysis.

    It counts checks that are asked before the treatment; a later one only if the plan names it in
    `post_treatment_exclusions`.
    """

    FAILED_ATTENTION = "failed_attention"
    FAILED_MOCK_VIGNETTE = "failed_mock_vignette"
    FAILED_COMPREHENSION = "failed_comprehension"


class Access(StrEnum):
    """Who may enter by the study's link."""

    OPEN = "open"  # everybody
    PANEL = "panel"  # whose link has the parameter that identifies them
    INVITATION = "invitation"  # who has a personal link that was not used yet


class Outcome(StrEnum):
    """How somebody leaves a study, or why they can't enter it; each has an ending."""

    COMPLETED = "completed"
    REFUSED = "refused"
    SCREENED_OUT = "screened_out"
    QUOTA_FULL = "quota_full"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"  # nobody enters any more
    PAUSED = "paused"  # nobody enters at the moment
    FULL = "full"  # as many as the study wanted have entered


class Withdrawal(StrEnum):
    """What becomes of the answers of somebody who withdraws."""

    ERASE = "erase"  # all are erased
    ASK = "ask"  # the participant says whether those given so far may be kept
