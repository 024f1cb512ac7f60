"""Withdrawal: what it erases, what stays, and that it is for good."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries

from experiments.design import Design, Ending, Outcome, Parameter, Withdrawal
from experiments.models import Status, Study
from experiments.seed import seed_of
from responses import tokens
from responses.models import (
    Allocation,
    Draft,
    Erasure,
    Invitation,
    PanelIdentity,
    Paradata,
    Participant,
    QuotaPlace,
    State,
    Submission,
)
from responses.verification import verify
from responses.withdrawal import withdraw
from tests.designs import both, small
from tests.desk import desk, text_of
from tests.responses.export.reading import export, rows
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent, walked
from tests.responses.ways import PANEL, arrives, ending_in, few, screened

pytestmark = pytest.mark.django_db

WITHDRAW = "/s/park/withdraw/"
SECRET = "Only I would write this."
WALK: tuple[tuple[str, dict[str, str]], ...] = (
    ("about", ABOUT),
    ("story", {}),
    ("opinion", {**OPINION, "comment": SECRET}),
)
ERASED: dict[str, Any] = {
    **{"answers": {}, "parameters": {}, "orders": {}, "not_shown": [], "tries": {}},
    **{"flags": None, "assignments": {}, "first_look": None, "fingerprint": None},
}


def identified() -> Design:
    """Whose link brings the panel's id of the person, of the visit and a source."""
    parameters = (
        Parameter("pid", "PID", identifies=True),
        Parameter("visit", "SESSION"),
    )
    return replace(small(), parameters=parameters)


def asking() -> Design:
    return replace(small(), withdrawal=Withdrawal.ASK)


def link_of(study: Study) -> str:
    """A link with everything that can identify somebody."""
    Invitation.objects.create(
        study=study, label="ann@example.org", token_hash=tokens.invitation_hash("ANN-ANN-ANN-1")
    )
    return "/s/park/?PID=person-7&SESSION=visit-9&i=ANN-ANN-ANN-1"


def goes(client: Client, link: str = "", until: str = "thanks") -> str:
    """Enters and answers every page up to `until`; returns the resume code."""
    token = entered(client, link=link)
    for page, answers in WALK:
        if page == until:
            break
        client.get(f"/s/park/{page}/")
        sent(client, page, answers)
    return token


def withdraws(client: Client, **fields: str) -> Any:
    return client.post(WITHDRAW, {"sure": "yes", **fields})


def person() -> Participant:
    return Participant.objects.latest("id")


