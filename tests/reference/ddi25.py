"""Which parts and attributes DDI-Codebook 2.5 gives the elements that our codebook writes.

Facts in our own notation, read from the standard's schema, `codebook.xsd` of 2012-01-17 by the DDI
Alliance; docs/data-dictionary.md says what was validated with it and when. Formatting within texts
and Dublin Core within citations are left out, for we write neither.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

NAMESPACE = "ddi:codebook:2_5"

# The parts of an element in their order: one of each, `?` at most one, `*` any number, `+` one or
# more. Only these have parts; all else that we write is empty or text.
PARTS = {
    "codeBook": "docDscr* stdyDscr+ fileDscr* dataDscr* otherMat*",
    "stdyDscr": "citation+ studyAuthorization* stdyInfo* studyDevelopment* method* dataAccs*"
    " othrStdyMat* notes*",
    "citation": "titlStmt rspStmt? prodStmt? distStmt? serStmt* verStmt* biblCit? holdings* notes*",
    "titlStmt": "titl subTitl* altTitl* parTitl* IDNo*",
    "verStmt": "version? verResp? notes*",
    "stdyInfo": "studyBudget* subject* abstract* sumDscr* qualityStatement? notes*"
    " exPostEvaluation*",
    "fileDscr": "fileTxt* locMap? notes*",
    "fileTxt": "fileName? fileCitation? fileCont? fileStrc? dimensns? fileType? format? filePlac?"
    " dataChck* ProcStat? dataMsng? software* verStmt?",
    "dimensns": "caseQnty* varQnty* logRecL* recPrCas* recNumTot*",
    "dataDscr": "varGrp* nCubeGrp* var* nCube* notes*",
    "varGrp": "labl* txt* concept* defntn? universe? notes*",
    "var": "location* labl* imputation? security? embargo? respUnit? anlysUnit? qstn* valrng*"
    " invalrng* undocCod* universe* TotlResp? sumStat* txt* stdCatgry* catgryGrp* catgry* codInstr*"
    " verStmt* concept* derivation? varFormat? geoMap* catLevel* notes*",
    "qstn": "(preQTxt|qstnLit|postQTxt|forward|backward|ivuInstr)*",
    "valrng": "(item|range)+ key? notes*",
    "invalrng": "(item|range)+ key? notes*",
    "catgry": "catValu? labl* txt* catStat* mrow?",
    "derivation": "drvdesc? drvcmd?",
}
EMPTY = frozenset({"item", "range"})
TEXTS = frozenset(
    {
        *("titl", "parTitl", "IDNo", "version", "notes", "abstract", "fileName", "fileCont"),
        *("caseQnty", "varQnty", "labl", "txt", "qstnLit", "universe", "sumStat", "catValu"),
        *("catStat", "codInstr", "concept", "drvdesc", "varFormat"),
    }
)
# Of those with parts, who may hold text between them.
MIXED = frozenset({"qstn"})

# What an attribute may hold: words, any text, a new name, names that are given elsewhere.
ANY, NEW, NAMES = "any", "new", "names"
EVERYWHERE = {"ID": NEW, "{http://www.w3.org/XML/1998/namespace}lang": "language"}
ATTRIBUTES: dict[str, dict[str, str]] = {
    "codeBook": {"version": "2.5"},
    "varGrp": {
        "type": "section multipleResp grid display repetition subject version iteration analysis"
        " pragmatic record file randomized other",
        "name": ANY,
        "var": NAMES,
    },
    "var": {
        "name": ANY,
        "files": NAMES,
        "intrvl": "contin discrete",
        "nature": "nominal ordinal interval ratio percent other",
        "temporal": "Y N",
    },
    "qstn": {"responseDomainType": "text numeric code category datetime geographic multiple other"},
    "item": {"UNITS": "INT REAL", "VALUE": ANY},
    "range": {"UNITS": "INT REAL", "min": ANY, "max": ANY},
    "sumStat": {"type": "mean medn mode vald invd min max stdev other"},
    "catgry": {"missing": "Y N", "missType": ANY},
    "catStat": {"type": "freq percent crosstab other"},
    "derivation": {"var": NAMES},
    "varFormat": {
        "type": "character numeric",
        "formatname": ANY,
        "schema": "SAS SPSS IBM ANSI ISO XML-Data other",
        "otherSchema": ANY,
        "category": "date time currency other",
    },
}
MUST = {"var": {"name"}, "item": {"VALUE"}, "sumStat": {"type"}}
# A name of XML without a colon, in ASCII; a tag of a language.
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


def violations(root: Any) -> list[str]:
    """What in a codebook's tree is not as the standard has it, each with its line."""
    given = [each.get("ID") for each in root.iter() if each.get("ID") is not None]
    found = [f"ID {each} twice" for each in sorted({e for e in given if given.count(e) > 1})]
    if root.tag != f"{{{NAMESPACE}}}codeBook":
        found.append(f"the root is {root.tag}")
    for element in root.iter():
        found += [f"{element.sourceline}: {each}" for each in _wrong(element, set(given))]
    return found


def _wrong(element: Any, given: set[str]) -> Iterator[str]:
    name = etree.QName(element)
    if name.namespace != NAMESPACE or name.localname not in PARTS | dict.fromkeys(EMPTY | TEXTS):
        yield f"{element.tag} is unknown"
        return
    tag = name.localname
    parts = [etree.QName(each).localname for each in element]
    if not re.fullmatch(_pattern(PARTS.get(tag, "")), "".join(f"{each} " for each in parts)):
        yield f"{tag} holds {' '.join(parts) or 'nothing'}"
    between = [element.text, *(each.tail for each in element)]
    if tag not in TEXTS | MIXED and any(text and text.strip() for text in between):
        yield f"{tag} holds text"
    for key in sorted(MUST.get(tag, set()) - set(element.attrib)):
        yield f"{tag} has no {key}"
    known = EVERYWHERE | ATTRIBUTES.get(tag, {})
    for key, value in element.attrib.items():
        if key != _SCHEMA_LOCATION and not _fits(known.get(key, ""), value, given):
            yield f"{tag} has {key}={value!r}"


def _pattern(parts: str) -> str:
    return "".join(
        f"(?:(?:{each.rstrip('?*+').strip('()')}) ){each[-1] if each[-1] in '?*+' else ''}"
        for each in parts.split()
    )


def _fits(may: str, value: str, given: set[str]) -> bool:
    match may:
        case "any":
            return True
        case "new":
            return bool(_NAME.fullmatch(value))
        case "names":
            return bool(value.split()) and set(value.split()) <= given
        case "language":
            return bool(_LANGUAGE.fullmatch(value))
        case words:
            return value in words.split()
