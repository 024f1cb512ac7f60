"""Whom of a panel's list to pay: the rules, the file, the desk's page and the command."""

import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.design import PROLIFIC, Design
from experiments.models import Status, Study
from experiments.refusals import Refused
from responses import tokens
from responses.arrival import entry_link
from responses.codes import Claim, Known, Pay, Person, Verdict, check_codes
from responses.models import Mode, Participant
from responses.panel_list import Columns, check_list
from responses.withdrawal import withdraw
from tests.designs import small
from tests.desk import desk, text_of
from tests.responses.studies import ABOUT, entered, launched, sent, walked
from tests.responses.ways import arrives, few, screened

HEADER = "Submission id,Participant id,Status,Completion code"
PAGE = "/admin/responses/participant/codes/park/"

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


def panel() -> Design:
    return replace(small(), parameters=PROLIFIC)


def link(pid: str) -> str:
    return f"/s/park/?PROLIFIC_PID={pid}&STUDY_ID=s&SESSION_ID=t"


def code_of(pid: str) -> str:
    return Participant.objects.get(panel_identity__value=pid).completion_code


def as_csv(*rows: tuple[str, ...], header: str = HEADER) -> bytes:
    text = StringIO()
    csv.writer(text).writerows([header.split(","), *rows])
    return text.getvalue().encode()


def checked(content: bytes, columns: Columns = Columns()) -> list[list[str]]:  # noqa: B008
    """Pay, why and state of each row."""
    found = check_list(study=Study.objects.get(slug="park"), content=content, columns=columns)
    return [[v.pay.value, v.why, v.state] for v in found.verdicts]


def pays(content: bytes, columns: Columns = Columns()) -> list[str]:  # noqa: B008
    return [row[0] for row in checked(content, columns)]


@pytest.mark.django_db
def test_prolifics_file_is_read_as_it_is() -> None:
    launched(panel())
    walked(Client(), link=link("pid1"))
    walked(Client(), link=link("pid2"), until="story")
    walked(Client(), link=link("pid3"))
    walked(Client(), link=link("pid4"), until="story")
    code1, code3 = code_of("pid1"), code_of("pid3")
    for pid in ("pid3", "pid4"):
        withdraw(participant_id=Participant.objects.get(panel_identity__value=pid).pk)
    content = as_csv(
        ("s1", "pid1", "AWAITING REVIEW", code1),
        ("s2", "pid2", "RETURNED", ""),
        ("s3", "pid3", "AWAITING REVIEW", code3),
        ("s4", "pid4", "RETURNED", ""),
        ("s5", "pid5", "AWAITING REVIEW", "MADEUP"),
    )
    assert checked(content) == [
        ["yes", "Completed.", "completed"],
        ["no", "Not completed. Found by the panel's id: the list has no code.", "answering"],
        ["yes", "Completed, and withdrew later.", "withdrawn"],
        ["look", "Withdrew: pay as your consent page promises.", "withdrawn"],
        ["no", "Unknown code: nobody of this study has it.", ""],
    ]


@pytest.mark.django_db
def test_every_end_has_its_verdict() -> None:
    launched(few(0, "gender", cell=("man",), design=screened()))
    codes = []
    for adult, consent in (("no", ""), ("yes", "decline")):
        client = Client()
        arrives(client, "/s/park/", {"adult": adult})
        if consent:
            sent(client, "welcome", {"consent": consent})
        codes.append(Participant.objects.latest("id").completion_code)
    man = Client()
    arrives(man, "/s/park/", {"adult": "yes"})
    sent(man, "welcome", {"consent": "agree"})
    assert sent(man, "about", {**ABOUT, "gender": "man"}) == "about"
    codes.append(Participant.objects.latest("id").completion_code)
    assert checked(as_csv(*[(code,) for code in codes], header="code")) == [
        ["no", "Screened out.", "screened_out"],
        ["no", "Declined to take part.", "refused"],
        ["no", "A quota was full.", "quota_full"],
    ]


@pytest.mark.django_db
def test_code_is_known_however_it_is_typed() -> None:
    launched()
    walked(Client())
    code = Participant.objects.get().completion_code
    typed = (code.lower(), f" {code[:5]}-{code[5:]} ", code.replace("0", "O").replace("1", "l"))
    content = as_csv(*[(text,) for text in typed], header="code")
    assert [row[2] for row in checked(content)] == ["completed"] * 3


