import msgspec

from responses.coded import NOTHING, Coded, CodedSteps
from responses.opened import Opener, StepsOpener

TEXTS = [
    '{"will1": "1", "class": null, "noticed": ["b", "a"]}',
    "{}",
    '{"points": {"b": 1, "a": 2}, "will1": {"missing": "refused"}}',
]


def test_opened_objects_are_columns_and_are_written_as_they_came() -> None:
    opener = Opener()
    for texts in (TEXTS[:1], TEXTS, TEXTS[1:]):
        opened = opener.open(texts)
        given = [msgspec.json.decode(text) for text in texts]
        found = Coded()
        found.extend(opened.columns, len(texts))
        assert [*found] == given
        written = [msgspec.json.encode(each, order="sorted") for each in opened.objects]
        assert written == [msgspec.json.encode(each, order="sorted") for each in given]


def test_name_that_is_dropped_is_as_if_it_had_not_come() -> None:
    opened = Opener().open(TEXTS)
    opened.drop(2, "will1")
    opened.drop(0, "what nobody has")
    assert msgspec.json.encode(opened.objects[2], order="sorted") == b'{"points":{"a":2,"b":1}}'
    assert opened.columns["will1"] == ("1", NOTHING, NOTHING)


def test_columns_that_are_extended_are_those_that_are_put_row_by_row() -> None:
    given: list[dict[str, object]] = [
        {"a": f"{at}"} if at % 7 else {"b": at} for at in range(70_000)
    ]
    found = Coded()
    for start in range(0, len(given), 20_000):
        part = given[start : start + 20_000]
        found.extend({name: [row.get(name, NOTHING) for row in part] for name in "ab"}, len(part))
    assert [*found] == given


def test_opened_steps_are_columns_and_are_written_as_they_came() -> None:
    texts = [
        '{"main": {"key": "k", "levels": {"b": "1", "a": "2"}}}',
        "{}",
        '{"late": {"arm": "b", "key": "l"}, "main": {"key": "m", "cluster": null}}',
    ]
    opener, found = StepsOpener(), CodedSteps()
    for part in (texts[:1], texts[1:2], texts[2:], texts):
        opened = opener.open(part)
        written = [msgspec.json.encode(each, order="sorted") for each in opened.objects]
        assert written == [
            msgspec.json.encode(msgspec.json.decode(text), order="sorted") for text in part
        ]
        found.extend(opened.columns(without="key"), len(part))
    held = [
        {"main": {"levels": {"b": "1", "a": "2"}}},
        {},
        {"late": {"arm": "b"}, "main": {"cluster": None}},
    ]
    assert [*found] == held * 2
