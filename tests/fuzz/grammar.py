"""Input that nearly keeps the rules of a format, so that it comes past the first of them."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

from tests.fuzz.mutation import nasty, noise

NAMES = ("gender", "education", "motive1", "reward", "voice", "comment", "nobody", "a", "kinds")
CODES = ("1", "2", "woman", "none", "money", "-9", "park", "99999999999", "x y", "")


def condition(random: Random) -> bytes:
    """A condition of `shown_if`, most often a good one, at times nested deeply."""
    depth = random.choice((0, 1, 2, 3, 5, 8))
    text = _condition(random, depth)
    if random.random() < 0.1:
        text = random.choice(("(", "not ", "not (")) * random.randint(1, 60) + text
    return text.encode()


def _condition(random: Random, depth: int) -> str:
    if depth:
        inner = [_condition(random, depth - 1) for _ in range(random.choice((1, 2)))]
        joined = random.choice((" and ", " or ")).join(inner)
        return random.choice(("({})", "not {}", "not ({})", "{}")).format(joined)
    left, right = (_operand(random) for _ in range(2))
    codes = ", ".join(_constant(random) for _ in range(random.randint(0, 6)))
    return random.choice(
        (
            f"{left} {random.choice(('==', '!=', '<', '<=', '>', '>=', '='))} {right}",
            f"{left} {random.choice(('in', 'not in'))} [{codes}]",
            f"{left} in {random.choice(NAMES)}",
            f"answered({random.choice(NAMES)})",
        )
    )


def _operand(random: Random) -> str:
    return random.choice(NAMES) if random.random() < 0.6 else _constant(random)


def _constant(random: Random) -> str:
    chosen = random.choice(CODES)
    return random.choice((f'"{chosen}"', f"'{chosen}'", chosen or "0", "-3.5", "9" * 60))


def table(random: Random) -> bytes:
    """A table as CSV: headers that are known and not, cells of every kind, seldom thousands."""
    text = StringIO()
    delimiter = random.choice(",,;\t")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=random.choice(("\n", "\r\n")))
    known: tuple[str, ...] = (
        "code",
        "label",
        "token",
        "text_en",
        "text_ko",
        "kind",
        "scale",
        "required",
        "measure",
    )
    known += ("Completion code", "Participant id", "en", "text.xx", "reverse", "", "left_en")
    columns = random.choices(known, k=random.choice((1, 2, 3, 6, 210)))
    writer.writerow(columns)
    for _ in range(random.choice((0, 1, 5, 30, 600))):
        writer.writerow([_cell(random) for _ in columns[: random.randint(0, 8)]])
    encoding = random.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp949"))
    return text.getvalue().encode(encoding, errors="replace")


def _cell(random: Random) -> str:
    if random.random() < 0.2:
        return nasty(random).decode(errors="replace")
    plain = (
        "likert",
        "single",
        "yes",
        "no",
        "x",
        "motive",
        "ann@example.org",
        "ABCDEFGH1234",
        "i1",
    )
    return random.choice((*plain, *CODES))


def facts(random: Random) -> bytes:
    """What a page's script tells of how it was answered, more or less."""
    told = {
        name: _json(random, 2) for name in ("w", "h", "hidden_ms", "hidden_count", "touch", "x")
    }
    items = {
        code: {name: _json(random, 1) for name in ("first", "last", "changes", "pastes")}
        for code in random.choices(NAMES, k=3)
    }
    text = json.dumps({**told, "items": items if random.random() < 0.8 else _json(random, 3)})
    # As no library writes it.
    return text.replace("-77", random.choice(("9" * 400, "1e999", "-1E400", "NaN"))).encode()


def _json(random: Random, depth: int) -> Any:
    if depth and random.random() < 0.2:
        inner = [_json(random, depth - 1) for _ in range(3)]
        return inner if random.random() < 0.5 else dict(zip("abc", inner, strict=True))
    plain: tuple[Any, ...] = (0, 1, -1, -77, -77, 1.5, 10**12, 2**63, 1e300, True, None, "", "\0")
    return random.choice((*plain, "\ud800", [], {}))


def fields(random: Random, names: tuple[str, ...]) -> bytes:
    """The body of a form with these names, most with a value, some twice."""
    sent = []
    for name in random.sample(names, random.randint(0, len(names))):
        sent += [(name, _typed(random)) for _ in range(random.choice((1, 1, 1, 2)))]
    return b"&".join(quote_from_bytes(n.encode()).encode() + b"=" + v for n, v in sent)


def _typed(random: Random) -> bytes:
    if random.random() < 0.5:
        return random.choice((*CODES, "2026-03-31", "2.5", "60", "40", "0", "on")).encode()
    value = nasty(random) if random.random() < 0.8 else noise(random)
    return quote_from_bytes(value).encode() if random.random() < 0.9 else value


def multipart(random: Random) -> tuple[str, bytes]:
    """The kind and the body of a form that is sent in parts, seldom whole."""
    mark = random.choice(("x", "----a", "", "a" * 300, "é"))
    parts = b"".join(
        b"--%s\r\nContent-Disposition: form-data; name=%s%s\r\n%s\r\n\r\n%s\r\n"
        % (
            mark.encode(),
            nasty(random) if random.random() < 0.3 else b'"gender"',
            random.choice((b"", b'; filename="a"', b"; filename*=utf-9''%ff")),
            random.choice(
                (b"", b"Content-Transfer-Encoding: base64", b"Content-Type: a;charset=b")
            ),
            _typed(random),
        )
        for _ in range(random.randint(0, 4))
    )
    end = random.choice((b"--%s--\r\n" % mark.encode(), b""))
    return f"multipart/form-data; boundary={mark}", parts + end


Maker = Callable[[Random], bytes]


def picture(random: Random) -> bytes:
    """The first bytes of pictures, and rubbish after them."""
    heads = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\0\0\0\0WEBP", b"GIF89a", b"<svg>")
    return random.choice(heads) + noise(random)
