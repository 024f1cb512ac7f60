"""A study's preregistration: of a version that was launched, or of its rows as a draft."""

from dataclasses import dataclass

from experiments.commitment import Commitment
from experiments.compiler import compile_study
from experiments.design import Design, digest
from experiments.models import DesignVersion, Study
from experiments.preregistration import preregistration
from experiments.preregistration.forms import FORMS, Answer, as_markdown, filled
from experiments.preregistration.plain_text import plain_text
from experiments.preregistration.words import day_and_time
from experiments.refusals import Refused
from experiments.said import said

# The whole text, which is no registry's form.
WHOLE = "preregistration"
KINDS = {"md": "text/markdown", "txt": "text/plain"}


@dataclass(frozen=True)
class Registered:
    """The text, and what to call a file with it."""

    text: str
    file_name: str


@dataclass(frozen=True)
class Announced:
    """The design that is announced, by what it is committed to; a draft is to nothing yet."""

    study: str
    design: Design
    commitment: Commitment | None
    language: str

    @property
    def digest(self) -> str:
        """That of the frozen design, or of the rows as they stand."""
        return self.commitment.digest if self.commitment else digest(self.design)

    def answers(self, form: str) -> tuple[Answer, ...]:
        """The fields of a registry's form, filled in."""
        return filled(FORMS[form], self.design, self.commitment, language=self.language)

    def file(self, form: str, kind: str) -> Registered:
        """The whole text or a registry's form, in Markdown or as plain text."""
        text = self._markdown(form)
        which = f"v{self.commitment.version}" if self.commitment else "draft"
        name = f"{self.study}_{form}_{which}.{kind}"
        return Registered(plain_text(text) if kind == "txt" else text, name)

    def _markdown(self, form: str) -> str:
        if form == WHOLE:
            return preregistration(self.design, self.commitment, language=self.language)
        return as_markdown(FORMS[form], self.answers(form), self._head())

    def _head(self) -> str:
        if self.commitment is None:
            return (
                f"Draft of the study `{self.study}`, which is not launched as it stands here: its "
                f"design has the digest `{self.digest}` now."
            )
        return (
            f"Study `{self.study}`, version {self.commitment.version} of its design, digest "
            f"`{self.digest}`, frozen on {day_and_time(self.commitment.launched_at)}."
        )


def announced(
    study: Study, *, draft: bool = False, number: int | None = None, language: str = ""
) -> Announced:
    """What a version that was launched announces, the one in force if no number is given.

    Raises Refused if there is no such version, or for a language that the study has not;
    NotLaunchable with every problem if the rows of a draft have any.
    """
    if draft:
        return _announced(study, compile_study(study), None, language)
    version = study.live_version if number is None else launched(study, number)
    if version is None:
        raise Refused(
            said("{slug} was not launched yet: ask for a draft, or launch it.", slug=study.slug)
        )
    commitment = Commitment(
        version=version.number,
        digest=version.digest,
        launched_at=version.launched_at,
        seed_sha256=study.seed_sha256,
    )
    return _announced(study, version.written, commitment, language)


def launched(study: Study, number: int) -> DesignVersion:
    """The version of that number that was launched for everybody; Refused if there is none."""
    version = study.versions.filter(number=number, pilot=False).first()
    if version is None:
        raise Refused(
            said(
                "{slug} has no version {number} that was launched.", slug=study.slug, number=number
            )
        )
    return version


def register(study: Study, *, draft: bool = False, language: str = "") -> Registered:
    """The whole text in Markdown; refuses as `announced` does."""
    return announced(study, draft=draft, language=language).file(WHOLE, "md")


def _announced(
    study: Study, design: Design, commitment: Commitment | None, language: str
) -> Announced:
    if language and language not in design.languages:
        known = ", ".join(design.languages)
        raise Refused(
            said(
                "{slug} has no texts in {language}; it has {known}.",
                slug=study.slug,
                language=language,
                known=known,
            )
        )
    return Announced(study.slug, design, commitment, language or design.languages[0])
