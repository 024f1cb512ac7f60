"""PURE: a codebook as DDI-Codebook 2.5, the XML that data archives take.

https://ddialliance.org/Specification/DDI-Codebook/2.5/ says which element follows which.
"""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from experiments.design import Text
from experiments.variables import Role, Type
from experiments.variables.tables import PARTICIPANTS, TABLES
from responses.export.codebook.entry import BookTable, Codebook, Counts, Entry, Part
from responses.export.codebook.words import SECRET, Row, about, by_language, of_table, told

NAMESPACE = "ddi:codebook:2_5"
_SCHEMA = "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 can't hold at all.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NATURES = {"nominal": "nominal", "ordinal": "ordinal", "interval": "interval"}
_NUMERIC = (Type.INTEGER, Type.NUMBER)
_RESPONSES = {
    Type.INTEGER: "numeric",
    Type.NUMBER: "numeric",
    Type.DATE: "datetime",
    Type.CODE: "category",
}


def ddi(book: Codebook) -> bytes:
    """The codebook as DDI-Codebook 2.5, UTF-8."""
    root = Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5"})
    root.set("xmlns:xsi", _XSI)
    root.set("xsi:schemaLocation", f"{NAMESPACE} {_SCHEMA}")
    _study(SubElement(root, "stdyDscr"), book)
    tables = [BookTable(TABLES[0], book.entries), *book.others]
    for table in tables:
        _file(SubElement(root, "fileDscr", ID=table.about.name), book, table)
    data = SubElement(root, "dataDscr")
    _groups(data, book)
    for table in tables:
        for entry in table.entries:
            _variable(data, book, entry, table.about.name)
    indent(root)
    text = tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _study(at: Element, book: Codebook) -> None:
    citation = SubElement(at, "citation")
    titles = SubElement(citation, "titlStmt")
    said = by_language(book, book.title) or ((book.languages[0], book.study),)
    for place, (language, words) in enumerate(said):
        _text(titles, "parTitl" if place else "titl", words, language)
    _text(titles, "IDNo", book.study)
    for each in book.versions:
        statement = SubElement(citation, "verStmt")
        _text(statement, "version", each.number)
        _text(statement, "notes", f"SHA-256 of the design: {each.digest}")
    info = SubElement(at, "stdyInfo")
    for language, words in by_language(book, book.question):
        _text(info, "abstract", words, language)
    for line in about(book):
        _text(info, "notes", line, "en")


def _file(at: Element, book: Codebook, table: BookTable) -> None:
    text = SubElement(at, "fileTxt")
    _text(text, "fileName", table.about.name)
    _text(text, "fileCont", " ".join(of_table(table.about)), "en")
    size = SubElement(text, "dimensns")
    if book.people is not None and table.about.name == PARTICIPANTS:
        _text(size, "caseQnty", str(book.people))
    _text(size, "varQnty", str(sum(not entry.left_out for entry in table.entries)))


def _groups(at: Element, book: Codebook) -> None:
    """A group for each scale and each subscale, with its items and its score."""
    found: dict[str, tuple[Part, list[str]]] = {}
    for entry in book.entries:
        for part in (entry.scale, entry.subscale):
            if part:
                found.setdefault(part.code, (part, []))[1].append(_id(entry.name))
    for code, (part, members) in found.items():
        group = SubElement(at, "varGrp", ID=f"G_{code}", type="subject", name=code)
        group.set("var", " ".join(members))
        _texts(group, "labl", book, part.label)


