"""What can be chosen of how a format is written."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """`language` is that of labels, where a format has one only; another stands in where it lacks.

    `bom` puts a byte order mark before CSV and its kin, which Excel needs to see UTF-8; `guard`
    an apostrophe before texts that a spreadsheet could run as formulas.
    """

    language: str = "en"
    bom: bool = False
    guard: bool = True
