"""Whom of a panel's list to pay: the rules; and that no code can be guessed."""

import pytest

from responses import tokens
from responses.codes import Claim, Known, Pay, Person, Verdict, check_codes

DONE = Person(1, "completed", True, "p1")
PEOPLE = {
    "DONE": DONE,
    "ALSO": Person(2, "completed", True, "p2"),
    "PLAIN": Person(3, "completed", True),
    "OUT": Person(4, "screened_out", False, "p4"),
    "FULL": Person(5, "quota_full", False, "p5"),
    "NOT": Person(6, "refused", False, "p6"),
    "GONE": Person(7, "withdrawn", False),
    "DONEGONE": Person(8, "withdrawn", True),
}
HALF = Person(9, "answering", False, "p9")
KNOWN = Known(
    by_code=PEOPLE,
    by_id={person.panel_id: person for person in (*PEOPLE.values(), HALF) if person.panel_id},
    withdrawn_ids=frozenset({"p7", "p8"}),
)


@pytest.mark.parametrize(
    ("code", "panel_id", "verdict"),
    [
        ("DONE", "p1", Verdict(Pay.YES, "Completed.", "completed")),
        ("DONE", "", Verdict(Pay.YES, "Completed.", "completed")),
        ("PLAIN", "nobody", Verdict(Pay.YES, "Completed.", "completed")),
        ("OUT", "p4", Verdict(Pay.NO, "Screened out.", "screened_out")),
        ("FULL", "p5", Verdict(Pay.NO, "A quota was full.", "quota_full")),
        ("NOT", "", Verdict(Pay.NO, "Declined to take part.", "refused")),
        (
            "GONE",
            "p7",
            Verdict(Pay.LOOK, "Withdrew: pay as your consent page promises.", "withdrawn"),
        ),
        ("DONEGONE", "p8", Verdict(Pay.YES, "Completed, and withdrew later.", "withdrawn")),
        ("DONE", "p2", Verdict(Pay.LOOK, "The code belongs to another panel id.", "completed")),
        ("DONE", "thief", Verdict(Pay.LOOK, "The code belongs to another panel id.", "completed")),
        ("PLAIN", "p2", Verdict(Pay.LOOK, "The code belongs to another panel id.", "completed")),
        ("OUT", "p1", Verdict(Pay.LOOK, "The code belongs to another panel id.", "screened_out")),
        ("WRONG", "", Verdict(Pay.NO, "Unknown code: nobody of this study has it.")),
        ("WRONG", "thief", Verdict(Pay.NO, "Unknown code: nobody of this study has it.")),
        (
            "WRONG",
            "p1",
            Verdict(
                Pay.YES,
                "Completed. Found by the panel's id: the code is none of this study's.",
                "completed",
            ),
        ),
        (
            "WRONG",
            "p9",
            Verdict(
                Pay.NO,
                "Not completed. Found by the panel's id: the code is none of this study's.",
                "answering",
            ),
        ),
        (
            "",
            "p1",
            Verdict(
                Pay.YES, "Completed. Found by the panel's id: the list has no code.", "completed"
            ),
        ),
        (
            "",
            "p9",
            Verdict(
                Pay.NO, "Not completed. Found by the panel's id: the list has no code.", "answering"
            ),
        ),
        ("", "p8", Verdict(Pay.LOOK, "Withdrew: pay as your consent page promises.", "withdrawn")),
        ("", "thief", Verdict(Pay.NO, "No code, and nobody of this panel id took part.")),
        ("", "", Verdict(Pay.NO, "Neither a code nor a panel id.")),
    ],
)
def test_row_of_a_list_gets_a_verdict_and_a_reason(
    code: str, panel_id: str, verdict: Verdict
) -> None:
    assert check_codes([Claim(code, panel_id)], KNOWN) == (verdict,)


def test_code_that_is_used_twice_is_to_be_looked_at() -> None:
    twice = "Used twice in the file: pay one of the rows. Completed."
    claims = [Claim("DONE", ""), Claim("ALSO", ""), Claim("DONE", ""), Claim("OUT", "")]
    assert [(found.pay, found.why) for found in check_codes([*claims, claims[3]], KNOWN)] == [
        (Pay.LOOK, twice),
        (Pay.YES, "Completed."),
        (Pay.LOOK, twice),
        (Pay.NO, "Screened out."),
        (Pay.NO, "Screened out."),
    ]


def test_code_that_somebody_else_uses_too_is_its_owners() -> None:
    found = check_codes([Claim("DONE", "thief"), Claim("DONE", "p1")], KNOWN)
    assert [verdict.pay for verdict in found] == [Pay.LOOK, Pay.YES]


def test_code_and_id_of_one_person_in_two_rows_are_used_twice() -> None:
    found = check_codes([Claim("DONE", "p1"), Claim("", "p1")], KNOWN)
    assert [verdict.pay for verdict in found] == [Pay.LOOK, Pay.LOOK]


def test_codes_cannot_be_guessed() -> None:
    codes = {tokens.new_completion_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {10}
    assert set("".join(codes)) == set(tokens.ALPHABET)
