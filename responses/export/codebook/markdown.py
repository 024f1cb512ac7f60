"""PURE: a codebook in Markdown, each text escaped so that none of it is taken for markup."""

import re
from collections.abc import Iterator

from responses.export.codebook.entry import Bin, Codebook
from responses.export.codebook.universes import one_line
from responses.export.codebook.words import SECRET, Fact, Row, Told, about, number, sections

_MARKUP = re.compile(r"[\\`*_{}\[\]<>&~|!#$^@]|(?<=www)\.|(?<=:)//")
# What a line's beginning is taken for: a list, a heading's rule.
_BEGINS = re.compile(r"[-+=:]|(?<!\d)\d+(?=[.)])")
_BAR = 20


def markdown(book: Codebook) -> bytes:
    """The codebook in Markdown (CommonMark), UTF-8."""
    return ("\n".join(_lines(book)).rstrip("\n") + "\n").encode()


def _lines(book: Codebook) -> Iterator[str]:
    yield f"# Codebook: {escaped(one_line(book.title) or book.study)}"
    yield ""
    if book.question:
        yield f"> {escaped(one_line(book.question))}"
        yield ""
    yield from (f"- {escaped(line)}" for line in about(book))
    for section in sections(book):
        yield f"\n## {section.title}"
        if section.about:
            yield f"\n{escaped(' '.join(section.about))}"
        for told in section.entries:
            yield from _entry(told)


def _entry(told: Told) -> Iterator[str]:
    yield f"\n### {coded(told.entry.name)}\n"
    yield from (f"- {language}: {escaped(words)}" for language, words in told.labels)
    yield from (f"- Question, {language}: {escaped(words)}" for language, words in told.wordings)
    yield from map(_fact, told.facts)
    if told.entry.secret:
        yield f"- {escaped(SECRET)}"
    if told.sums:
        sums = "; ".join(f"{each.name} {escaped(each.words)}" for each in told.sums)
        yield f"- Counts: {sums}"
    if told.rows:
        yield "- Values:"
        yield from (f"    - {_row(row)}" for row in told.rows)
    if told.bins:
        yield "- Distribution:"
        most = max(each.count for each in told.bins) or 1
        yield from (f"    - {_bin(each, most)}" for each in told.bins)


def _fact(fact: Fact) -> str:
    code = f" {coded(fact.code)}" if fact.code else ""
    return f"- {escaped(fact.name)}: {escaped(fact.words)}{code}"


def _row(row: Row) -> str:
    parts = [coded(row.code)] if row.code else []
    parts += [escaped(" / ".join(words for _, words in row.labels))] if row.labels else []
    if row.missing and row.code:
        parts.append("(no answer)")
    if row.count is None or row.share is None:
        return " ".join(parts)
    bar = "█" * round(_BAR * row.share)
    return f"{' '.join(parts)}: {row.count} ({row.percent}) {bar}".rstrip()


def _bin(each: Bin, most: int) -> str:
    ends = escaped(f"{number(each.low)} to {number(each.high)}")
    return f"{ends}: {each.count} {'█' * round(_BAR * each.count / most)}".rstrip()


def escaped(text: str) -> str:
    """A text on one line, of which nothing is markup."""
    text = _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
    begin = _BEGINS.match(text)
    if begin is None:
        return text
    if begin[0].isdecimal():
        return f"{begin[0]}\\{text[begin.end() :]}"
    return f"\\{text}"


def coded(text: str) -> str:
    """A code as a code span, whichever backticks it has itself."""
    text = " ".join(text.split())
    runs = [len(run) for run in re.findall("`+", text)]
    fence = "`" * (max(runs, default=0) + 1)
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"