def _variable(at: Element, book: Codebook, entry: Entry, table: str) -> None:
    """One variable; the order of its parts is the schema's."""
    words = told(book, entry)
    var = SubElement(at, "var", ID=_id(entry.name, table), name=entry.name)
    if not entry.left_out:
        var.set("files", table)
    var.set("intrvl", "contin" if entry.variable.type is Type.NUMBER else "discrete")
    if entry.asked and entry.asked.measure in _NATURES:
        var.set("nature", _NATURES[entry.asked.measure])
    if entry.variable.role is Role.TIME:
        var.set("temporal", "Y")
    _texts(var, "labl", book, entry.variable.label)
    _question(var, book, entry)
    _ranges(var, entry, words.rows)
    if entry.universe.words:
        _text(var, "universe", entry.universe.words, "en")
    if entry.counts:
        _sums(var, entry.counts)
    if entry.secret:
        _text(var, "txt", SECRET, "en")
    for row in words.rows:
        _category(var, row)
    if entry.asked and entry.asked.reverse:
        _text(var, "codInstr", "Reverse-coded: a score counts its options the other way.", "en")
    for part in (entry.scale, entry.subscale):
        if part:
            _text(var, "concept", part.code)
    _derivation(var, entry, table)
    _format(var, entry)
    for fact in words.facts:
        code = f" {fact.code}" if fact.code else ""
        _text(var, "notes", f"{fact.name}: {fact.words}{code}", "en")


def _question(var: Element, book: Codebook, entry: Entry) -> None:
    if entry.asked is None:
        return
    response = _RESPONSES.get(entry.variable.type, "text")
    for language, words in by_language(book, entry.asked.wording):
        question = SubElement(var, "qstn", responseDomainType=response)
        question.set(_LANGUAGE, _clean(language))
        _text(question, "qstnLit", words, language)


def _ranges(var: Element, entry: Entry, rows: Iterable[Row]) -> None:
    asked = entry.asked
    if asked and (asked.lowest or asked.highest):
        ends = {"min": asked.lowest, "max": asked.highest}
        valid = SubElement(var, "valrng")
        SubElement(valid, "range", {name: end for name, end in ends.items() if end}).set(
            "UNITS", "REAL"
        )
    if codes := [row.code for row in rows if row.missing and row.code]:
        invalid = SubElement(var, "invalrng")
        for code in codes:
            SubElement(invalid, "item", VALUE=_clean(code))


def _sums(var: Element, counts: Counts) -> None:
    invalid = sum(count for _, count in counts.missing)
    told_: list[tuple[str, str]] = [("vald", str(counts.n)), ("invd", str(invalid))]
    if numbers := counts.numbers:
        found = {"min": numbers.low, "max": numbers.high, "mean": numbers.mean, "stdev": numbers.sd}
        told_ += [(name, repr(value)) for name, value in found.items() if value is not None]
    for name, value in told_:
        SubElement(var, "sumStat", type=name).text = value


def _category(var: Element, row: Row) -> None:
    category = SubElement(var, "catgry", missing="Y" if row.missing else "N")
    if row.missing:
        category.set("missType", row.missing)
    if row.code:
        _text(category, "catValu", row.code)
    for language, words in row.labels:
        _text(category, "labl", words, language)
    if row.count is not None:
        SubElement(category, "catStat", type="freq").text = str(row.count)


def _derivation(var: Element, entry: Entry, table: str) -> None:
    scored = entry.variable.scored
    if not scored:
        return
    items = " ".join(_id(each.item, table) for each in scored)
    derivation = SubElement(var, "derivation", var=items)
    turned = ", ".join(each.item for each in scored if each.is_reversed)
    words = "Mean of its items, empty unless all are answered."
    _text(derivation, "drvdesc", f"{words} Reversed: {turned}." if turned else words, "en")


def _format(var: Element, entry: Entry) -> None:
    type_ = entry.variable.type
    kind = "numeric" if type_ in _NUMERIC else "character"
    form = SubElement(var, "varFormat", type=kind, schema="other", otherSchema="coprod")
    if type_ in (Type.TIME, Type.DATE):
        form.set("category", str(type_))
    form.set("formatname", str(type_))


def _id(name: str, table: str = PARTICIPANTS) -> str:
    """What a column is known by in the file; no name of ours has a full stop in it."""
    return f"V_{name}" if table == PARTICIPANTS else f"V_{table}.{name}"


def _texts(at: Element, tag: str, book: Codebook, text: Text) -> None:
    for language, words in by_language(book, text):
        _text(at, tag, words, language)


def _text(at: Element, tag: str, words: str, language: str = "") -> None:
    element = SubElement(at, tag)
    if language:
        element.set(_LANGUAGE, _clean(language))
    element.text = _clean(words)


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
