"""Requests that no browser of ours would send, and whether what is stored came of what was sent."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from django.test import Client

from experiments.answers import UNTOUCHED, Answer, missing_kind
from experiments.design import Design, Item, ItemKind, Page
from tests.fuzz.mutation import nasty, noise
from tests.responses.walks.answers import valid

Fields = dict[str, list[str]]
FORM = "application/x-www-form-urlencoded"
KINDS = (FORM, FORM, FORM, "multipart/form-data", "application/json", "text/plain", "x", "", "é;a")
OWN = (
    *("move", "nonce", "asked", "paradata", "website", "draft_number", "time_up", "code", "to"),
    "-carried",
)
MOVES = ("next", "back", "language:ko", "language:xx", "\0")
HEADERS = (
    *("HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE", "HTTP_REFERER", "HTTP_ORIGIN", "HTTP_RANGE"),
    *("HTTP_X_FORWARDED_FOR", "HTTP_X_REHEARSES", "HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING"),
    *("HTTP_X_REQUESTED_WITH", "HTTP_CONTENT_ENCODING", "HTTP_ACCEPT", "REMOTE_ADDR"),
)


@dataclass(frozen=True)
class Request:
    """A request as it goes to the site; `fields` is what of it a form would be read as."""

    method: str
    path: str
    kind: str
    body: bytes
    headers: Mapping[str, Any]
    fields: Fields

    def by(self, client: Client) -> Any:
        """The site's answer to it."""
        return client.generic(self.method, self.path, self.body, self.kind, **self.headers)


def hostile(design: Design, page: Page, random: Random) -> Request:
    """A request to one of the study's addresses, by somebody who is on that page."""
    here = f"/s/{design.study}/"
    pages = [f"{each.code}/" for each in design.pages]
    on = f"{page.code}/"
    others = ("", "resume/", "withdraw/", "about-study/", "image/dot/", "draft/", "no-such/")
    path = random.choice([on, on, on, f"{on}draft/", f"{on}draft/", *pages, *others])
    if random.random() < 0.05:
        path = quote(nasty(random))
    if random.random() < 0.2:
        path += "?" + _query(random)
    method = random.choice(("POST", "POST", "POST", "POST", "GET", "HEAD", "PUT", "DELETE", "x"))
    kind, body = _body(_fields(design, page, random), random)
    return Request(method, here + path, kind, body, _headers(random), _read(kind, body))


def _fields(design: Design, page: Page, random: Random) -> Fields:
    """Fields of the page, most with an answer to it, some with rubbish or with those of others."""
    fields: Fields = {}
    good = random.choice((0.0, 0.5, 0.9, 1.0))
    for item in page.items:
        if random.random() < good:
            fields |= {name: list(texts) for name, texts in valid(design, item, random)[0].items()}
        elif random.random() < 0.7:
            names = [item.code, *(f"{item.code}.{each.code}" for each in item.options)]
            names += [f"{item.code}.missing"]
            fields[random.choice(names)] = [_text(random) for _ in range(random.choice((1, 1, 2)))]
    for name in random.sample(OWN, random.randint(0, 4)):
        fields[name] = [random.choice(MOVES) if name == "move" else _text(random)]
    if random.random() < 0.1:
        fields |= {_text(random): [_text(random)] for _ in range(random.choice((1, 5, 1200)))}
    return fields


def _text(random: Random) -> str:
    chosen = random.random()
    if chosen < 0.2:
        return random.choice(("1", "2", "woman", "man", "park", "-9", "60", "2026-03-31", "", "on"))
    if chosen < 0.95:
        return nasty(random).decode(errors="replace")
    return noise(random).decode(errors="replace") * random.choice((1, 1, 1000))


def _body(fields: Fields, random: Random) -> tuple[str, bytes]:
    kind, body = random.choice(KINDS), urlencode(fields, doseq=True).encode()
    if random.random() < 0.1:
        body = body.replace(b"%", b"%%", 1) + b"&" + noise(random)
    if random.random() < 0.02:
        body += b"&a=" + b"x" * 3_000_000
    return kind, body


def _read(kind: str, body: bytes) -> Fields:
    """The fields of a body as the standard library reads them; none of what is no form."""
    if kind != FORM:
        return {}
    found = parse_qs(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    return {_utf8(name): [_utf8(text) for text in texts] for name, texts in found.items()}


def _utf8(text: str) -> str:
    return text.encode("latin-1").decode(errors="replace")


def _query(random: Random) -> str:
    names = ("lang", "mode", "key", "i", "PROLIFIC_PID", "STUDY_ID", "unsaved", "x")
    return urlencode({random.choice(names): nasty(random) for _ in range(random.randint(1, 3))})


def _headers(random: Random) -> dict[str, str]:
    found = {}
    for name in random.sample(HEADERS, random.choice((0, 0, 1, 2))):
        # As a server hands them on: bytes, each a character; no line breaks.
        text = nasty(random).decode("latin-1")
        found[name] = re.sub(r"[\r\n\0]", "", text)
    return found


def came_of(design: Design, item: Item, answer: Answer, fields: Fields) -> bool:
    """Whether the answer says nothing that the fields did not say."""
    texts = [text for name in fields for text in fields[name] if _is_of(name, item)]
    if answer is None:
        return True
    if kind := missing_kind(answer):
        boxes = [each.code for each in design.options(item) if str(each.missing) == kind]
        return kind == UNTOUCHED or bool(set(boxes) & set(texts))
    if isinstance(answer, Mapping):
        points = {_digits(text) for text in texts} | {""}
        return {_digits(str(each)) for each in answer.values()} <= points
    if isinstance(answer, list | tuple):
        ranks = item.kind is ItemKind.RANKING
        known = {name.partition(".")[2] for name in fields} if ranks else set(texts)
        return set(answer) <= known
    if item.kind in (ItemKind.NUMBER, ItemKind.SLIDER, ItemKind.DATE):
        return _digits(str(answer)) in {_digits(text) for text in texts}
    return answer in {text.replace("\r\n", "\n").replace("\r", "\n") for text in texts}


def _is_of(name: str, item: Item) -> bool:
    return name == item.code or name.startswith(f"{item.code}.")


def _digits(text: str) -> str:
    """The digits other than 0, which may stand before, after or nowhere."""
    plain = unicodedata.normalize("NFKC", text)
    found = "".join(str(unicodedata.digit(each)) for each in plain if each.isdecimal())
    return found.replace("0", "")
