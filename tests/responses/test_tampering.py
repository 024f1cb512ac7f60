"""What verification finds: rows, seeds and links that somebody changed."""

import pytest
from django.test import Client

from experiments import seed
from responses.models import Participant
from responses.verification import Verdict, verify
from tests.responses.ledger import allocated, tampered
from tests.responses.studies import launched, walked


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE responses_allocation SET arm = CASE arm WHEN 'none.low' THEN 'money.low' "
            "ELSE 'none.low' END WHERE position = 3",
            "Version 1, main, live, gender=woman, position 3: the ledger says",
        ),
        (
            "DELETE FROM responses_allocation WHERE position = 4",
            "Version 1, main, live, gender=woman: position 4 is missing.",
        ),
        (
            "DELETE FROM responses_allocation WHERE position = 9",
            "Version 1, main, live, gender=woman: the head stands at 10, the rows end at 9.",
        ),
        (
            "UPDATE responses_allocation a SET key = b.key, digest = b.digest, holder = b.holder, "
            "allocated_at = b.allocated_at FROM (SELECT * FROM responses_allocation) b "
            "WHERE a.position IN (5, 6) AND b.position = 11 - a.position",
            "Version 1, main, live, gender=woman, position 5: the chain of digests breaks.",
        ),
        (
            "UPDATE responses_allocation SET allocated_at = allocated_at - interval '1 day' "
            "WHERE position = 7",
            "Version 1, main, live, gender=woman, position 7: the chain of digests breaks.",
        ),
        (
            "UPDATE responses_allocationhead SET digest = sha256('x')",
            "Version 1, main, live, gender=woman: the head's digest is not that of the last row.",
        ),
        ("DELETE FROM responses_allocationhead", "10 ledger rows belong to no list of the study."),
    ],
)
def test_verification_names_what_does_not_hold(statement: str, told: str) -> None:
    study = allocated(10)
    tampered("ALTER TABLE responses_allocation DROP CONSTRAINT responses_allocation_key_key")
    try:
        tampered(statement)
        verdict = verify(study, seed.seed_of(study))
    finally:
        tampered("DELETE FROM responses_allocation")
        tampered("ALTER TABLE responses_allocation ADD UNIQUE (key)")
    assert not verdict.holds
    assert verdict.line.startswith(told)


@pytest.mark.django_db
def test_verification_finds_a_forged_seed() -> None:
    study = allocated(2)
    told = "The seed is not the one that was committed to at launch."
    assert verify(study, bytes(32)) == Verdict(False, told)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"arm": "money.low"},
        {"arm": "none.low"},
        {"levels": {"reward": "none", "voice": "high"}},
        {"probability": "1/2"},
        {"position": 7},
        {"stratum": "gender=man"},
    ],
)
def test_verification_finds_an_edited_link(change: dict[str, object]) -> None:
    study = allocated(4)
    edited = next(
        person
        for person in Participant.objects.order_by("id")
        if not person.assignments["main"].items() >= change.items()
    )
    edited.assignments["main"] |= change
    edited.save()
    told = f"Participant {edited.reference} and the ledger disagree on main."
    assert verify(study, seed.seed_of(study)) == Verdict(False, told)


@pytest.mark.django_db
def test_verification_finds_two_participants_with_swapped_links() -> None:
    study = allocated(2)
    first, second = Participant.objects.order_by("id")
    first.assignments, second.assignments = second.assignments, first.assignments
    first.save()
    second.save()
    told = f"Participant {first.reference} and the ledger disagree on main."
    assert verify(study, seed.seed_of(study)) == Verdict(False, told)


@pytest.mark.django_db(transaction=True)
def test_verification_finds_arms_without_a_ledger(client: Client) -> None:
    study = launched()
    walked(client)
    person = Participant.objects.get()
    told = f"Participant {person.reference} has no allocation of main of their own."
    Participant.objects.update(assignments={})
    assert verify(study, seed.seed_of(study)) == Verdict(False, told)
    tampered("DELETE FROM responses_allocation")
    tampered("DELETE FROM responses_allocationhead")
    assert verify(study, seed.seed_of(study)) == Verdict(False, told)
