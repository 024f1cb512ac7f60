"""Addresses that name a row and tell a study's members from the owner of another by nothing.

Each with its reason. Any other line of the table that does so was asked for a row that is not
there, and would hold whatever the view checked.
"""

from collections.abc import Iterable

_PARTS = "factor randomisation scale page item block image parameter quota ending plan"
_LOGS = "exportrecord identityreading erasure"
_MODELS = {
    "auth": "user group",
    "experiments": f"study designversion {_PARTS}",
    "responses": f"participant {_LOGS}",
    "analysis": "apitoken look",
}
_ROW = "<path:object_id>/"


def _of(models: Iterable[tuple[str, str]], *pages: str) -> list[str]:
    return [f"admin/{room}/{model}/{_ROW}{page}" for room, model in models for page in pages]


_EVERY = [(room, model) for room, names in _MODELS.items() for model in names.split()]
_ACCOUNTS = [("auth", model) for model in _MODELS["auth"].split()]
_NEVER_DELETED = [
    *(("experiments", "designversion"), ("analysis", "apitoken"), ("analysis", "look")),
    *(("responses", model) for model in _MODELS["responses"].split()),
]

REASONS: dict[str, list[str]] = {
    "participants' pages: anybody's who has the link, and a cookie tells whose row it is": [
        "s/<slug:slug>/",
        *(f"s/<slug:slug>/{each}/" for each in ("resume", "withdraw", "about-study")),
        "s/<slug:slug>/withdraw/done/",
        *(f"s/<slug:slug>/{each}/" for each in ("image/<slug:name>", "<slug:page>")),
        "s/<slug:slug>/<slug:page>/draft/",
    ],
    "the admin's old address leads on to the one with change/, whatever the row": _of(_EVERY, ""),
    "no role looks after accounts and groups; a superuser does": [
        *_of(_ACCOUNTS, "history/", "delete/", "change/"),
        "admin/auth/user/<id>/password/",
    ],
    "nobody deletes such a row at the desk": _of(_NEVER_DELETED, "delete/"),
    "a copy needs the right to make studies, which no role gives": [
        "admin/experiments/study/<int:study_id>/copy/"
    ],
    "the admin's View on site: nothing of ours has such an address": [
        "admin/r/<path:content_type_id>/<path:object_id>/"
    ],
}
