"""PURE: the list of whom a study invites, read from a CSV file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from responses.sheets import Row

LABEL, TOKEN = "label", "token"
LONGEST_LABEL = 200
# A token is all that stands between a stranger and an invitation.
TOKEN_SHAPE = re.compile(r"[A-Za-z0-9_-]{12,64}")


@dataclass(frozen=True)
class Guest:
    """Whom to invite: what the researcher calls them, and a token of the researcher's own.

    `line` is where the file names them, 0 if no file does. Without a token one is drawn.
    """

    label: str
    token: str = ""
    line: int = 0


@dataclass(frozen=True)
class Fault:
    """Why a line of the list can't be taken."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.text}"


def read_guests(rows: Sequence[Row]) -> tuple[Guest, ...]:
    """The guests of a file with a column `label`, or `token`, or both; or of one without a header.

    Without a header the first column is the label and a second one the token.
    """
    names = [cell.casefold() for cell in rows[0].cells]
    headed = LABEL in names or TOKEN in names
    columns = names if headed else [LABEL, TOKEN]
    return tuple(
        Guest(_cell(row, columns, LABEL), _cell(row, columns, TOKEN), row.line)
        for row in rows[headed:]
    )


def faults(guests: Sequence[Guest]) -> tuple[Fault, ...]:
    """What is wrong with a list in itself, in its order."""
    return tuple(_faults(guests))


def _faults(guests: Sequence[Guest]) -> Iterator[Fault]:
    labels: dict[str, int] = {}
    tokens: dict[str, int] = {}
    for guest in guests:
        label, token = guest.label, guest.token
        if not label and not token:
            yield Fault(guest.line, "it has neither a label nor a token.")
        if len(label) > LONGEST_LABEL:
            yield Fault(guest.line, f"the label is longer than {LONGEST_LABEL} characters.")
        if not label.isprintable():
            yield Fault(guest.line, "the label holds a line break or a control character.")
        if token and not TOKEN_SHAPE.fullmatch(token):
            told = "a token has 12 to 64 letters of A to Z, digits, hyphens or underscores"
            yield Fault(guest.line, f"{told}; leave the column out and one is drawn.")
        if label in labels:
            yield Fault(guest.line, f"the label {label} stands on line {labels[label]} already.")
        if token.upper() in tokens:
            yield Fault(guest.line, f"the token stands on line {tokens[token.upper()]} already.")
        # An invitation may lack its label; a token is told apart in capitals, as its hash is.
        if label:
            labels.setdefault(label, guest.line)
        if token:
            tokens.setdefault(token.upper(), guest.line)


def _cell(row: Row, columns: Sequence[str], name: str) -> str:
    at = columns.index(name) if name in columns else len(row.cells)
    return row.cells[at] if at < len(row.cells) else ""
