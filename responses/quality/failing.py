"""PURE: rules on checks with a right answer: how many were not answered by it."""

from experiments.design import Role
from responses.quality.record import Record


def failed_attention(record: Record) -> int | None:
    """How many attention checks were answered wrongly or left empty.

    Instructed items after Meade & Craig (2012, Psychological Methods 17(3), 437-455).
    """
    return _failed(record, Role.ATTENTION_CHECK)


def failed_mock(record: Record) -> int | None:
    """How many mock vignette checks were answered wrongly or left empty.

    After Kane, Velez & Barabas (2023, Political Science Research and Methods 11(2), 293-310).
    """
    return _failed(record, Role.MOCK_VIGNETTE_CHECK)


def failed_comprehension(record: Record) -> int | None:
    """How many comprehension checks were not answered rightly by the last try."""
    return _failed(record, Role.COMPREHENSION_CHECK)


def _failed(record: Record, role: Role) -> int | None:
    """None if no check of that role was asked; the same rule as that of the plan's exclusions."""
    asked = [item for item in record.items() if item.role is role and item.code in record.answers]
    return sum(record.answers[item.code] != item.expected for item in asked) if asked else None
