"""Everything that is kept of one participant, for who asks for it (GDPR art. 15, PIPA art. 35)."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from responses.blinding import arm_is_secret, secret_items, secret_pages, untimed_pages
from responses.identity_log import read_identity
from responses.models import Participant, Payment

PERSON = (
    *("reference", "mode", "state", "language", "entered_at", "consented_at", "exposed_at"),
    *("completed_at", "ended_at", "last_seen_at", "completion_code", "parameters", "device"),
    *("known_browser", "answers", "orders", "tries", "flags", "assignments"),
)
# What tells the arm, or could.
SECRET = frozenset({"exposed_at", "orders", "assignments"})
KEPT_BACK = (
    "Which version of the text somebody was shown, and what would tell it, is secret until the "
    "study is closed. Ask again then."
)


@transaction.atomic
def own_data(*, participant: Participant, actor: str) -> dict[str, Any]:
    """What is kept of them, as JSON can hold it; noted as a reading of who they are.

    Hashes that find somebody again are no data that tell anything, and are left out. While their
    arm is secret what tells it is left out too, and `kept_back` says so.
    """
    secret, items = arm_is_secret(participant), secret_items(participant)
    identity = read_identity(participant=participant, actor=actor)
    told = [name for name in PERSON if not (secret and name in SECRET)]
    lists = Payment.objects.filter(participant=participant)
    return {
        "study": participant.study.slug,
        "version": participant.version.number,
        "design": participant.version.digest,
        **{name: getattr(participant, name) for name in told},
        "answers": _without(participant.answers, items),
        "tries": _without(participant.tries, items),
        "panel_id": identity.panel_id,
        "invitation": identity.label,
        **_pages(participant, items),
        "corrections": [
            each
            for each in participant.corrections.values("item", "stated", "reason", "noted_at")
            if each["item"] not in items
        ],
        "exclusions": list(participant.marks.values("marking__words", "marking__marked_at")),
        "pay_lists": list(lists.values_list("pay_list__number", flat=True)),
        **({"kept_back": KEPT_BACK} if secret else {}),
    }


def _pages(participant: Participant, items: Collection[str]) -> dict[str, Any]:
    """What was sent and typed page by page, and how long it took."""
    pages, untimed = secret_pages(participant), untimed_pages(participant)
    sent = participant.submissions.exclude(page__in=pages)
    timed = participant.paradata.exclude(page__in=pages | untimed)
    typed = participant.drafts.exclude(page__in=pages)
    return {
        "submissions": [
            {**row, "answers": _without(row["answers"], items), **_untold(row, untimed)}
            for row in sent.values("page", "language", "answers", "received_at")
        ],
        "paradata": list(timed.values("page", "seconds", "facts", "received_at")),
        "drafts": [
            {**row, "fields": _without(row["fields"], items)}
            for row in typed.values("page", "fields", "saved_at")
        ],
    }


def _without(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _untold(row: Mapping[str, Any], untimed: Collection[str]) -> dict[str, None]:
    """Takes the time out of a row of a page whose time could tell what was read."""
    return {"received_at": None} if row["page"] in untimed else {}
