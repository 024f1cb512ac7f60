"""Personal links: made from a list, all or none; their labels stay apart from the answers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client

from experiments.models import Status, Study
from experiments.refusals import Refused
from responses import tokens
from responses.guests import Guest, read_guests
from responses.invitations import NotInvited, PersonalLink, Sent, invite, links_file, sent
from responses.models import Invitation, Participant
from responses.sheets import read_sheet
from responses.withdrawal import withdraw
from tests.designs import small
from tests.responses.export.reading import export
from tests.responses.studies import launched, walked
from tests.responses.ways import arrives, by_invitation

pytestmark = pytest.mark.django_db

OWN = "Own-Token_0001"


def invited(study: Study, *labels: str) -> tuple[PersonalLink, ...]:
    return invite(study_id=study.pk, guests=[Guest(label) for label in labels])


def test_each_guest_gets_a_link_of_their_own() -> None:
    study = launched(by_invitation())
    ann, bob = invite(
        study_id=study.pk, guests=[Guest("Ann"), Guest("Bob", OWN)], base="https://s.example/"
    )
    assert ann.address == f"https://s.example/s/park/?i={ann.token}"
    assert len(ann.token) == 16
    assert bob == PersonalLink("Bob", OWN, f"https://s.example/s/park/?i={OWN}")
    rows = Invitation.objects.filter(participant=None, used_at=None)
    assert [(row.label, bytes(row.token_hash)) for row in rows] == [
        ("Ann", tokens.invitation_hash(ann.token)),
        ("Bob", tokens.invitation_hash(OWN)),
    ]


def test_token_is_kept_nowhere() -> None:
    (link,) = invited(launched(), "Ann")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(i)::text FROM responses_invitation i")
        assert link.token not in cursor.fetchone()[0]


def test_link_admits_one_person_once(client: Client) -> None:
    study = launched(by_invitation())
    ann, bob = invited(study, "Ann", "Bob")
    assert client.get(ann.address).status_code == 200
    assert sent(study) == Sent(made=2, used=0)
    assert arrives(client, ann.address)["Location"] == "/s/park/about/"
    assert Invitation.objects.get(label="Ann").participant == Participant.objects.get()
    assert sent(study) == Sent(made=2, used=1)
    assert sent(study).open == 1
    assert Client().get(ann.address).status_code == 403
    # Whoever types it in small letters is let in too.
    assert Client().get(bob.address.lower()).status_code == 200


@pytest.mark.parametrize(
    ("guests", "faults"),
    [
        ([Guest("", "", 3)], ["Line 3: it has neither a label nor a token."]),
        ([Guest("x" * 201, "", 2)], ["Line 2: the label is longer than 200 characters."]),
        ([Guest("a\0b", "", 2)], ["Line 2: the label holds a line break or a control character."]),
        (
            [Guest("Ann", "short", 2)],
            [
                "Line 2: a token has 12 to 64 letters of A to Z, digits, hyphens or underscores; "
                "leave the column out and one is drawn."
            ],
        ),
        (
            [Guest("Ann", "", 2), Guest("Bob", "", 3), Guest("Ann", "", 4)],
            ["Line 4: the label Ann stands on line 2 already."],
        ),
        (
            [Guest("Ann", OWN, 2), Guest("Bob", OWN.lower(), 3)],
            ["Line 3: the token stands on line 2 already."],
        ),
        (
            [Guest("Old", "", 2), Guest("New", "Taken-token-1", 3), Guest("Fine", "", 4)],
            [
                "Line 2: Old was invited already; their link can't be told again, since only its "
                "hash is kept.",
                "Line 3: the token is that of another invitation.",
            ],
        ),
    ],
)
def test_list_with_a_fault_invites_nobody_and_names_the_line(
    guests: list[Guest], faults: list[str]
) -> None:
    study = launched()
    invite(study_id=study.pk, guests=[Guest("Old", "TAKEN-TOKEN-1")])
    with pytest.raises(NotInvited) as refused:
        invite(study_id=study.pk, guests=guests)
    assert [str(fault) for fault in refused.value.faults] == faults
    assert Invitation.objects.count() == 1


def test_same_label_in_another_study_is_another_person() -> None:
    other = launched(replace(small(), study="other"))
    invited(other, "Ann")
    invited(launched(), "Ann")
    assert Invitation.objects.count() == 2


def test_closed_study_invites_nobody() -> None:
    study = launched()
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    with pytest.raises(Refused, match="park is closed"):
        invited(study, "Ann")


def test_list_of_nobody_is_refused() -> None:
    with pytest.raises(Refused, match="The list names nobody"):
        invited(launched())


@pytest.mark.django_db(transaction=True)
def test_same_list_that_is_sent_twice_at_once_invites_once() -> None:
    study = launched()

    def act(_: int) -> int:
        try:
            return len(invited(study, "Ann", "Bob"))
        except NotInvited as refused:
            return -len(refused.faults)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(act, range(4))) == [-2, -2, -2, 2]
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "guests"),
    [
        ("label\nAnn\n\nBob\n", [Guest("Ann", "", 2), Guest("Bob", "", 4)]),
        ("Token;Label\nT1;Ann\n", [Guest("Ann", "T1", 2)]),
        ("wave,LABEL,mail\n1,Ann,a@x\n", [Guest("Ann", "", 2)]),
        ("token\nT1\n", [Guest("", "T1", 2)]),
        (
            "ann@example.org\nbob@example.org\n",
            [Guest("ann@example.org", "", 1), Guest("bob@example.org", "", 2)],
        ),
        ("Ann,T1\nBob\n", [Guest("Ann", "T1", 1), Guest("Bob", "", 2)]),
        ("label\n", []),
    ],
)
def test_list_is_read_with_a_header_or_without(text: str, guests: list[Guest]) -> None:
    assert list(read_guests(read_sheet(text.encode()))) == guests


def test_links_file_is_safe_to_open_in_a_spreadsheet() -> None:
    text = links_file([PersonalLink("=cmd()", "T", "https://x/s/park/?i=T")]).decode("utf-8-sig")
    assert text == "label,token,link\r\n'=cmd(),T,https://x/s/park/?i=T\r\n"


@pytest.mark.django_db(transaction=True)
def test_labels_and_tokens_are_in_no_export(client: Client) -> None:
    study = launched(by_invitation())
    (link,) = invited(study, "ann@example.org")
    walked(client, link=link.address)
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    text = export(Study.objects.get())
    assert text.count("\r\n") == 2
    assert "ann@example.org" not in text
    assert link.token not in text


def test_withdrawal_erases_the_label_and_the_count_stays(client: Client) -> None:
    study = launched(by_invitation())
    (link,) = invited(study, "ann@example.org")
    arrives(client, link.address)
    withdraw(participant_id=Participant.objects.get().pk)
    assert Invitation.objects.get().label == ""
    assert sent(study) == Sent(made=1, used=1)
