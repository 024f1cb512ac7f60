"""PURE: how a preregistration words what a design holds."""

from collections.abc import Iterable
from datetime import UTC, datetime

from experiments.design import Design, Item, Option, Text


def plain(text: Text, language: str) -> str:
    """A text on one line: in that language, else in one that has it; empty if none has."""
    found = text.get(language) or next((each for each in text.values() if each), "")
    return " ".join(found.split())


def quoted(text: Text, language: str) -> str:
    """A text of several lines as a quotation in Markdown; empty for none."""
    lines = (text.get(language) or "").strip().splitlines()
    return "\n".join(f"> {line}".rstrip() for line in lines)


def named(label: Text, code: str, language: str) -> str:
    """What a thing is called, and its code."""
    words = plain(label, language)
    return f"{words} (`{code}`)" if words else f"`{code}`"


def code(text: str) -> str:
    """A code or a condition as it stands in the design."""
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    """Several codes: a, b and c."""
    return listed(map(code, texts))


def listed(words: Iterable[str], last: str = "and") -> str:
    """Several words: a, b and c."""
    *others, final = [*words, ""][:-1] or [""]
    return f"{', '.join(others)} {last} {final}" if others else final


def points(lines: Iterable[str]) -> str:
    """A list in Markdown; a line of several is kept together."""
    return "\n".join(f"- {line}" for line in lines)


def options(choices: Iterable[Option], language: str) -> str:
    """Options with their codes; one that counts as no answer says so."""
    return ", ".join(
        f"`{each.code}` {plain(each.label, language)}"
        + (f" (no answer: {spelled(each.missing)})" if each.missing else "")
        for each in choices
    )


def spelled(word: str) -> str:
    """A word of the design, such as `dont_know`, as words."""
    return word.replace("_", " ").replace("dont ", "don’t ")


def percent(share: float) -> str:
    """A share as a percentage: 0.5 is 50%."""
    return f"{100 * share:g}%"


def variable(design: Design, name: str, language: str) -> str:
    """A scale, subscale, item or parameter by its code: what it is called, and the code."""
    for scale in design.scales:
        labels = {scale.code: scale.label} | {part.code: part.label for part in scale.subscales}
        if name in labels:
            return named(labels[name], name, language)
    item: Item | None = next((each for each in design.items() if each.code == name), None)
    return f"“{plain(item.text, language)}” ({code(name)})" if item else code(name)


def day_and_time(moment: datetime) -> str:
    """A moment in universal time, to the minute."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
