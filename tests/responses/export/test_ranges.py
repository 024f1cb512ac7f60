"""Which part of a file a Range header asks for."""

import pytest

from responses.export.ranges import UnsatisfiableError, asked_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-", range(100)),
        ("bytes=10-", range(10, 100)),
        ("bytes=10-19", range(10, 20)),
        ("Bytes=99-1000", range(99, 100)),
        ("bytes=-10", range(90, 100)),
        ("bytes=-1000", range(100)),
        ("", None),
        ("bytes=-", None),
        ("bytes=20-10", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=" + "9" * 5000 + "-", None),
    ],
)
def test_range_is_the_part_or_the_whole(header: str, part: range | None) -> None:
    assert asked_range(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0", "bytes=1000-2000"])
def test_range_beyond_the_file_has_no_answer(header: str) -> None:
    with pytest.raises(UnsatisfiableError):
        asked_range(header, 100)
