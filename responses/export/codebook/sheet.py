"""A codebook as CSV: a row for each variable of each table, followed by one for each value."""

import csv
import io
from collections.abc import Iterator

from experiments.design import Text
from experiments.variables.tables import PARTICIPANTS
from responses.export.codebook.entry import Asked, Codebook, Entry
from responses.export.codebook.universes import one_line
from responses.export.codebook.words import Row, told
from responses.export.written import GUARDED

_FACTS = (
    *("type", "role", "when", "page", "kind", "measure", "scale", "subscale", "reverse"),
    *("lowest", "highest", "universe", "condition", "source", "scored", "versions", "secret"),
    "left_out",
)
# Codes and numbers, which exports guard nowhere.
_CODES = frozenset({"value", "min", "mean", "sd", "max", "lowest", "highest"})
_COUNTS = ("count", "min", "mean", "sd", "max", "first", "last")


def sheet(book: Codebook, *, guard: bool = True) -> bytes:
    """The codebook as CSV as exports write it; texts are guarded against spreadsheets."""
    file = io.StringIO(newline="")
    languages = _languages(book)
    texts = [f"{what}_{each}" for what in ("label", "wording", "unit") for each in languages]
    names = ["table", "variable", "row", "value", *texts, "missing", *_FACTS, *_COUNTS]
    writer = csv.DictWriter(file, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(book, languages):
        kept = {name: _guarded(v) if guard and name not in _CODES else v for name, v in row.items()}
        writer.writerow(kept)
    return file.getvalue().encode()


def _guarded(text: str) -> str:
    return f"'{text}" if text[:1] and text[0] in GUARDED else text


def _languages(book: Codebook) -> list[str]:
    """The study's languages; those that labels have all the same if it has another."""
    used = {language for _, each in _entries(book) for language in each.variable.label}
    return [*book.languages, *sorted(used - set(book.languages))]


def _entries(book: Codebook) -> Iterator[tuple[str, Entry]]:
    yield from ((PARTICIPANTS, entry) for entry in book.entries)
    for table in book.others:
        yield from ((table.about.name, entry) for entry in table.entries)


def _rows(book: Codebook, languages: list[str]) -> Iterator[dict[str, str]]:
    for table, entry in _entries(book):
        yield {"table": table, **_variable(entry, languages)}
        for row in told(book, entry).rows:
            yield {"table": table, **_value(entry, row, languages)}


def _value(entry: Entry, row: Row, languages: list[str]) -> dict[str, str]:
    return {
        "variable": entry.name,
        "row": "missing" if row.missing else "value",
        "value": row.code,
        **{f"label_{each}": words for each, words in row.labels if each in languages},
        "missing": row.missing,
        "count": "" if row.count is None else str(row.count),
    }


def _variable(entry: Entry, languages: list[str]) -> dict[str, str]:
    variable, counts = entry.variable, entry.counts
    row = {
        "variable": entry.name,
        "row": "variable",
        **_texts("label", variable.label, languages),
        "type": str(variable.type),
        "role": str(variable.role),
        "when": str(entry.when),
        "scale": entry.scale.code if entry.scale else "",
        "subscale": entry.subscale.code if entry.subscale else "",
        "universe": entry.universe.words,
        "condition": entry.universe.expression,
        "scored": " ".join(f"{e.item}{':reversed' * e.is_reversed}" for e in variable.scored),
        "versions": " ".join(entry.versions),
        "secret": str(int(entry.secret)),
        "left_out": str(int(entry.left_out)),
    }
    if entry.asked:
        row |= _asked(entry.asked, languages)
    if counts:
        numbers = counts.numbers
        row |= {"count": str(counts.n), "first": counts.first, "last": counts.last}
        if numbers:
            found = (numbers.low, numbers.mean, numbers.sd, numbers.high)
            told_ = ("" if value is None else repr(value) for value in found)
            row |= dict(zip(("min", "mean", "sd", "max"), told_, strict=True))
    return row


def _asked(asked: Asked, languages: list[str]) -> dict[str, str]:
    return {
        **_texts("wording", asked.wording, languages),
        **_texts("unit", asked.unit, languages),
        "page": asked.page,
        "kind": asked.answered,
        "measure": asked.measure,
        "reverse": str(int(asked.reverse)),
        "lowest": asked.lowest,
        "highest": asked.highest,
        "source": asked.source,
    }


def _texts(what: str, text: Text, languages: list[str]) -> dict[str, str]:
    return {
        f"{what}_{each}": one_line({each: text[each]}, each) for each in languages if text.get(each)
    }
