"""PURE: the forms of two registries, each filled in from a Design; `answers` has the answers."""

from collections.abc import Callable
from dataclasses import dataclass

from experiments.commitment import Commitment
from experiments.design import Design
from experiments.preregistration import answers
from experiments.preregistration.plain_text import plain_text

_Told = Callable[[answers.Asked], list[str]]


@dataclass(frozen=True)
class Form:
    """A registry's form: its fields in order, each with its heading and what answers it."""

    code: str
    name: str
    address: str
    fields: tuple[tuple[str, str, _Told], ...]


@dataclass(frozen=True)
class Answer:
    """One field that is filled in, in Markdown and as plain text."""

    heading: str
    field: str
    markdown: str

    @property
    def text(self) -> str:
        """What to paste where no Markdown is read."""
        return plain_text(self.markdown)

    @property
    def unfinished(self) -> bool:
        """Whether something in it is left to the researcher."""
        return answers.LEFT in self.markdown


_STUDY, _DESIGN, _SAMPLING = "Study information", "Design plan", "Sampling plan"
_VARIABLES, _ANALYSIS = "Variables", "Analysis plan"
OSF = Form(
    "osf",
    "OSF Preregistration",
    "https://osf.io/prereg/",
    (
        (_STUDY, "Title", answers.title),
        (_STUDY, "Authors", answers.authors),
        (_STUDY, "Description", answers.description),
        (_STUDY, "Hypotheses", answers.hypotheses),
        (_DESIGN, "Study type", answers.study_type),
        (_DESIGN, "Blinding", answers.blinding),
        (_DESIGN, "Study design", answers.study_design),
        (_DESIGN, "Randomization", answers.randomised),
        (_SAMPLING, "Existing data", answers.existing_data),
        (_SAMPLING, "Data collection procedures", answers.collection),
        (_SAMPLING, "Sample size", answers.size),
        (_SAMPLING, "Sample size rationale", answers.rationale),
        (_SAMPLING, "Stopping rule", answers.stopping_rule),
        (_VARIABLES, "Manipulated variables", answers.manipulated),
        (_VARIABLES, "Measured variables", answers.measured),
        (_VARIABLES, "Indices", answers.indices),
        (_ANALYSIS, "Statistical models", answers.models),
        (_ANALYSIS, "Transformations", answers.transformations),
        (_ANALYSIS, "Inference criteria", answers.inference),
        (_ANALYSIS, "Data exclusion", answers.excluded),
        (_ANALYSIS, "Missing data", answers.missing),
        (_ANALYSIS, "Exploratory analysis", answers.exploratory),
        ("Other", "Other", answers.verified),
    ),
)
AS_PREDICTED = Form(
    "aspredicted",
    "AsPredicted",
    "https://aspredicted.org/",
    (
        ("", "1. Data collection", answers.existing_data),
        ("", "2. Hypothesis", answers.hypotheses),
        ("", "3. Dependent variable", answers.outcome),
        ("", "4. Conditions", answers.conditions),
        ("", "5. Analyses", answers.models),
        ("", "6. Outliers and exclusions", answers.outliers),
        ("", "7. Sample size", answers.size_and_end),
        ("", "8. Other", answers.other),
        ("", "9. Name", answers.title),
    ),
)
FORMS = {form.code: form for form in (OSF, AS_PREDICTED)}


def filled(
    form: Form, design: Design, commitment: Commitment | None = None, *, language: str = ""
) -> tuple[Answer, ...]:
    """Every field with its answer. Arguments as in `preregistration`."""
    asked = answers.Asked(design, commitment, language or design.languages[0])
    return tuple(
        Answer(heading, field, "\n\n".join(part for part in tell(asked) if part))
        for heading, field, tell in form.fields
    )


def as_markdown(form: Form, filled_in: tuple[Answer, ...], head: str) -> str:
    """The form as one text in Markdown; `head` says what it is of."""
    parts = [f"# {form.name}", head]
    heading = ""
    for answer in filled_in:
        if answer.heading != heading:
            heading = answer.heading
            parts.append(f"## {heading}")
        marks = "###" if heading else "##"
        parts += [f"{marks} {answer.field}", _deeper(answer.markdown, len(marks) - 2)]
    return "\n\n".join(parts) + "\n"


def _deeper(markdown: str, levels: int) -> str:
    """The text with its headings so many levels further down."""
    lines = markdown.split("\n")
    return "\n".join("#" * levels + line if line.startswith("### ") else line for line in lines)
