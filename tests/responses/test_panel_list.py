"""A panel's list: read as it comes, checked row by row, and given back with the verdicts."""

from dataclasses import replace

import pytest
from django.test import Client

from experiments.design import PROLIFIC
from experiments.models import Status, Study
from experiments.refusals import Refused
from responses.arrival import entry_link
from responses.models import Mode, Participant
from responses.panel_list import Columns, check_list
from responses.withdrawal import withdraw
from tests.designs import small
from tests.responses.panels import as_csv, code_of, known_as, link, panel
from tests.responses.studies import ABOUT, entered, launched, sent, walked
from tests.responses.ways import arrives, few, screened


def checked(content: bytes, columns: Columns = Columns()) -> list[list[str]]:  # noqa: B008
    """Pay, why and state of each row."""
    found = check_list(
        study=Study.objects.get(slug="park"), content=content, actor="tests", columns=columns
    )
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
        withdraw(participant_id=known_as(pid).pk)
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
    assert check_list(study=study, content=content, actor="tests").columns == read


@pytest.mark.django_db
def test_own_parameters_of_the_study_name_the_id() -> None:
    design = replace(small(), parameters=(replace(PROLIFIC[0], code="respondent", name="RESP_ID"),))
    study = launched(design)
    for header in ("resp-id,code", "Respondent,code"):
        found = check_list(study=study, content=header.encode(), actor="tests").columns
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
    text = check_list(study=study, content=content, actor="tests").as_csv().decode("utf-8-sig")
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
