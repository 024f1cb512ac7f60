"""PURE: the tables of a data set: what a row of each is, and which columns tell rows apart."""

from dataclasses import dataclass

from experiments.design import Text

PARTICIPANTS = "participants"


@dataclass(frozen=True)
class DataTable:
    """A table by its name: its label, what a row is (in English), and its key.

    No two rows hold the same in all columns of `key`. Each table has the column `participant`,
    whose row is in the table of participants.
    """

    name: str
    label: Text
    row: str
    key: tuple[str, ...]


# In the order in which files hold them.
TABLES: tuple[DataTable, ...] = (
    DataTable(
        PARTICIPANTS,
        {"en": "Participants", "ko": "참여자"},
        "A row for each participant.",
        ("participant",),
    ),
    DataTable(
        "answers",
        {"en": "Answers", "ko": "응답"},
        "A row for each item that a participant answered, left empty or was not shown.",
        ("participant", "item"),
    ),
    DataTable(
        "vignettes",
        {"en": "Vignettes", "ko": "비네트"},
        "A row for each vignette that a participant was given.",
        ("participant", "deck", "draw"),
    ),
    DataTable(
        "submissions",
        {"en": "Submissions", "ko": "제출"},
        "A row for each page that a participant sent.",
        ("participant", "revision"),
    ),
    DataTable(
        "paradata",
        {"en": "Paradata", "ko": "파라데이터"},
        "A row for each page that a participant sent, or left by going back, with its timings.",
        ("participant", "revision"),
    ),
)
KEYS = {table.name: table.key for table in TABLES}