@pytest.mark.django_db
def test_code_of_another_study_is_unknown() -> None:
    launched(replace(small(), study="other"))
    walked(Client(), slug="other")
    launched()
    content = as_csv((Participant.objects.get().completion_code,), header="code")
    assert pays(content) == ["no"]


@pytest.mark.django_db
def test_code_of_the_pilot_is_known() -> None:
    study = launched(panel(), status=Status.PILOT)
    walked(Client(), link=entry_link("park", Mode.PILOT) + "&PROLIFIC_PID=pid1")
    content = as_csv(("s", "pid1", "", code_of("pid1")))
    assert pays(content) == ["yes"]
    Study.objects.filter(pk=study.pk).update(status=Status.LIVE, live_version=study.pilot_version)
    entered(Client(), link=link("pid1"))
    # Without a code the id is that of the live participant.
    assert pays(as_csv(("s", "pid1", "", ""))) == ["no"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("Participant id;Completion code", Columns("Completion code", "Participant id")),
        ("WorkerId,Answer.surveycode", Columns("Answer.surveycode", "WorkerId")),
        ("PROLIFIC_PID,Entered Code", Columns("Entered Code", "PROLIFIC_PID")),
        ("code,Completion Code", Columns("Completion Code", "")),
        ("mail,CODE", Columns("CODE", "")),
        ("prolific_pid,x", Columns("", "prolific_pid")),
    ],
)
def test_columns_are_guessed_from_what_panels_call_them(header: str, read: Columns) -> None:
    study = launched(panel())
    content = header.encode() + b"\n"
    assert check_list(study=study, content=content).columns == read


@pytest.mark.django_db
def test_own_parameters_of_the_study_name_the_id() -> None:
    design = replace(small(), parameters=(replace(PROLIFIC[0], code="respondent", name="RESP_ID"),))
    study = launched(design)
    for header in ("resp-id,code", "Respondent,code"):
        found = check_list(study=study, content=header.encode()).columns
        assert found == Columns("code", header.split(",", maxsplit=1)[0])


@pytest.mark.django_db
def test_columns_can_be_named() -> None:
    launched(panel())
    walked(Client(), link=link("pid1"))
    content = as_csv(("pid1", code_of("pid1"), "zzz"), header="who,what,code")
    assert pays(content) == ["no"]
    assert pays(content, Columns("What", " who ")) == ["yes"]
    with pytest.raises(Refused, match=r"There is no column nonesuch; the columns are: who, what"):
        pays(content, Columns("nonesuch"))
    with pytest.raises(Refused, match=r"Name it; the columns are: a, b\."):
        pays(b"a,b\n1,2\n")


@pytest.mark.django_db
def test_file_comes_back_as_it_was_with_three_columns_and_no_formula() -> None:
    study = launched()
    content = b"code,note\nX,=1+1\nY\n\nZ,a,more\n"
    text = check_list(study=study, content=content).as_csv().decode("utf-8-sig")
    unknown = "no,Unknown code: nobody of this study has it.,\r\n"
    assert text == (
        "code,note,,coprod_pay,coprod_why,coprod_state\r\n"
        f"X,'=1+1,,{unknown}Y,,,{unknown}Z,a,more,{unknown}"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("cell", ["\u00e9" * 10_000, "'; DROP TABLE x; --", "%s", "0" * 13])
def test_odd_cells_are_unknown(cell: str) -> None:
    launched(panel())
    assert pays(as_csv(("s", cell, "", cell))) == ["no"]


def upload(content: bytes, **fields: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("panel.csv", content, "text/csv"), **fields}


@pytest.mark.django_db
def test_desk_sends_the_list_back_with_the_verdicts() -> None:
    launched(panel())
    walked(Client(), link=link("pid1"))
    client = desk()
    response = client.post(PAGE, upload(as_csv(("s1", "pid1", "DONE", code_of("pid1")))))
    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"].startswith('attachment; filename="park_codes_')
    (row,) = csv.DictReader(StringIO(response.content.decode("utf-8-sig")))
    assert row == {
        "Submission id": "s1",
        "Participant id": "pid1",
        "Status": "DONE",
        "Completion code": code_of("pid1"),
        "coprod_pay": "yes",
        "coprod_why": "Completed.",
        "coprod_state": "completed",
    }
    named = upload(b"who\npid1\n", panel_id="who")
    assert b"pid1,yes" in client.post(PAGE, named).content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "This field is required."),
        (upload(b""), "The submitted file is empty."),
        (upload(b"a,b\n1,2\n"), "Name it; the columns are: a, b."),
        (upload(b"code\n1\n", code="x"), "There is no column x; the columns are: code."),
        (upload(b"\xff\xff"), "The file is not in UTF-8."),
    ],
)
def test_desk_says_what_is_wrong_with_the_file(fields: dict[str, Any], told: str) -> None:
    launched()
    response = desk().post(PAGE, fields)
    assert response.status_code == 422
    assert told in text_of(response)


