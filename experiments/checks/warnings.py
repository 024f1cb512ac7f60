"""PURE: what keeps no design from launch, and yet is worth a second thought before it."""

from collections.abc import Iterator

from experiments.checks.problem import Problem, listed, placed
from experiments.checks.texts import texts
from experiments.design import Access, Design, Item, Outcome, PageKind, Role, Text
from experiments.said import said
from experiments.vignette import count_words

# Sides of one factor that differ by so many words, and so many times, vary the length as well.
MORE_WORDS, TIMES_LONGER = 10, 1.5
# A text of fewer words may well be the same in two languages.
TRANSLATED_WORDS = 4


def warnings(design: Design) -> list[Problem]:
    """Everything that a careful colleague would ask about, each with its place and a remedy."""
    return [
        *_announced(design),
        *_checked(design),
        *_lengths(design),
        *_sources(design),
        *_told_afterwards(design),
        *_untranslated(design),
        *_ways_out(design),
    ]


def _announced(design: Design) -> Iterator[Problem]:
    """What a preregistration is asked for and does not find."""
    plan = design.plan
    if not any(design.question.values()):
        message = said("The study does not say what it asks.")
        yield Problem("question", message, said("Write the question: registries ask for it."))
    if plan.smallest_effect is None:
        message = said("The plan has no smallest effect of interest.")
        remedy = said(
            "Give one in points of the outcome: without it no size of sample can be justified."
        )
        yield Problem("plan.smallest_effect", message, remedy)
    elif plan.outcome_sd is None:
        message = said("The plan counts on no standard deviation of the outcome.")
        remedy = said("Give one, such as a published one, so that the sample size can be judged.")
        yield Problem("plan.outcome_sd", message, remedy)
    if plan.post_treatment_exclusions:
        message = said(
            "Checks after the treatment exclude: the arms that are left may not be alike."
        )
        remedy = said(
            "Ask them before the vignette, or exclude nobody by them (Montgomery, Nyhan & "
            "Torres 2018)."
        )
        yield Problem("plan.post_treatment_exclusions", message, remedy)


def _checked(design: Design) -> Iterator[Problem]:
    """Factors that nobody is asked about, and a survey that notices no inattention."""
    items = list(design.items())
    checked = {item.checks_factor for item in items}
    for at, factor in placed(design.factors, "factors"):
        if factor.code not in checked:
            message = said("No item asks whether {factor} was noticed.", factor=factor.code)
            yield Problem(at, message, said("Add a manipulation check after the outcome."))
    if not any(item.role is Role.ATTENTION_CHECK for item in items):
        message = said("No item checks attention.")
        yield Problem("pages", message, said("Add an attention check before the vignette."))


def _lengths(design: Design) -> Iterator[Problem]:
    """Levels of one factor whose texts are so different in length that length is varied too."""
    for at, factor in placed(design.factors, "factors"):
        for language in design.languages:
            counts = sorted(
                words for level in factor.levels if (words := _words(level.text, language))
            )
            if not counts:
                continue
            least, most = counts[0], counts[-1]
            if most - least >= MORE_WORDS and most >= TIMES_LONGER * least:
                message = said(
                    "In {language} its levels say from {least} to {most} words.",
                    language=language,
                    least=least,
                    most=most,
                )
                remedy = said(
                    "Make them alike in length, or {factor} varies length too.", factor=factor.code
                )
                yield Problem(f"{at}.levels", message, remedy)


def _words(text: Text, language: str) -> int:
    return count_words(text.get(language, ""))


def _sources(design: Design) -> Iterator[Problem]:
    for at, scale in placed(design.scales, "scales"):
        items = design.scale_items(scale.code)
        if not scale.source.strip() and not _all_sourced(items):
            message = said("Nothing says where {scale} comes from.", scale=scale.code)
            remedy = said("Give its reference and its licence, or say that it is your own.")
            yield Problem(f"{at}.source", message, remedy)


def _all_sourced(items: tuple[Item, ...]) -> bool:
    return bool(items) and all(item.source.strip() for item in items)


def _told_afterwards(design: Design) -> Iterator[Problem]:
    shown = any(page.kind is PageKind.VIGNETTE for page in design.pages)
    if shown and not any(design.debriefing.values()):
        message = said("There is no debriefing.")
        remedy = said(
            "Write one if the vignette is made up; those who withdraw after it read it too."
        )
        yield Problem("debriefing", message, remedy)


def _untranslated(design: Design) -> Iterator[Problem]:
    """Texts that are word for word the same in two languages."""
    for path, text in texts(design):
        first: dict[str, str] = {}
        for language in design.languages:
            words = text.get(language, "").strip()
            if len(words.split()) < TRANSLATED_WORDS:
                continue
            if words in first:
                message = said(
                    "The text in {language} is the one in {first}.",
                    language=language,
                    first=first[words],
                )
                yield Problem(path, message, said("Translate it."))
            first.setdefault(words, language)


def _ways_out(design: Design) -> Iterator[Problem]:
    """A panel whose people are not sent back, and what is published of people's own words."""
    if design.access is Access.PANEL:
        open_ends = [
            outcome.value
            for outcome in (Outcome.COMPLETED, Outcome.SCREENED_OUT)
            if _comes(design, outcome) and not design.ending(outcome).redirect
        ]
        if open_ends:
            message = said(
                "The panel's people are not sent back when they are: {open_ends}.",
                open_ends=listed(open_ends),
            )
            yield Problem("endings", message, said("Give the endings the panel's addresses."))
    if design.release_free_text:
        message = said("What participants write is published in replication bundles.")
        yield Problem("release_free_text", message, said("Read all of it first, or leave it out."))


def _comes(design: Design, outcome: Outcome) -> bool:
    """Whether anybody can come to that outcome."""
    screens = any(page.screen_out_if for page in design.pages)
    return outcome is Outcome.COMPLETED or screens
