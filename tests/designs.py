"""A small valid Design, for every test that needs one: `small()` is 2 x 2, in English and Korean.

Change it with `dataclasses.replace`, or ask for a 3 x 2 with `small(rewards=3)`.
"""

from itertools import product

from experiments.design import (
    Arm,
    Contrast,
    Design,
    Exclusion,
    Factor,
    Item,
    ItemKind,
    Level,
    Measure,
    Missing,
    Option,
    Page,
    PageKind,
    Plan,
    Randomisation,
    Role,
    Scale,
    Subscale,
    Text,
)

REWARDS = ("none", "money", "thanks")


def both(english: str, korean: str) -> Text:
    """A text in both languages."""
    return {"en": english, "ko": korean}


def agreement(points: int) -> tuple[Option, ...]:
    """The options 1 to `points` of an agreement scale."""
    return tuple(
        Option(str(point), both(f"Agree {point}", f"동의 {point}"))
        for point in range(1, points + 1)
    )


def factors(rewards: int) -> tuple[Factor, ...]:
    """`reward` with so many levels, and `voice` with two."""
    reward = tuple(
        Level(code, both(code.title(), f"보상 {code}"), both(f"You get {code}.", f"보상: {code}."))
        for code in REWARDS[:rewards]
    )
    voice = (
        Level("low", both("Low", "낮음"), both("The office decided.", "구청이 정했습니다.")),
        Level("high", both("High", "높음"), both("Residents decided.", "주민이 정했습니다.")),
    )
    return (
        Factor("reward", both("Reward", "보상"), reward),
        Factor("voice", both("Voice", "목소리"), voice),
    )


def scales() -> tuple[Scale, ...]:
    """`motive`, with a subscale and asked before the vignette, and the outcome `will`."""
    care = Subscale("care", both("Care", "배려"))
    return (
        Scale("motive", both("Motive", "동기"), agreement(5), (care,), "Made up for tests."),
        Scale("will", both("Willingness", "의향"), agreement(7)),
    )


def likert(code: str, scale: str, *, subscale: str = "", reverse: bool = False) -> Item:
    """An item of a scale."""
    return Item(
        code,
        ItemKind.LIKERT,
        both(f"Statement {code}", f"문장 {code}"),
        scale=scale,
        subscale=subscale,
        reverse=reverse,
        measure=Measure.ORDINAL,
    )


def _about_you() -> Page:
    woman_or_man = (
        Option("woman", both("Woman", "여성")),
        Option("man", both("Man", "남성")),
        Option("no_answer", both("Rather not say", "답하지 않음"), Missing.PREFER_NOT_TO_SAY),
    )
    schooling = (
        Option("1", both("School", "고졸 이하")),
        Option("2", both("University", "대졸 이상")),
        Option("-9", both("Don’t know", "모름"), Missing.DONT_KNOW),
    )
    items = (
        Item("gender", ItemKind.SINGLE, both("Your gender?", "성별은?"), woman_or_man),
        Item(
            "education",
            ItemKind.DROPDOWN,
            both("Your schooling?", "학력은?"),
            schooling,
            measure=Measure.ORDINAL,
        ),
        likert("motive1", "motive", subscale="care"),
        likert("motive2", "motive", subscale="care", reverse=True),
        Item(
            "attention",
            ItemKind.SINGLE,
            both("Please choose Two.", "둘을 고르세요."),
            (Option("1", both("One", "하나")), Option("2", both("Two", "둘"))),
            role=Role.ATTENTION_CHECK,
            expected="2",
        ),
    )
    return Page(
        "about", PageKind.QUESTIONS, both("About you", "나에 관해"), both("Hello.", "안녕."), items
    )


def _opinion(rewards: int) -> Page:
    noticed = (
        Option("none", both("Nothing", "없음")),
        Option("money", both("Something", "있음")),
        Option("thanks", both("Thanks", "감사 인사")),
    )[:rewards]
    items = (
        likert("will1", "will"),
        likert("will2", "will"),
        Item(
            "noticed",
            ItemKind.SINGLE,
            both("What was paid?", "무엇을 받습니까?"),
            noticed,
            role=Role.MANIPULATION_CHECK,
            checks_factor="reward",
        ),
        Item(
            "comment",
            ItemKind.TEXT,
            both("Anything else?", "하실 말씀은?"),
            required=False,
            measure=Measure.TEXT,
            max_length=200,
        ),
    )
    return Page("opinion", PageKind.QUESTIONS, both("Your opinion", "의견"), {}, items)


def pages(rewards: int = 2) -> tuple[Page, ...]:
    """welcome, about, story, opinion, thanks."""
    story = both("A park.\n\n{reward}\n\n{voice}", "공원.\n\n{reward}\n\n{voice}")
    return (
        Page(
            "welcome",
            PageKind.CONSENT,
            both("Welcome", "환영합니다"),
            both("Take part?", "참여할까요?"),
        ),
        _about_you(),
        Page("story", PageKind.VIGNETTE, both("A story", "이야기"), story),
        _opinion(rewards),
        Page("thanks", PageKind.END, both("Thank you", "감사합니다"), both("Goodbye.", "끝.")),
    )


def plan() -> Plan:
    """Two looks at 40 completes; a contrast of each kind."""
    return Plan(
        outcome="will",
        sample_size=40,
        contrasts=(
            Contrast(
                "money_vs_none", both("Money", "돈"), factor="reward", level="money", against="none"
            ),
            Contrast("reward_by_voice", both("Both", "상호작용"), interaction=("reward", "voice")),
        ),
        looks=(0.5, 1.0),
        smallest_effect=0.3,
        covariates=("motive", "education"),
        associations=("motive", "care"),
        exclusions=(Exclusion.FAILED_ATTENTION,),
    )


def small(*, study: str = "park", rewards: int = 2) -> Design:
    """A valid study of five pages: `rewards` x 2 arms, blocks of one and two cells' rounds."""
    varied = factors(rewards)
    arms = tuple(Arm(cell) for cell in product(REWARDS[:rewards], ("low", "high")))
    return Design(
        study=study,
        title=both("A park", "공원"),
        languages=("en", "ko"),
        factors=varied,
        randomisations=(
            Randomisation(
                "main",
                ("reward", "voice"),
                arms,
                block_sizes=(len(arms), 2 * len(arms)),
                strata=("gender",),
            ),
        ),
        scales=scales(),
        pages=pages(rewards),
        plan=plan(),
        question=both("Does a reward help?", "보상이 도움이 되는가?"),
        parameters=(),
    )
