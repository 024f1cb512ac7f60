"""PURE: the ways in and out: panel parameters, quotas, endings."""

from dataclasses import dataclass, field

from experiments.design.words import Outcome, Text


@dataclass(frozen=True)
class Parameter:
    """A value that the study's link brings: `name` in the link, `code` in conditions and data.

    One that `identifies` is the provider's id of the person: unique in the study, kept apart from
    the answers and never exported with them. Without one that is `required` nobody enters. With
    `values` it has one of these; any other is as good as none.
    """

    code: str
    name: str
    identifies: bool = False
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limit:
    """How many may be in one cell of a quota: an option code for each of its items, in order."""

    cell: tuple[str, ...]
    places: int


@dataclass(frozen=True)
class Quota:
    """Places by answers: `items` are crossed, `limits` say how many places a cell has.

    A cell without a limit takes everybody. Without items it has one cell, the whole study. A place
    is held for `lease_minutes` after the last page that its holder sent, and for good by who
    completes.
    """

    code: str
    items: tuple[str, ...]
    limits: tuple[Limit, ...]
    lease_minutes: int = 30


@dataclass(frozen=True)
class Ending:
    """What is said at an outcome, and where the panel wants its people back.

    `redirect` is an address in which ``{code}`` becomes the participant's code of this outcome and
    ``{parameter}`` the value of a panel parameter; empty for none. An empty title and body mean
    the words that Coprod has for it; those of `completed` are the end page's.
    """

    outcome: Outcome
    title: Text = field(default_factory=dict)
    body: Text = field(default_factory=dict)
    redirect: str = ""


# What Prolific's links bring. A study may map other names, or none.
PROLIFIC = (
    Parameter("prolific_pid", "PROLIFIC_PID", identifies=True),
    Parameter("prolific_study", "STUDY_ID"),
    Parameter("prolific_session", "SESSION_ID"),
)
