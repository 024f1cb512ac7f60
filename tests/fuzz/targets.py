"""The parsers that are fuzzed: what each is given, what it is asked, and what it may refuse with.

A parser may say no in its own way: by what it returns, or by an error that those who call it
expect. Whatever else comes out of it is a finding.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http.multipartparser import MultiPartParserError
from django.test import RequestFactory

from coprod_site.content_kinds import with_plain_kinds
from experiments.checks import problems
from experiments.design import PROLIFIC, Image, digest
from experiments.itemtable import put_items, read_table
from experiments.logic import ConditionError, NoValue, as_json, comparisons, decide, holds, names
from experiments.logic import parse as parse_condition
from experiments.logic.parsing import renamed
from experiments.studyfile import LARGEST_FILE, dump, parse
from experiments.vignette import render, slots, slotted, stray_braces
from rehearsal.truth_file import LARGEST_TRUTH, dump_truth, parse_truth
from responses import drafts, links, tokens
from responses.codes import Claim, Known, check_codes
from responses.guests import faults, read_guests
from responses.language import choose
from responses.markdown import as_html
from responses.outage import sent_fields
from responses.paradata import LARGEST as LARGEST_PARADATA
from responses.paradata import read_facts
from responses.questionnaire import check
from responses.sheets import UnreadableSheet, read_sheet, write_sheet
from tests.designs import small
from tests.fuzz import grammar
from tests.fuzz.mutation import grown, mutated, noise
from tests.fuzz.structure import changed_study
from tests.responses.every_kind import FACTS, FILLED, every_kind, kinds_design

ROOT = Path(__file__).parents[2]
# Of a draft; those of a study that can be launched are shorter.
LARGEST_TEXT = 1024 * 1024
FORM = "application/x-www-form-urlencoded"
NAMES = tuple(
    dict.fromkeys((*FILLED, "years.missing", "consent", "nonce", "asked", "draft_number"))
)


@dataclass(frozen=True)
class Target:
    """A parser: its runner, good input to change, rules to make some by, its size, its refusals."""

    run: Callable[[bytes], object]
    seeds: Callable[[], tuple[bytes, ...]]
    make: grammar.Maker
    largest: int
    refuses: tuple[type[Exception], ...] = ()
    # How much more of the time it has than others.
    share: int = 1


def case_of(target: Target, random: Random) -> bytes:
    """Input for a parser: changed, made by rules, grown to a size, or noise."""
    chosen = random.random()
    if chosen < 0.45:
        return mutated(random, target.seeds(), target.largest)
    if chosen < 0.85:
        return target.make(random)
    return grown(random, target.seeds(), target.largest) if chosen < 0.89 else noise(random)


def _study(data: bytes) -> None:
    design = parse(data).design
    if design is not None:
        assert parse(dump(design)).design == design, "dumped and read it is another study"
        digest(design)


def _truth(data: bytes) -> None:
    truth = parse_truth(data, small()).truth
    assert truth is None or parse_truth(dump_truth(truth), small()).truth == truth


def _condition(data: bytes) -> None:
    text = data.decode(errors="replace")
    tree = parse_condition(text)
    json.dumps(as_json(tree))
    values = {"gender": "woman", "education": NoValue("-9"), "motive1": ("1", "2"), "comment": None}
    assert decide(tree, values) in (True, False, None)
    assert holds(tree, values) in (True, False)
    assert names(tree) >= {code for code, _ in comparisons(tree)}
    # Other names have other lengths, and nothing else of it changes.
    assert renamed(renamed(text, {"a": "zz9"}), {"zz9": "a"}) == text or "zz9" in text


def _texts(data: bytes) -> None:
    text, design = data.decode(errors="replace"), kinds_design()
    found = as_html(design, text)
    assert "<script" not in found
    assert "".join(piece for piece, _ in slotted(text)) == text
    render(text, dict.fromkeys(slots(text), "{reward}"))
    stray_braces(text)


def _sheet(data: bytes) -> None:
    rows = read_sheet(data)
    assert read_sheet(write_sheet([row.cells for row in rows]))


def _invitations(data: bytes) -> None:
    guests = read_guests(read_sheet(data))
    for guest in guests:
        tokens.invitation_hash(guest.token)
    for fault in faults(guests):
        str(fault)


def _completion_codes(data: bytes) -> None:
    rows = read_sheet(data)
    claims = [Claim(tokens.read(row.cells[0]), row.cells[-1]) for row in rows]
    check_codes(claims, Known({}, {}))


def _items(data: bytes) -> None:
    # As the desk reads what is pasted.
    table = read_table(data.decode(errors="replace").replace("\0", ""), ["en", "ko"])
    for fault in table.faults:
        str(fault)
    if not table.faults:
        put_items(small(), "about", table.rows, "motive")


def _paradata(data: bytes) -> None:
    text = data.decode(errors="replace")
    found = read_facts(
        text, user_agent=text[:300], items=[*grammar.NAMES, "comment"], honeypot=text
    )
    _stored(found)


def _codes(data: bytes) -> None:
    text = data.decode(errors="replace")
    code = tokens.read(text)
    assert len(code) <= tokens.LENGTH + 1
    assert set(code) <= set(tokens.ALPHABET)
    assert tokens.read(tokens.shown(code)) == code
    tokens.token_hash(code)
    # That of a cookie is looked up as it comes.
    tokens.token_hash(text)
    tokens.link_is_signed("park", "pilot", text)


@cache
def _answered() -> Any:
    return replace(kinds_design(), paradata=True), every_kind()


def _answers(data: bytes) -> None:
    request = RequestFactory().generic("POST", "/s/park/kinds/", data, FORM)
    (design, page), sent = _answered(), sent_fields(request)
    for language in design.languages:
        _stored(check(design, page, sent, FACTS, language=language).answers)


def _bodies(data: bytes) -> None:
    """The first line is the kind of the body, what follows it the body itself."""
    kind, _, body = data.partition(b"\n")
    environ = RequestFactory().generic("POST", "/s/park/about/", body).environ
    environ = {**environ, "CONTENT_TYPE": kind.decode("latin-1"), "wsgi.input": BytesIO(body)}
    with_plain_kinds(_read_body)(environ, print)


def _read_body(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    _stored(drafts.kept(sent_fields(WSGIRequest(environ))))
    return ()


def _links(data: bytes) -> None:
    query, design = data.decode("latin-1"), replace(small(), parameters=PROLIFIC)
    request = RequestFactory().get("/s/park/")
    request.META["QUERY_STRING"] = query
    given = {name: str(request.GET.get(name, "")) for name in request.GET}
    for mode in ("live", "pilot"):
        link = links.read_link(design, given, mode)
        _stored({**link.parameters, "identity": link.identity})
        tokens.invitation_hash(link.invitation)
    links.mode_of("park", given)
    links.carried(design, given)
    assert choose(design.languages, given.get("lang", ""), query) in design.languages


def _pictures(data: bytes) -> None:
    text = data.decode("latin-1")
    images = (Image("dot", "image/png", text), Image("b", text[:20], text))
    problems(replace(kinds_design(), images=images))


def _stored(found: Any) -> None:
    """Fails unless Postgres can store it as JSON, and gives back the same."""
    text = json.dumps(found, ensure_ascii=False, allow_nan=False)
    text.encode()
    assert "\\u0000" not in text, "a NUL can't be stored"


@cache
def _study_files() -> tuple[bytes, ...]:
    little = [dump(small()).encode(), dump(kinds_design()).encode()]
    found = [path.read_bytes() for path in sorted(ROOT.glob("studies/**/*.yaml"))]
    # Large ones take long: most of the time is for many.
    return (*little * 4, *found)


def _study_made(random: Random) -> bytes:
    return changed_study(random, random.choice((small(), kinds_design())))


def _text_seeds() -> tuple[bytes, ...]:
    body = "# A\n\nYou get **{reward}**: [b](https://c.d) ![e](image:dot)\n\n- f\n- g\n\n"
    return (
        f"{body}|h|i|\n|-|-|\n".encode(),
        b"> a\n> b\n\n```\nc\n```\n",
        "한 *글* {gender}.".encode(),
    )


def _text_made(random: Random) -> bytes:
    return mutated(random, [mutated(random, _text_seeds(), LARGEST_TEXT)], LARGEST_TEXT)


def _form_seeds() -> tuple[bytes, ...]:
    return ("&".join(f"{n}={v}" for n, values in FILLED.items() for v in values).encode(),)


def _form_made(random: Random) -> bytes:
    return grammar.fields(random, NAMES)


def _body_made(random: Random) -> bytes:
    kind, body = grammar.multipart(random)
    return kind.encode("latin-1", errors="replace") + b"\n" + body


def _link_made(random: Random) -> bytes:
    names = ("PROLIFIC_PID", "STUDY_ID", "SESSION_ID", "mode", "key", "i", "lang")
    return grammar.fields(random, names)


def _seeds(*texts: bytes) -> Callable[[], tuple[bytes, ...]]:
    return lambda: texts


CONDITIONS = (b'gender == "woman" and not (motive1 >= 3)', b'a in ["x", 2] or answered(comment)')
SHEETS = (b"label,token\nAnn,ABCDEFGH1234\nBob,\n", b"Participant id;Completion code\na;AB12\n")
ITEMS = (b"code\ttext_en\ttext_ko\tkind\nmotive9\tWhy?\t\xec\x99\x9c?\tlikert\n",)
FACT = b'{"w":1200,"h":800,"touch":true,"items":{"comment":{"first":1,"last":2,"changes":3}}}'
BODY = (FORM.encode() + b"\ngender=woman&gender=man", b"multipart/form-data; boundary=a\n--a--")
CLAIMS = (b"ABCD-EFGH-JKMN", "０００1 abcd—oli".encode())
# What a request does with a CSV file is one of these.
SHEET_READERS = {"sheets": _sheet, "invitations": _invitations, "panel's file": _completion_codes}
TARGETS: dict[str, Target] = {
    "study files": Target(_study, _study_files, _study_made, LARGEST_FILE, share=5),
    "truth files": Target(
        _truth,
        lambda: ((ROOT / "studies/coproduction.truth.yaml").read_bytes(), b"traits: {}\n"),
        lambda random: mutated(random, _study_files()[-4:-3], LARGEST_TRUTH),
        LARGEST_TRUTH,
    ),
    "conditions": Target(
        _condition, _seeds(*CONDITIONS), grammar.condition, 5000, (ConditionError,)
    ),
    "texts": Target(_texts, _text_seeds, _text_made, LARGEST_TEXT),
    **{
        name: Target(run, _seeds(*SHEETS), grammar.table, 5 * 1024 * 1024, (UnreadableSheet,))
        for name, run in SHEET_READERS.items()
    },
    "pasted items": Target(_items, _seeds(*ITEMS), grammar.table, 2 * 1024 * 1024),
    "paradata": Target(_paradata, _seeds(FACT), grammar.facts, 2 * LARGEST_PARADATA),
    "resume codes": Target(_codes, _seeds(*CLAIMS), noise, 2 * 1024 * 1024),
    "answers": Target(
        _answers, _form_seeds, _form_made, 2 * 1024 * 1024, (SuspiciousOperation, BadRequest)
    ),
    "bodies": Target(
        *(_bodies, _seeds(*BODY), _body_made, 2 * 1024 * 1024),
        (SuspiciousOperation, BadRequest, MultiPartParserError),
    ),
    "links": Target(
        *(_links, _seeds(b"PROLIFIC_PID=a&STUDY_ID=b&SESSION_ID=c"), _link_made, 100_000),
        (SuspiciousOperation, BadRequest),
    ),
    "pictures": Target(_pictures, _seeds(b"\x89PNG\r\n\x1a\n"), grammar.picture, LARGEST_FILE),
}