@pytest.mark.django_db
def test_desk_shows_the_page_only_to_whom_it_is_for(client: Client) -> None:
    launched()
    assert client.get(PAGE).status_code == 302
    assert desk("view_study").get(PAGE).status_code == 403
    assert "Who is to be paid?" in text_of(desk("view_participant").get(PAGE))
    assert desk().get(PAGE.replace("park", "nonesuch")).status_code == 404


@pytest.mark.django_db
def test_pages_are_linked_from_the_study_and_from_its_counts() -> None:
    study = launched()
    watch = "/admin/responses/participant/watch/park/"
    for address in (f"/admin/experiments/study/{study.pk}/change/", watch):
        page = desk().get(address).content.decode()
        for name in ("codes", "invitations"):
            assert f'href="/admin/responses/participant/{name}/park/"' in page
    page = desk("view_participant").get(watch).content.decode()
    assert "participant/codes/park/" in page
    assert "participant/invitations/park/" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("people", [1, 3])
def test_checking_costs_literal_numbers_of_statements(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched(panel())
    for number in range(people):
        walked(Client(), link=link(f"pid{number}"))
    rows = [("s", f"pid{number}", "", code_of(f"pid{number}")) for number in range(people)]
    client = desk()
    # Session, account, study.
    with django_assert_num_queries(3):
        client.get(PAGE)
    # The people, and the ids that withdrew.
    with django_assert_num_queries(5):
        assert client.post(PAGE, upload(as_csv(*rows))).content.count(b",yes,") == people


def run(*arguments: object) -> str:
    err = StringIO()
    call_command("check_codes", *map(str, arguments), stderr=err)
    return err.getvalue()


@pytest.mark.django_db
def test_command_writes_the_list_and_says_what_it_read(tmp_path: Path) -> None:
    launched(panel())
    walked(Client(), link=link("pid1"))
    source, output = tmp_path / "panel.csv", tmp_path / "checked.csv"
    source.write_bytes(as_csv(("s1", "pid1", "", code_of("pid1")), ("s2", "pid2", "", "X")))
    assert run("park", source, "--output", output) == (
        "Code: Completion code; id: Participant id.\nyes: 1, no: 1, look: 0\n"
    )
    rows = list(csv.DictReader(output.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["coprod_pay"] for row in rows] == ["yes", "no"]


@pytest.mark.django_db
def test_command_takes_names_of_columns_and_writes_to_standard_output(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    launched()
    source = tmp_path / "panel.csv"
    source.write_text("a,b\nX,p\n")
    told = run("park", source, "--code-column", "a", "--id-column", "b")
    assert told == "Code: a; id: b.\nyes: 0, no: 1, look: 0\n"
    out = capfdbinary.readouterr().out.decode("utf-8-sig")
    assert out.splitlines()[0] == "a,b,coprod_pay,coprod_why,coprod_state"
    with pytest.raises(CommandError, match="There is no column c"):
        run("park", source, "--code-column", "c")
    with pytest.raises(CommandError, match="can't be read: No such file"):
        run("park", tmp_path / "nonesuch.csv")


def test_codes_cannot_be_guessed() -> None:
    codes = {tokens.new_completion_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {10}
    assert set("".join(codes)) == set(tokens.ALPHABET)
