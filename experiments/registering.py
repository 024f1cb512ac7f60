"""A study's preregistration: of the version in force, or of its rows as a draft."""

from dataclasses import dataclass

from experiments.commitment import Commitment
from experiments.compiler import compile_study
from experiments.design import Design
from experiments.models import Study
from experiments.preregistration import preregistration
from experiments.refusals import Refused


@dataclass(frozen=True)
class Registered:
    """The text, and what to call a file with it."""

    text: str
    file_name: str


def register(study: Study, *, draft: bool = False, language: str = "") -> Registered:
    """The preregistration of the live version, with what its launch committed to, or of the rows.

    Raises Refused without a live version, or for a language that the study has not; NotLaunchable
    with every problem if the rows of a draft have any.
    """
    if draft:
        return _registered(study, compile_study(study), None, language)
    version = study.live_version
    if version is None:
        raise Refused(f"{study.slug} was not launched yet: ask for a draft, or launch it.")
    commitment = Commitment(
        version=version.number,
        digest=version.digest,
        launched_at=version.launched_at,
        seed_sha256=study.seed_sha256,
    )
    return _registered(study, version.written, commitment, language)


def _registered(
    study: Study, design: Design, commitment: Commitment | None, language: str
) -> Registered:
    if language and language not in design.languages:
        known = ", ".join(design.languages)
        raise Refused(f"{study.slug} has no texts in {language}; it has {known}.")
    text = preregistration(design, commitment, language=language)
    which = f"v{commitment.version}" if commitment else "draft"
    return Registered(text, f"{study.slug}_preregistration_{which}.md")
