"""PURE: what a design answers to the fields of registries' forms, a small function for each.

What a design can't know, such as who the authors are, is left to the researcher in brackets.
"""

from dataclasses import dataclass

from experiments.commitment import Commitment
from experiments.design import Design, Family
from experiments.preregistration.assignment import randomisation
from experiments.preregistration.claims import sharing, smallest_effect
from experiments.preregistration.looking import BLIND, looks_and_alpha, sample_size, stopping
from experiments.preregistration.measures import (
    measures,
    outcome_measure,
    reversed_items,
    scores,
)
from experiments.preregistration.planned import (
    associations,
    contrasts,
    covariates,
    exclusions,
    missing_data,
    tests,
)
from experiments.preregistration.sampling import sampling
from experiments.preregistration.treatment import course, treatment
from experiments.preregistration.verifying import verifying
from experiments.preregistration.words import codes, day_and_time, plain

# What stands before everything that is left to the researcher.
LEFT = "[To be filled in: "


@dataclass(frozen=True)
class Asked:
    """The design that a form is filled in from, and what its launch committed to, if there was one.

    `language` is that of the study's own texts.
    """

    design: Design
    commitment: Commitment | None
    language: str

    @property
    def of(self) -> tuple[Design, str]:
        """What the sections of the preregistration are told from."""
        return self.design, self.language


def title(asked: Asked) -> list[str]:
    """The study's title."""
    return [plain(asked.design.title, asked.language)]


def authors(asked: Asked) -> list[str]:
    """Nobody whom a design knows."""
    return [f"{LEFT}the authors, in the order in which they are credited]"]


def description(asked: Asked) -> list[str]:
    """The question and the kind of experiment."""
    return [_question(asked), treatment(*asked.of)[0]]


def hypotheses(asked: Asked) -> list[str]:
    """The question, and the contrasts that answer it."""
    confirmed = (Family.PRIMARY, Family.SECONDARY)
    return [
        _question(asked),
        *contrasts(*asked.of, confirmed),
        "All of these are tested two-sided. " + f"{LEFT}the direction that is expected of each]",
    ]


def study_type(asked: Asked) -> list[str]:
    """An experiment, always."""
    return ["Experiment: what participants read is assigned to them at random."]


def blinding(asked: Asked) -> list[str]:
    """Who does not know what."""
    return [
        "Participants are shown the texts that they were assigned to, and no name of an arm; "
        "nobody knows the next arm before it is drawn. "
        f"{LEFT}whether participants are told that texts differ]",
        BLIND,
    ]


def study_design(asked: Asked) -> list[str]:
    """The experiment and the course of the survey."""
    return [treatment(*asked.of)[0], *course(*asked.of)]


def randomised(asked: Asked) -> list[str]:
    """Every randomisation, and where chance comes from."""
    return randomisation(*asked.of)


def existing_data(asked: Asked) -> list[str]:
    """What was there before the design was frozen: nothing that is analysed."""
    apart = "Answers of pilots and rehearsals are kept apart and are no part of the analysis."
    if asked.commitment is None:
        return [f"No data have been collected: nobody can enter before the launch. {apart}"]
    frozen = day_and_time(asked.commitment.launched_at)
    return [
        f"The design was frozen at its launch on {frozen}, before anybody answered under it. "
        f"{apart} {LEFT}whether answers have come in since, if this is registered later]"
    ]


def collection(asked: Asked) -> list[str]:
    """Who may enter and how, and who sends them."""
    return [
        *sampling(*asked.of),
        f"{LEFT}where participants are recruited, and what they are paid]",
    ]


def size(asked: Asked) -> list[str]:
    """How many, and when it is looked at."""
    return sample_size(*asked.of)


def rationale(asked: Asked) -> list[str]:
    """The smallest effect; its power stands on a page of the desk."""
    return [
        "The smallest effect of interest: " + smallest_effect(*asked.of)[0],
        f"{LEFT}the power of each contrast at this size, which the study’s pages on power tell]",
    ]


def stopping_rule(asked: Asked) -> list[str]:
    """What ends the study."""
    only = f"The study ends with {asked.design.plan.sample_size} eligible completes."
    return stopping(*asked.of) or [only]


def manipulated(asked: Asked) -> list[str]:
    """The factors with the texts of their levels, and where they are shown."""
    return treatment(*asked.of)[1:]


def measured(asked: Asked) -> list[str]:
    """Everything that is asked."""
    return measures(*asked.of)


def indices(asked: Asked) -> list[str]:
    """How scores are made of items."""
    return [
        *scores(*asked.of),
        "Reverse items are turned first. A score is missing unless all of its items were answered.",
    ]


def models(asked: Asked) -> list[str]:
    """The contrasts with their tests, and what is adjusted for."""
    return [*tests(*asked.of), *covariates(*asked.of)]


def transformations(asked: Asked) -> list[str]:
    """What is turned before it is averaged."""
    if not (turned := reversed_items(asked.design)):
        return ["None."]
    return [f"Reverse items are turned before a scale is averaged: {codes(turned)}."]


def inference(asked: Asked) -> list[str]:
    """Alpha over looks and contrasts, and what is called small."""
    plan = asked.design.plan
    return [looks_and_alpha(plan), sharing(plan), *smallest_effect(*asked.of)[1:]]


def excluded(asked: Asked) -> list[str]:
    """Who is left out."""
    return exclusions(*asked.of)


def missing(asked: Asked) -> list[str]:
    """What becomes of answers that are not there."""
    return missing_data(*asked.of)


def exploratory(asked: Asked) -> list[str]:
    """What confirms nothing."""
    told = [*contrasts(*asked.of, (Family.EXPLORATORY,)), *associations(*asked.of)]
    return told or ["None is planned."]


def verified(asked: Asked) -> list[str]:
    """What anybody can hold the study to."""
    return verifying(asked.design, asked.commitment)


def outcome(asked: Asked) -> list[str]:
    """The primary outcome and how it is measured."""
    return outcome_measure(*asked.of)


def conditions(asked: Asked) -> list[str]:
    """What is varied, and the arms."""
    # Where chance comes from is told under Other.
    return [*treatment(*asked.of), *randomisation(*asked.of)[:-2]]


def outliers(asked: Asked) -> list[str]:
    """Who is left out, and that nobody is for an unusual answer."""
    return ["Nobody is left out for an unusual answer.", *excluded(asked), *missing(asked)]


def size_and_end(asked: Asked) -> list[str]:
    """How many, and what ends the study before."""
    return [*size(asked), *stopping(*asked.of)]


def other(asked: Asked) -> list[str]:
    """Exploratory analyses, and what anybody can verify."""
    return [*exploratory(asked), *verified(asked)]


def _question(asked: Asked) -> str:
    asks = plain(asked.design.question, asked.language)
    return asks or f"{LEFT}the question that the study asks]"
