"""PURE: a codebook in English words, ready to be laid out: sections, facts, rows of values."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from experiments.design import Missing, Option, Text
from experiments.variables import Role, Type
from experiments.variables.tables import PARTICIPANTS, DataTable
from responses.export.codebook.entry import Asked, Bin, Codebook, Entry, Numbers
from responses.export.codebook.universes import one_line

_SECTIONS = {
    "flags": "Quality flags",
    "parameters": "What the link brought",
    "assignments": "Treatment",
    "answers": "Items",
    "tries": "Items",
    "score": "Scores",
    "orders": "Orders shown",
}
_FIRST = "Participant"
_TYPES = {
    Type.INTEGER: "whole numbers",
    Type.NUMBER: "decimal numbers",
    Type.TEXT: "as it was written",
    Type.TIME: "UTC, ISO 8601",
    Type.DATE: "ISO 8601",
    Type.LIST: "codes with spaces between",
}
_WHY = {
    "not_reached": "not reached",
    "not_shown": "not shown",
    "skipped": "left empty",
    "prefer_not_to_say": "prefer not to say",
    "dont_know": "don’t know",
    "untouched": "slider not touched",
    "withdrawn": "withdrew",
    "not_in_version": "not in their design version",
    "no_value": "no value",
}
SECRET = "Not counted while the study collects: it is, or tells, the arm."  # noqa: S105 - a sentence
LEFT_OUT = (
    "The data here have no such column: it could hold people’s own words, or tell who somebody is."
)
OTHER = "other values"


@dataclass(frozen=True)
class Fact:
    """A line of an entry; `code` stands in the design's own language."""

    name: str
    words: str
    code: str = ""


@dataclass(frozen=True)
class Row:
    """A value or a reason for none: its code, labels by language, how many, and their share."""

    code: str
    labels: tuple[tuple[str, str], ...]
    missing: str = ""
    count: int | None = None
    share: float | None = None

    @property
    def percent(self) -> str:
        """The share of all participants in per cent; empty without counts."""
        return "" if self.share is None else f"{100 * self.share:.1f}%"


@dataclass(frozen=True)
class Told:
    """An entry: its label and its question by language, facts, rows, what its numbers come to."""

    entry: Entry
    labels: tuple[tuple[str, str], ...]
    wordings: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    rows: tuple[Row, ...]
    sums: tuple[Fact, ...]
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Section:
    """Entries that belong together; `table` is "" for those of the participants' own."""

    title: str
    table: str
    about: tuple[str, ...]
    entries: tuple[Told, ...]


def sections(book: Codebook) -> Iterator[Section]:
    """The entries by what they are of, in their order; then those of each other table."""
    for title, those in groupby(book.entries, _section):
        yield Section(title, "", (), tuple(told(book, entry) for entry in those))
    for table in book.others:
        entries = tuple(told(book, entry) for entry in table.entries)
        name = table.about.name
        yield Section(f"Table {name}", name, tuple(of_table(table.about)), entries)


def of_table(table: DataTable) -> Iterator[str]:
    """What its rows are, and which columns tell them apart."""
    yield table.row
    if len(table.key) == 1:
        yield f"No two rows have the same {table.key[0]}."
    else:
        yield f"No two rows have the same {', '.join(table.key[:-1])} and {table.key[-1]}."
    if table.name != PARTICIPANTS:
        yield f"The column participant leads to the table {PARTICIPANTS}."


def _section(entry: Entry) -> str:
    return _SECTIONS.get(entry.variable.source[0], _FIRST)


def told(book: Codebook, entry: Entry) -> Told:
    """One entry in words."""
    labels = by_language(book, entry.variable.label)
    wordings = by_language(book, entry.asked.wording) if entry.asked else ()
    counts = entry.counts
    return Told(
        entry,
        labels,
        () if wordings == labels else wordings,
        tuple(_facts(book, entry)),
        tuple(_rows(book, entry)),
        tuple(_sums(entry)),
        counts.numbers.bins if counts and counts.numbers else (),
    )


def about(book: Codebook) -> list[str]:
    """What is said of the whole codebook."""
    versions = ", ".join(f"{each.number} ({each.digest[:12]}…)" for each in book.versions)
    lines = [
        f"Study {book.study}. Design versions, newest first: {versions}.",
        f"Each variable is a column of one of the tables {_listed(book)}, in the order of these.",
    ]
    if book.people is None:
        lines.append("Nothing is counted here.")
    else:
        lines.append(
            f"Participants counted: {book.people}, of the mode {book.mode}, all arms together."
            " Shares are of all of them. Only the table of participants is counted."
        )
    if book.blind:
        lines.append("The study collects: what is, or tells, the arm is not counted yet.")
    codes = ", ".join(f"{code} {why(kind)}" for kind, code in book.kinds.items())
    lines.append(f"Formats with codes for kinds of missing (Stata, SPSS) use: {codes}.")
    return lines