def everything() -> str:
    """All that the tables of this room hold, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("responses_"):
                cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
                found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def verdict() -> str:
    study = Study.objects.get()
    found = verify(study, seed_of(study))
    assert found.holds, found.line
    return found.line


@pytest.mark.parametrize("until", ["about", "story", "opinion", "thanks"])
def test_withdrawal_at_any_page_erases_everything(client: Client, until: str) -> None:
    study = launched(identified())
    walked(Client(), until=until)
    goes(client, link_of(study), until)
    client.post(f"/s/park/{until}/draft/", {"comment": SECRET})
    before, ledger = person(), list(Allocation.objects.order_by("pk").values())

    response = withdraws(client)

    assert response.status_code == 200
    assert response.cookies["coprod_park"].value == ""
    after = person()
    assert {name: getattr(after, name) for name in ERASED} == ERASED
    assert (after.state, after.completed_at) == (State.WITHDRAWN, None)
    assert after.ended_at is not None
    assert after.token_hash != before.token_hash
    for model in (Submission, Paradata, Draft):
        assert not model._default_manager.filter(participant=after).exists()
    # What stays: somebody entered, consented, may have seen the vignette, and withdrew.
    kept = ("entered_at", "consented_at", "exposed_at", "page", "language", "reference")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    for mark in (SECRET, "person-7", "visit-9", "ann@example.org"):
        assert mark not in everything()
    assert list(Allocation.objects.order_by("pk").values()) == ledger
    verdict()
    # Nothing of anybody else went.
    assert Submission.objects.filter(participant_id=before.pk - 1).exists()


def test_withdrawal_is_recorded_with_how_much_it_erased(client: Client) -> None:
    study = launched(few(3, design=identified()))
    goes(client, link_of(study), "opinion")
    client.post("/s/park/opinion/draft/", {"comment": SECRET})
    withdraws(client)
    record = Erasure.objects.get()
    assert (record.study, record.mode, record.kind) == (study, "live", "withdrawal")
    assert (record.actor, record.kept) == ("participant", False)
    assert record.rows == {
        **{"panel_id": 1, "invitation": 1, "drafts": 1, "places": 1},
        **{"submissions": 3, "paradata": 3},
    }


@pytest.mark.django_db(transaction=True)
def test_record_of_an_erasure_and_the_ledger_cannot_be_changed(client: Client) -> None:
    from django.db import DatabaseError, transaction

    launched()
    goes(client)
    withdraws(client)
    for table in ("responses_erasure", "responses_allocation"):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET mode = 'pilot'"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                connection.cursor().execute(change)


def test_nobody_enters_again_with_the_id_or_the_invitation(client: Client) -> None:
    study = launched(identified())
    link = link_of(study)
    goes(client, link, "story")
    withdraws(client)
    identity, invitation = PanelIdentity.objects.get(), Invitation.objects.get()
    assert (identity.value, identity.participant) == ("", None)
    assert (invitation.label, invitation.participant) == ("", None)
    for address in (link, "/s/park/?PID=person-7", "/s/park/?i=ANN-ANN-ANN-1"):
        for browser in (client, Client()):
            assert browser.get(address).status_code == 403
            form = {"consent": "agree", "nonce": f"{hash(address):022}"}
            assert browser.post(address, form).status_code == 403
    assert Participant.objects.count() == 1


def test_page_asks_before_anything_is_erased(client: Client) -> None:
    launched()
    goes(client, until="opinion")
    before = everything()
    for response in (client.get(WITHDRAW), client.post(WITHDRAW), client.head(WITHDRAW)):
        assert response.status_code in (200, 405)
    page = client.get(WITHDRAW).content.decode()
    assert "Do you want to withdraw?" in page
    assert "All your answers are erased." in page
    assert 'href="/s/park/opinion/"' in page
    assert everything() == before


def test_later_withdrawal_by_the_resume_code_after_completing(client: Client) -> None:
    launched()
    token = goes(Client())
    page = html.fromstring(client.get(WITHDRAW).content)
    assert page.xpath("//input[@name='code']")
    code = tokens.shown(token).lower()
    asked = client.post(WITHDRAW, {"code": code})
    assert "Do you want to withdraw?" in asked.content.decode()
    assert person().state == State.COMPLETED
    form = {
        name: value
        for name, value in html.fromstring(asked.content)
        .get_element_by_id("withdraw")
        .form_values()
        if name != "csrfmiddlewaretoken"
    }
    assert client.post(WITHDRAW, form).status_code == 200
    assert (person().state, person().answers) == (State.WITHDRAWN, {})


@pytest.mark.parametrize("code", ["AAAA-AAAA-AAAA", "x", "\u00e9" * 3000, "\0", "0" * 12])
def test_code_that_nobody_has_withdraws_nobody(client: Client, code: str) -> None:
    launched()
    goes(client, until="story")
    response = Client().post(WITHDRAW, {"code": code, "sure": "yes"})
    assert response.status_code == 422
    assert person().state == State.ANSWERING
    assert Erasure.objects.count() == 0


def test_code_of_another_study_withdraws_nobody() -> None:
    launched(replace(small(), study="other"))
    launched()
    token = entered(Client(), slug="other")
    Client().post(WITHDRAW, {"code": token, "sure": "yes"})
    assert person().state == State.ANSWERING


def test_withdrawing_twice_erases_once(client: Client) -> None:
    launched()
    token = goes(client)
    withdraws(client)
    before = Participant.objects.values().get()
    assert withdraws(client).status_code in (200, 403)
    assert withdraws(Client(), code=token).status_code == 422
    assert withdraw(participant_id=person().pk) == ""
    assert Erasure.objects.count() == 1
    assert Participant.objects.values().get() == before


def test_old_cookie_and_resume_code_lead_nowhere(client: Client) -> None:
    launched()
    token = goes(client, until="opinion")
    stale = Client()
    stale.cookies["coprod_park"] = token
    withdraws(client)
    for address in ("/s/park/opinion/", "/s/park/about/", "/s/park/thanks/"):
        assert stale.get(address).status_code == 403
        assert stale.post(address, {**OPINION, "move": "next"}).status_code == 403
        assert stale.post(f"{address}draft/", {"comment": SECRET}).status_code == 403
    resumed = Client().post("/s/park/resume/", {"code": token})
    assert resumed.status_code == 422
    assert Submission.objects.count() == Draft.objects.count() == 0


def test_withdrawn_may_take_part_anew_where_nothing_identifies_them(client: Client) -> None:
    launched()
    goes(client, until="opinion")
    withdraws(client)
    entered(client)
    assert list(Participant.objects.order_by("id").values_list("state", flat=True)) == [
        State.WITHDRAWN,
        State.ANSWERING,
    ]
    verdict()


def test_study_that_asks_gets_an_answer_first(client: Client) -> None:
    launched(asking())
    goes(client, until="opinion")
    asked = client.get(WITHDRAW).content.decode()
    assert "May we keep the answers that you gave so far" in asked
    for fields in ({}, {"answers": ""}, {"answers": "both"}):
        response = withdraws(client, **fields)
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()
    assert person().state == State.ANSWERING


def test_study_that_asks_may_keep_the_answers_without_what_identifies(client: Client) -> None:
    study = launched(replace(identified(), withdrawal=Withdrawal.ASK))
    goes(client, link_of(study), "thanks")
    before = person()
    withdraws(client, answers="keep")
    after = person()
    assert (after.state, after.answers) == (State.WITHDRAWN, before.answers)
    assert (after.assignments, after.orders) == (before.assignments, before.orders)
    assert (after.parameters, after.fingerprint) == ({}, None)
    assert Submission.objects.filter(participant=after).count() == 4
    assert PanelIdentity.objects.get().value == ""
    for mark in ("person-7", "visit-9", "ann@example.org"):
        assert mark not in everything()
    record = Erasure.objects.get()
    assert (record.kept, record.rows) == (
        True,
        {"panel_id": 1, "invitation": 1, "drafts": 0, "places": 0},
    )
    verdict()


def test_study_that_asks_erases_if_that_is_the_answer(client: Client) -> None:
    launched(asking())
    goes(client)
    withdraws(client, answers="erase")
    assert person().answers == {}
    assert Erasure.objects.get().kept is False


def test_study_that_asks_does_not_ask_who_has_answered_nothing(client: Client) -> None:
    launched(asking())
    entered(client)
    assert "May we keep" not in client.get(WITHDRAW).content.decode()
    assert withdraws(client).status_code == 200
    assert Erasure.objects.get().kept is False


def test_study_that_does_not_ask_keeps_nothing_whatever_is_sent(client: Client) -> None:
    launched()
    goes(client)
    withdraws(client, answers="keep")
    assert person().answers == {}
    assert Erasure.objects.get().kept is False


def test_farewell_has_the_studys_words_a_code_and_the_way_back(client: Client) -> None:
    study = launched(
        ending_in(Outcome.WITHDRAWN, design=identified(), more="&pid={pid}&visit={visit}")
    )
    goes(client, link_of(study), "opinion")
    response = withdraws(client)
    code = person().completion_code
    assert len(code) == 10
    page = response.content.decode()
    assert "The end: withdrawn" in page
    assert code in page
    address = html.fromstring(page).get_element_by_id("redirect").get("href")
    assert address == f"{PANEL}?end=withdrawn&cc={code}&pid=person-7&visit=visit-9"


@pytest.mark.parametrize(("until", "told"), [("story", False), ("opinion", True)])
def test_who_saw_the_vignette_is_debriefed(client: Client, until: str, told: bool) -> None:
    launched(replace(small(), debriefing=both("It was made up.", "지어낸 이야기입니다.")))
    goes(client, until=until)
    assert ("It was made up." in withdraws(client).content.decode()) is told


def test_code_that_the_panel_has_already_stays(client: Client) -> None:
    launched()
    goes(client)
    code = person().completion_code
    assert code in withdraws(client).content.decode()
    assert person().completion_code == code


@pytest.mark.parametrize("end", ["screened_out", "refused", "quota_full"])
def test_who_came_to_another_end_may_withdraw_too(client: Client, end: str) -> None:
    full = few(0, "adult", cell=("yes",), design=screened())
    launched(full if end == "quota_full" else screened())
    arrives(client, "/s/park/", {"adult": "no" if end == "screened_out" else "yes"})
    if end == "refused":
        sent(client, "welcome", {"consent": "decline"})
    assert person().state == end
    withdraws(client)
    assert (person().state, person().answers) == (State.WITHDRAWN, {})


def test_withdrawal_is_possible_in_a_paused_and_in_a_closed_study(client: Client) -> None:
    study = launched()
    other = Client()
    goes(client, until="opinion")
    goes(other)
    Study.objects.filter(pk=study.pk).update(status=Status.PAUSED)
    assert withdraws(client).status_code == 200
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    assert withdraws(other).status_code == 200
    assert set(Participant.objects.values_list("state", flat=True)) == {State.WITHDRAWN}


def test_page_is_in_the_language_of_the_participant(client: Client) -> None:
    launched()
    goes(client, until="story")
    client.post("/s/park/story/", {"move": "language:ko"})
    for response in (client.get(WITHDRAW), withdraws(client)):
        page = response.content.decode()
        assert '<html lang="ko"' in page


@pytest.mark.django_db(transaction=True)
def test_export_shows_that_somebody_withdrew_and_nothing_of_them(client: Client) -> None:
    study = launched(identified())
    goes(Client())
    goes(client, link_of(study))
    withdraws(client)
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    text = export(Study.objects.get())
    assert text.count(SECRET) == 1
    assert "visit-9" not in text
    stayed, gone = rows(text)
    assert (stayed["state"], gone["state"]) == ("completed", "withdrawn")
    asked = [*ABOUT, *OPINION, "arm", "probability", "reward", "voice", "stratum", "position"]
    assert {name: gone[name] for name in asked} == dict.fromkeys(asked)
    assert all(gone[name] in (None, "0") for name in gone if name.startswith("flag_"))
    assert gone["completed_at"] is None
    assert gone["consented_at"]


@pytest.mark.django_db(transaction=True)
def test_export_shows_what_somebody_let_be_kept(client: Client) -> None:
    launched(asking())
    goes(client)
    withdraws(client, answers="keep")
    Study.objects.update(status=Status.CLOSED)
    (row,) = rows(export(Study.objects.get()))
    assert (row["state"], row["comment"], row["will1"]) == ("withdrawn", SECRET, "6")
    assert row["arm"]


@pytest.mark.django_db(transaction=True)
def test_page_and_withdrawal_at_once_leave_no_answer() -> None:
    launched(few(9))
    for _ in range(4):
        token = goes(Client(), until="opinion")

        def act(number: int, token: str = token) -> int:
            client = Client()
            client.cookies["coprod_park"] = token
            try:
                if number == 3:
                    return int(withdraws(client).status_code)
                fields = {**OPINION, "comment": SECRET, "move": "next"}
                address = "/s/park/opinion/" + ("draft/" if number % 2 else "")
                return client.post(address, fields).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            assert set(pool.map(act, range(6))) <= {200, 204, 302, 403, 409, 410}
        assert (person().state, person().answers) == (State.WITHDRAWN, {})
    assert Submission.objects.count() == Draft.objects.count() == QuotaPlace.objects.count() == 0
    assert Erasure.objects.count() == 4
    assert SECRET not in everything()
    verdict()


@pytest.mark.django_db(transaction=True)
def test_two_withdrawals_at_once_are_one() -> None:
    launched()
    token = goes(Client())

    def act(_: int) -> int:
        try:
            return int(withdraws(Client(), code=token).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert 200 in set(pool.map(act, range(6)))
    assert Erasure.objects.count() == 1
    assert re.fullmatch("[0-9A-Z]{10}", person().completion_code)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("withdraw", *arguments, stdout=out)
    return out.getvalue()


def test_command_withdraws_by_resume_code_and_says_who_did_it(client: Client) -> None:
    launched()
    token = goes(client)
    told = run("park", tokens.shown(token).lower())
    assert told == f"{person()} is withdrawn; their answers are erased.\n"
    assert (person().state, person().answers) == (State.WITHDRAWN, {})
    assert Erasure.objects.get().actor.endswith(" (shell)")


def test_command_withdraws_by_reference_and_may_keep_the_answers(client: Client) -> None:
    launched()
    goes(client)
    told = run("park", str(person().reference), "--keep")
    assert told == f"{person()} is withdrawn; their answers stay, without a name.\n"
    assert person().answers["will1"] == "6"
    assert Erasure.objects.get().kept is True
    with pytest.raises(CommandError, match="withdrew before"):
        run("park", str(person().reference))


@pytest.mark.parametrize("who", ["", "AAAA-AAAA-AAAA", "00000000-0000-4000-8000-000000000000"])
def test_command_refuses_whom_it_does_not_know(client: Client, who: str) -> None:
    launched()
    goes(client, until="story")
    with pytest.raises(CommandError, match="park has no participant of that"):
        run("park", who)
    with pytest.raises(CommandError, match="There is no study nonesuch"):
        run("nonesuch", who)
    assert Erasure.objects.count() == 0


@pytest.mark.parametrize("people", [1, 3])
def test_withdrawing_costs_literal_numbers_of_statements(
    client: Client, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched(replace(asking(), endings=(Ending(Outcome.WITHDRAWN, redirect=PANEL),)))
    for _ in range(people):
        goes(Client())
    goes(client)
    with django_assert_num_queries(1):
        client.get(WITHDRAW)
    # The row; then, in a savepoint here, the declaration, the lock, what is cut off and erased,
    # the row emptied and marked, and the record.
    with django_assert_num_queries(10):
        withdraws(client, answers="erase")


@pytest.mark.parametrize("people", [1, 3])
def test_desk_lists_erasures_and_changes_none(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched()
    for _ in range(people):
        client = Client()
        goes(client)
        withdraws(client)
    researcher, address = desk(), "/admin/responses/erasure/"
    researcher.get(address)
    with django_assert_num_queries(5):
        page = text_of(researcher.get(address))
    assert page.count("park live withdrawal participant") == people
    row = f"{address}{Erasure.objects.latest('id').pk}"
    assert "participant" in text_of(researcher.get(f"{row}/change/"))
    assert researcher.post(f"{row}/delete/", {"post": "yes"}).status_code == 403
    assert Erasure.objects.count() == people
