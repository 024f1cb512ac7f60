"""A codebook's formats: each says the same, and no label of a study is taken for markup."""

import csv
import io
import json
from typing import Any

import pytest
from lxml import etree, html
from markdown_it import MarkdownIt

from responses.export.codebook.ddi import NAMESPACE
from responses.export.codebook.entry import Codebook
from responses.export.codebook.formats import BOOK_FORMATS
from responses.export.codebook.universes import Universes
from tests.designs import small
from tests.responses.every_kind import kinds_design
from tests.responses.export.booked import first_version, worded

# As a researcher could write a label, one after the other.
HOSTILE = [
    "</title><script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "]]> & &amp; <!-- --> <?php ?>",
    "=cmd|'/c calc'!A1",
    "@SUM(1)",
    "-1) or `code` and *this* _that_ ~~gone~~",
    "[here](javascript:alert(1)) ![it](x) <https://example.org>",
    "# Not a heading #",
    "1. no list",
    "- no list",
    "+ no list",
    "> no quotation",
    "a | b | c",
    "{{ braces }} {% tag %}",
    'quote " and \\ backslash',
    "https://example.org/x www.example.org",
    "공원 🌳 مرحبا \u202eabc",
]
LABELLED = "gender"


def written(book: Codebook, name: str) -> str:
    return BOOK_FORMATS[name].write(book).decode()


@pytest.mark.parametrize("words", HOSTILE)
def test_markdown_takes_no_label_for_markup(words: str) -> None:
    tokens = (
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .parse(written(worded(words), "md"))
    )
    texts = [_plain(token) for token in tokens if token.type == "inline"]
    assert f"en: {words}" in texts
    assert f"Codebook: {words}" in texts
    assert words in texts
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"text", "text_special", "code_inline", "softbreak"}
    assert "html_block" not in {token.type for token in tokens}


def _plain(token: Any) -> str:
    return "".join(child.content for child in token.children or ())


@pytest.mark.parametrize("words", HOSTILE)
def test_html_takes_no_label_for_markup(words: str) -> None:
    page = written(worded(words), "html")
    plain = written(worded("Plain"), "html")
    tree = html.fromstring(page)
    assert words in [p.text_content() for p in tree.xpath("//p")]
    assert [each.tag for each in tree.iter()] == [
        each.tag for each in html.fromstring(plain).iter()
    ]


@pytest.mark.parametrize("words", HOSTILE)
def test_ddi_and_jsonld_hold_labels_as_they_are(words: str) -> None:
    tree = etree.fromstring(written(worded(words), "ddi").encode())
    found = tree.xpath("//d:var[@name='gender']/d:labl", namespaces={"d": NAMESPACE})
    assert [each.text for each in found] == [words, words]
    data = json.loads(written(worded(words), "jsonld"))
    (gender,) = [each for each in data["variableMeasured"] if each["propertyID"] == "gender"]
    assert [each["@value"] for each in gender["name"]] == [words, words]


@pytest.mark.parametrize("words", HOSTILE)
def test_csv_guards_labels_that_a_spreadsheet_could_run(words: str) -> None:
    rows = list(csv.DictReader(io.StringIO(written(worded(words), "csv"), newline="")))
    labels = {row["label_en"] for row in rows if row["variable"] == "gender"}
    guarded = f"'{words}" if words[0] in "=@-+" else words
    assert labels == {guarded}


def test_ddi_replaces_what_xml_can_not_hold() -> None:
    tree = etree.fromstring(written(worded("a\x01b\ufffe"), "ddi").encode())
    found = tree.xpath("//d:var[@name='gender']/d:labl", namespaces={"d": NAMESPACE})
    assert [each.text for each in found] == ["a\ufffdb\ufffd"] * 2


def test_csv_has_a_row_for_each_variable_and_value() -> None:
    book = first_version(small())
    rows = list(csv.DictReader(io.StringIO(written(book, "csv"), newline="")))
    rows = [row for row in rows if row["table"] == "participants"]
    told = [row for row in rows if row["variable"] == "education"]
    assert [(r["row"], r["value"], r["label_ko"], r["missing"]) for r in told] == [
        ("variable", "", "학력은?", ""),
        ("value", "1", "고졸 이하", ""),
        ("value", "2", "대졸 이상", ""),
        ("missing", "-9", "모름", "dont_know"),
    ]
    assert [row["variable"] for row in rows if row["row"] == "variable"] == [
        each.name for each in book.entries
    ]


# Which properties schema.org has for each type, beside those of any Thing.
THING = {"@type", "identifier", "name", "description", "alternateName", "url", "additionalType"}
TERMS = {
    "Dataset": {
        *("variableMeasured", "measurementTechnique", "inLanguage", "version", "size", "hasPart"),
    },
    "PropertyValue": {
        *("propertyID", "value", "valueReference", "minValue", "maxValue"),
        *("unitText", "measurementTechnique"),
    },
    "QualitativeValue": {"additionalProperty", "valueReference"},
}


def test_jsonld_uses_the_words_of_schema_org_alone() -> None:
    data = json.loads(written(first_version(kinds_design()), "jsonld"))
    assert data.pop("@context") == "https://schema.org/"
    wrong = [
        (thing["@type"], key)
        for thing in _things(data)
        for key in thing
        if key not in THING | TERMS[thing["@type"]]
    ]
    assert wrong == []


def _things(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [thing for each in value for thing in _things(each)]
    if not isinstance(value, dict) or "@value" in value:
        return []
    return [value, *(thing for each in value.values() for thing in _things(each))]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ('gender == "woman"', "“Your gender?” (gender) is woman “Woman”"),
        ("not answered(comment)", "it does not hold that “Anything else?” (comment) has an answer"),
        (
            'education in ["1", "2"] and (motive1 >= 4 or reward != "none")',
            "“Your schooling?” (education) is one of 1 “School”, 2 “University” and (“Statement"
            " motive1” (motive1) is at least 4 “Agree 4” or “Reward” (reward) is not none “None”)",
        ),
    ],
)
def test_universe_says_a_condition_in_words(condition: str, words: str) -> None:
    said = Universes(small()).given("Who came", [condition])
    assert (said.words, said.expression) == (f"Who came, if {words}.", condition)
