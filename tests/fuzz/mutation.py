"""Odd input made of good input: bytes that were changed, doubled, cut, and grown to a size."""

from collections.abc import Callable, Sequence
from random import Random

# What parsers trip over: numbers at their edges, half characters, other alphabets' digits, bombs.
NASTY: tuple[str, ...] = (
    *("0", "-1", "1e999", "-0", "nan", "inf", "Infinity", "0x41", "1_000", "9" * 20, "9" * 400),
    *("9" * 5000, "1" + "0" * 310, "٣", "１２", "²", "½", "1,5", "1.000,0", "−3", "--3", "."),
    *("\0", "\x1b", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "\ue000csrf\ue001", "\udfff"),
    *("\U0010ffff", "e\u0301" * 40, "\u202e", "ﷺ", "İ", "ß", "ſ", "👩‍👩‍👧", "한", "\u3000"),
    *("&a", "*a", "&a [*a]", "<<: *a", "!!python/object/apply:os.system [id]", "!!binary x"),
    *("!!timestamp 2026-01-01", "!!set {a}", "%YAML 9.9\n---\n", "---\n", "...\n", "? a\n: b\n"),
    *(
        "|\n",
        ">+9\n",
        "'",
        '"',
        '"\\x',
        '"\\U0010FFFF"',
        "[",
        "]",
        "{",
        "}",
        "{{",
        "}}",
        "{%",
        ": ",
    ),
    *("{reward}", "{ reward }", "{reward", "{nobody}", "{{7*7}}", "$(id)", "%s", "%(a)s", "../"),
    *("null", "~", "true", "yes", "2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01"),
    *(",", ";", "\t", "\r", "\r\n", "\n", '""', '"a\n', "=1+1", "+", "@a", "'=x", "\\", "\\0"),
    *("not ", "not in ", "answered(", "==", "<=", "in [", "(", ")", " and ", " or "),
    *(
        "[](",
        "![",
        "```",
        "~~~",
        "> ",
        "- ",
        "1. ",
        "*a_",
        "|-|\n",
        "<script>",
        "&#0;",
        "&#x110000;",
    ),
    *("[a]: b\n", "javascript:a", "<http://[::1", "http://[", "\\[", "\\*", "-----\n", "====\n"),
)
Change = Callable[[bytearray, Random, Sequence[bytes]], None]


def mutated(random: Random, seeds: Sequence[bytes], largest: int) -> bytes:
    """One of the seeds, changed in one to six places; `largest` bytes and some at most."""
    found = bytearray(random.choice(seeds))
    for _ in range(random.randint(1, 6)):
        random.choice(CHANGES)(found, random, seeds)
    return bytes(found[: largest + 2])


def nasty(random: Random) -> bytes:
    """One of the odd texts, seldom more often than once."""
    text = random.choice(NASTY).encode(errors="surrogatepass")
    return text * (random.randint(2, 50) if random.random() < 0.1 else 1)


def noise(random: Random) -> bytes:
    """Random bytes, or random characters, or odd texts one after another."""
    chosen = random.random()
    if chosen < 0.3:
        return random.randbytes(random.randint(0, 300))
    if chosen < 0.6:
        points = [random.choice((0x80, 0x3000, 0x110000)) for _ in range(random.randint(0, 200))]
        text = "".join(chr(random.randrange(most)) for most in points)
        return text.encode(errors="surrogatepass")
    return b"".join(nasty(random) for _ in range(random.randint(1, 30)))


def grown(random: Random, seeds: Sequence[bytes], largest: int) -> bytes:
    """A piece that is repeated until the size is reached: what costs more than its size shows."""
    if random.random() < 0.5:
        piece = b"".join(nasty(random) for _ in range(random.randint(1, 3)))
    else:
        piece = _cut(random, random.choice(seeds), 60)
    piece = piece or b"a"
    size = largest if random.random() < 0.3 else random.randint(1, largest)
    before, after = (_cut(random, random.choice(seeds), 40) for _ in range(2))
    return (before + piece * (size // len(piece) + 1))[: max(0, size - len(after))] + after


def _cut(random: Random, text: bytes, longest: int) -> bytes:
    start = random.randint(0, len(text))
    return text[start : start + random.randint(0, longest)]


def _place(found: bytearray, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(found))
    return start, min(len(found), start + random.choice((1, 2, 8, 40, 200)))


def _put_in(found: bytearray, random: Random, seeds: Sequence[bytes]) -> None:
    start, end = _place(found, random)
    found[start : end if random.random() < 0.5 else start] = nasty(random)


def _take_out(found: bytearray, random: Random, seeds: Sequence[bytes]) -> None:
    start, end = _place(found, random)
    del found[start:end]


def _double(found: bytearray, random: Random, seeds: Sequence[bytes]) -> None:
    start, end = _place(found, random)
    found[start:start] = found[start:end] * random.choice((1, 1, 2, 20))


def _flip(found: bytearray, random: Random, seeds: Sequence[bytes]) -> None:
    if found:
        found[random.randrange(len(found))] ^= 1 << random.randrange(8)


def _cut_short(found: bytearray, random: Random, seeds: Sequence[bytes]) -> None:
    del found[random.randint(0, len(found)) :]


def _splice(found: bytearray, random: Random, seeds: Sequence[bytes]) -> None:
    start, end = _place(found, random)
    found[start:end] = _cut(random, random.choice(seeds), 400)


def _lines(found: bytearray, random: Random, seeds: Sequence[bytes]) -> None:
    """Doubles, moves or indents a line."""
    lines = bytes(found).split(b"\n")
    at, to = random.randrange(len(lines)), random.randrange(len(lines))
    moved = lines[at] if random.random() < 0.5 else lines.pop(at)
    lines.insert(to, b" " * random.choice((0, 0, 1, 2, 4)) + moved)
    found[:] = b"\n".join(lines)


def _value(found: bytearray, random: Random, seeds: Sequence[bytes]) -> None:
    """Puts an odd value after a colon, a comma or an equals sign."""
    marks = [at for at, byte in enumerate(found) if byte in b":,=&["]
    if marks:
        at = random.choice(marks) + 1
        end = found.find(b"\n", at)
        end = end if random.random() < 0.5 and end >= 0 else at
        found[at:end] = b" " * random.choice((0, 1)) + nasty(random)


CHANGES: tuple[Change, ...] = (
    *(_put_in, _put_in, _take_out, _double, _flip, _cut_short, _splice, _lines, _value, _value),
)
