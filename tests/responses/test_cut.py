"""A cut as columns: what it gives back and what its digest is of; how it is taken, looks test."""

import hashlib
from dataclasses import replace
from uuid import UUID

from responses.cut import Cut, Member

MEMBERS = [
    Member(
        UUID(int=place),
        {"will1": str(place % 3), "comment": None, **({"noticed": ["b", "a"]} if place else {})},
        {"main": {"key": f"k{place}", "arm": "none", "position": place}} if place != 1 else {},
    )
    for place in range(3)
]


def test_cut_keeps_its_members_without_their_keys_in_the_ledger() -> None:
    cut = Cut(replace(each, id=7 + place) for place, each in enumerate(MEMBERS))
    assert (len(cut), cut.ids.tolist()) == (3, [7, 8, 9])
    assert [*cut.answers] == [each.answers for each in MEMBERS]
    assert [*cut.assignments] == [
        {"main": {"arm": "none", "position": place}} if place != 1 else {} for place in (0, 1, 2)
    ]


def test_cut_has_the_other_fields_as_columns() -> None:
    languages = ["en", "ko", "en"]
    cut = Cut(replace(each, language=tag) for each, tag in zip(MEMBERS, languages, strict=True))
    assert [*cut.facts("language")] == languages
    assert [*cut.facts("version")] == [0, 0, 0]
    assert [*Cut().facts("device")] == []


def test_digest_of_a_cut_is_that_of_a_line_for_each_member() -> None:
    lines = (
        '["00000000000000000000000000000000",{"comment":null,"will1":"0"},'
        '{"main":{"arm":"none","key":"k0","position":0}}]\n'
        '["00000000000000000000000000000001",{"comment":null,"noticed":["b","a"],"will1":"1"},{}]\n'
        '["00000000000000000000000000000002",{"comment":null,"noticed":["b","a"],"will1":"2"},'
        '{"main":{"arm":"none","key":"k2","position":2}}]\n'
    )
    assert Cut(MEMBERS).digest == hashlib.sha256(lines.encode()).hexdigest()
    assert Cut().digest == hashlib.sha256().hexdigest()
