"""What decides how a page looks that is rendered once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """The version, the page, the language, and the levels of the arm if the page shows them.

    `arriving`: it is shown at the door, to somebody who is nobody yet.
    """

    version_id: int
    page: str
    language: str
    levels: tuple[tuple[str, str], ...] = ()
    arriving: bool = False
