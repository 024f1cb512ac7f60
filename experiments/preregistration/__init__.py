"""PURE: a Design as the text that a registry asks for, in Markdown.

Its sections are those that OSF's preregistration and AsPredicted ask about. The frame is English;
what is the study's own is told in one of the study's languages.
"""

from collections.abc import Callable

from experiments.commitment import Commitment
from experiments.design import Design
from experiments.preregistration.assignment import randomisation
from experiments.preregistration.claims import smallest_effect
from experiments.preregistration.looking import sample_size, stopping
from experiments.preregistration.measures import measures
from experiments.preregistration.planned import covariates, exclusions, missing_data, tests
from experiments.preregistration.sampling import sampling
from experiments.preregistration.treatment import course, treatment
from experiments.preregistration.verifying import verifying
from experiments.preregistration.words import day_and_time, plain

# A section's paragraphs and lists, each to be set apart by an empty line; none for no section.
_Section = Callable[[Design, str], list[str]]
_SECTIONS: tuple[tuple[str, _Section], ...] = (
    ("Research question", lambda design, language: [plain(design.question, language)]),
    ("Design and factors", treatment),
    ("Course of the survey", course),
    ("Randomisation", randomisation),
    ("Measures", measures),
    ("Participants", sampling),
    ("Sample size and looks", sample_size),
    ("Contrasts and their tests", tests),
    ("Covariates and associations", covariates),
    ("Smallest effect of interest", smallest_effect),
    ("When the study ends", stopping),
    ("Exclusions", exclusions),
    ("Missing data", missing_data),
)


def preregistration(
    design: Design, commitment: Commitment | None = None, *, language: str = ""
) -> str:
    """The text, ending with a line break.

    Without a `commitment` it is a draft. `language` is one of the study's, its first if none is
    given. The design has no problem that would keep it from being launched.
    """
    language = language or design.languages[0]
    parts = [f"# Preregistration: {plain(design.title, language)}", _head(design, commitment)]
    for title, section in _SECTIONS:
        if paragraphs := [each for each in section(design, language) if each]:
            parts += [f"## {title}", *paragraphs]
    parts += ["## What anybody can verify afterwards", *verifying(design, commitment)]
    return "\n\n".join(parts) + "\n"


def _head(design: Design, commitment: Commitment | None) -> str:
    if commitment is None:
        return (
            f"Draft of the study `{design.study}`, which is not launched as it stands here. At the "
            "launch the design is frozen, and this text then states its digest and the seed's."
        )
    return (
        f"Study `{design.study}`, version {commitment.version} of its design, frozen at its launch "
        f"on {day_and_time(commitment.launched_at)}. Everything below is read from that design."
    )