def _listed(book: Codebook) -> str:
    return ", ".join([PARTICIPANTS, *(table.about.name for table in book.others)])


def why(kind: str) -> str:
    """A kind of missing in words."""
    return _WHY.get(kind, kind.replace("_", " "))


def by_language(book: Codebook, text: Text) -> tuple[tuple[str, str], ...]:
    """A text in the study's languages, those without it left out; in any if none has it."""
    languages = [each for each in book.languages if text.get(each)]
    languages = languages or [each for each, said in text.items() if said]
    return tuple((each, one_line(text, each)) for each in languages)


def number(value: float) -> str:
    """A number with six significant digits."""
    return f"{value:.6g}"


def _facts(book: Codebook, entry: Entry) -> Iterator[Fact]:
    variable = entry.variable
    if entry.left_out:
        yield Fact("Left out", LEFT_OUT)
    told_as = _TYPES.get(variable.type)
    yield Fact("Type", f"{variable.type} ({told_as})" if told_as else str(variable.type))
    yield Fact("Role", variable.role.replace("_treatment", "-treatment").replace("_", " "))
    if entry.when and variable.role not in (Role.PRE_TREATMENT, Role.POST_TREATMENT):
        yield Fact("When", str(entry.when))
    if entry.asked:
        yield Fact("Question", _question(entry.asked))
        yield from _bounds(book, entry.asked)
    if entry.scale:
        yield Fact("Scale", _scale(entry))
    if variable.scored:
        items = (f"{each.item}{' (reversed)' * each.is_reversed}" for each in variable.scored)
        yield Fact("Score", f"Mean of {', '.join(items)}; empty unless all are answered.")
    if entry.universe.words:
        yield Fact("Universe", entry.universe.words, entry.universe.expression)
    if entry.asked and entry.asked.source:
        yield Fact("Source", entry.asked.source)
    yield Fact("Design versions", ", ".join(entry.versions))
    for version, wording in entry.reworded:
        said = " / ".join(words for _, words in by_language(book, wording))
        yield Fact(f"Wording in version {version}", said)


def _question(asked: Asked) -> str:
    must = "" if asked.required else ", may be left empty"
    return f"{asked.answered.replace('_', ' ')}, on page {asked.page}{must}"


def _scale(entry: Entry) -> str:
    parts = [part for part in (entry.scale, entry.subscale) if part]
    words = ", subscale ".join(f"{one_line(part.label)} ({part.code})" for part in parts)
    return f"{words}; reverse-coded" if entry.asked and entry.asked.reverse else words


def _bounds(book: Codebook, asked: Asked) -> Iterator[Fact]:
    ends = (("from", asked.lowest), ("to", asked.highest))
    words = [f"{word} {end}" for word, end in ends if end]
    unit = " / ".join(said for _, said in by_language(book, asked.unit))
    if words or unit:
        yield Fact("Range", ", ".join(filter(None, (" ".join(words), unit))))
    for language, left in by_language(book, asked.left):
        yield Fact(f"Poles ({language})", f"{left} – {one_line(asked.right, language)}")


def _rows(book: Codebook, entry: Entry) -> Iterator[Row]:
    """Values, then those that count as no answer, then why others have none."""
    counts = entry.counts
    values, missing = dict(counts.values if counts else ()), dict(counts.missing if counts else ())
    options = entry.variable.values
    for option in (each for each in options if each.missing is Missing.NONE):
        yield _row(book, option, values.get(option.code, 0) if counts else None)
    if "" in values:
        yield Row("", (("en", OTHER),), count=values[""], share=_share(book, values[""]))
    for option in (each for each in options if each.missing is not Missing.NONE):
        # Several options of one kind are told by the first of them.
        yield _row(book, option, missing.pop(str(option.missing), 0) if counts else None)
    for kind, count in missing.items():
        yield Row("", (("en", why(kind)),), kind, count, _share(book, count))


def _row(book: Codebook, option: Option, count: int | None) -> Row:
    share = None if count is None else _share(book, count)
    return Row(option.code, by_language(book, option.label), str(option.missing), count, share)


def _share(book: Codebook, count: int) -> float:
    return count / book.people if book.people else 0.0


def _sums(entry: Entry) -> Iterator[Fact]:
    counts = entry.counts
    if counts is None:
        return
    yield Fact("n", str(counts.n))
    if counts.first:
        yield Fact("First", counts.first)
        yield Fact("Last", counts.last)
    if counts.numbers:
        for name, value in summary(counts.numbers):
            yield Fact(name, number(value))


def summary(numbers: Numbers) -> list[tuple[str, float]]:
    """Least, mean, SD if there is one, greatest."""
    told = (("Min", numbers.low), ("Mean", numbers.mean), ("SD", numbers.sd), ("Max", numbers.high))
    return [(name, value) for name, value in told if value is not None]
