"""PURE: a codebook as JSON-LD, in schema.org's words alone: a Dataset and what it measures.

Its own variables are those of the table of participants, each other table is a part of it.
A variable is a PropertyValue; its codes are QualitativeValue, all else that is known of it
PropertyValue, both as its `valueReference`. https://schema.org/Dataset
"""

import json
from collections.abc import Iterator
from typing import Any

from experiments.design import Text
from responses.export.codebook.entry import BookTable, Codebook, Counts, Entry
from responses.export.codebook.words import Row, about, by_language, of_table, summary, told

Thing = dict[str, Any]


def jsonld(book: Codebook) -> bytes:
    """The codebook as JSON-LD, UTF-8, with a line break at the end."""
    thing = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "identifier": book.study,
        "name": _said(book, book.title) or book.study,
        "description": [*_said(book, book.question), " ".join(about(book))],
        "inLanguage": list(book.languages),
        "version": [each.number for each in book.versions],
        "size": None if book.people is None else f"{book.people} participants",
        "variableMeasured": [_variable(book, entry) for entry in book.entries],
        "hasPart": [_part(book, table) for table in book.others],
    }
    return (json.dumps(_filled(thing), ensure_ascii=False, indent=2) + "\n").encode()


def _part(book: Codebook, table: BookTable) -> Thing:
    return {
        "@type": "Dataset",
        "identifier": table.about.name,
        "name": _said(book, table.about.label),
        "description": " ".join(of_table(table.about)),
        "variableMeasured": [_variable(book, entry) for entry in table.entries],
    }


def _variable(book: Codebook, entry: Entry) -> Thing:
    asked, numbers = entry.asked, entry.counts.numbers if entry.counts else None
    words = told(book, entry)
    return _filled(
        {
            "@type": "PropertyValue",
            "propertyID": entry.name,
            "name": _said(book, entry.variable.label),
            "description": _said(book, asked.wording) if asked else [],
            "measurementTechnique": asked.answered if asked else "",
            "unitText": " / ".join(said for _, said in by_language(book, asked.unit))
            if asked
            else "",
            "minValue": numbers.low if numbers else None,
            "maxValue": numbers.high if numbers else None,
            "valueReference": [
                *(_value(row) for row in words.rows),
                *(_fact(name, value) for name, value in _facts(entry)),
            ],
        }
    )


def _value(row: Row) -> Thing:
    facts = [("missing", row.missing), ("count", row.count)]
    return _filled(
        {
            "@type": "QualitativeValue",
            "identifier": row.code,
            "name": [_in(language, words) for language, words in row.labels],
            "additionalProperty": [_fact(*each) for each in facts if each[1] not in ("", None)],
        }
    )


def _facts(entry: Entry) -> Iterator[tuple[str, object]]:
    variable, asked = entry.variable, entry.asked
    yield "type", str(variable.type)
    yield "role", str(variable.role)
    yield "versions", list(entry.versions)
    known: list[tuple[str, object]] = [
        ("when", str(entry.when)),
        ("scale", entry.scale.code if entry.scale else ""),
        ("subscale", entry.subscale.code if entry.subscale else ""),
        ("universe", entry.universe.words),
        ("condition", entry.universe.expression),
        ("scored", [each.item for each in variable.scored]),
        ("scoredReversed", [each.item for each in variable.scored if each.is_reversed]),
        ("leftOut", entry.left_out),
    ]
    if asked:
        known += [
            ("page", asked.page),
            ("measure", asked.measure),
            ("lowest", asked.lowest),
            ("highest", asked.highest),
            ("source", asked.source),
        ]
        yield "reverse", asked.reverse
    yield from (each for each in known if each[1])
    if entry.counts:
        yield from _counts(entry.counts)


def _counts(counts: Counts) -> Iterator[tuple[str, object]]:
    yield "n", counts.n
    if counts.first:
        yield "first", counts.first
        yield "last", counts.last
    if counts.numbers:
        yield from ((name.lower(), value) for name, value in summary(counts.numbers))


def _fact(name: str, value: object) -> Thing:
    return {"@type": "PropertyValue", "propertyID": name, "value": value}


def _said(book: Codebook, text: Text) -> list[Thing]:
    return [_in(language, words) for language, words in by_language(book, text)]


def _in(language: str, words: str) -> Thing:
    return {"@language": language, "@value": words}


def _filled(thing: Thing) -> Thing:
    """What has a value; a number of 0 is one."""
    return {key: value for key, value in thing.items() if value not in (None, "", [])}
