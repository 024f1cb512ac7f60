"""Each rule about pictures: a change to a valid design, the problem it makes, and what fits."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.checks.images import LARGEST_IMAGE, image_problems
from experiments.design import Image
from tests.changed import add, changed
from tests.designs import both
from tests.responses.every_kind import DOT, kinds_design

NOTE = "pages[2].items[13].text"
KILOBYTES = 1024
STARTS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/webp": b"RIFF\0\0\0\0WEBP",
}
ELSEWHERE = "A picture from elsewhere is not shown: it would tell who reads it."
ADD_IT = "Add it to images, and write image: and its code."


def _picture(size: int, kind: str = "image/png") -> str:
    return b64encode(STARTS[kind].ljust(size, b"\0")).decode()


def _album(*sizes: int) -> dict[str, Any]:
    """Pictures of these sizes, all of which the note shows."""
    codes = [f"p{number}" for number in range(len(sizes))]
    shown = " ".join(f"![A picture](image:{code})" for code in codes)
    images = (Image(c, "image/png", _picture(size)) for c, size in zip(codes, sizes, strict=True))
    return {"images": tuple(images), NOTE: both(shown, shown)}


REFUSED: list[tuple[dict[str, Any], Problem]] = [
    (
        {f"{NOTE}.en": "![A dot](image:dto)"},
        Problem(NOTE, "There is no image dto.", "Known are: dot."),
    ),
    (
        {"pages[3].body.ko": "{reward} {voice} ![점](image:park)"},
        Problem("pages[3].body", "There is no image park.", "Known are: dot."),
    ),
    (
        {"factors[0].levels[1].text.en": "You get ![coins](image:coins)."},
        Problem("factors[0].levels[1].text", "There is no image coins.", "Known are: dot."),
    ),
    *(
        (
            {f"{NOTE}.ko": f"![{nothing}](image:dot)"},
            Problem(
                NOTE,
                "The image dot says nothing to who can't see it.",
                "Write what it shows between the brackets.",
            ),
        )
        for nothing in ("", " ", "\n")
    ),
    *(
        ({"debriefing": both("Thanks.", f"감사. {mark}")}, Problem("debriefing", ELSEWHERE, ADD_IT))
        for mark in [
            "![A cat](https://elsewhere.example/cat.png)",
            "![](//elsewhere.example/cat.png)",
            '![A cat]( <cat.png> "A cat")',
            "![A cat](data:image/png;base64,AAAA)",
            "![A dot](image:dot) ![A cat](cat.png)",
        ]
    ),
    *(
        (
            {"images[0].media_type": kind},
            Problem(
                "images[0].media_type",
                f"{kind} is no kind of picture that is shown.",
                "Use one of image/jpeg, image/png, image/webp.",
            ),
        )
        for kind in ("image/gif", "image/svg+xml", "png")
    ),
    *(
        (
            {"images[0].data": data},
            Problem("images[0].data", "This is no base64.", "Put in the file in base64."),
        )
        for data in (f"{DOT}!", DOT[:-1], "점")
    ),
    *(
        (
            {"images[0].media_type": kind},
            Problem("images[0].data", f"This is no {kind}.", "Put in the right file."),
        )
        for kind in ("image/jpeg", "image/webp")
    ),
    *(
        (
            {"images[0].data": b64encode(data).decode()},
            Problem("images[0].data", "This is no image/png.", "Put in the right file."),
        )
        for data in (b"", b"<svg/>", b"GIF89a", b"RIFF\0\0\0\0WAVE")
    ),
    *(
        (
            {"images[0]": Image("dot", "image/webp", b64encode(data).decode())},
            Problem("images[0].data", "This is no image/webp.", "Put in the right file."),
        )
        for data in (b"RIFF\0\0\0\0WAVE", b"FORM\0\0\0\0WEBP")
    ),
    (
        {"images": add(Image("cat", "image/png", DOT))},
        Problem(
            "images[1]", "No text shows the image cat.", "Write ![…](image:cat), or take it out."
        ),
    ),
    (
        {"images[0].data": _picture(LARGEST_IMAGE + 1)},
        Problem("images[0].data", "The image dot has 300 KB.", "Make it 300 KB or smaller."),
    ),
    (
        {"images[0].data": _picture(600 * KILOBYTES)},
        Problem("images[0].data", "The image dot has 600 KB.", "Make it 300 KB or smaller."),
    ),
    (
        _album(300 * KILOBYTES, 200 * KILOBYTES, 100 * KILOBYTES + 1),
        Problem("images", "The images have 600 KB together.", "Make them 600 KB or smaller."),
    ),
]

ALLOWED: list[dict[str, Any]] = [
    {f"{NOTE}.en": "No picture."},
    {f"{NOTE}.en": '![A dot](image:dot "Dot") ![Again](image:dot)'},
    {f"{NOTE}.en": "A link: [image](https://elsewhere.example/cat.png)"},
    {NOTE: both("None", "없음"), "factors[0].levels[1].text.en": "![A dot](image:dot)"},
    {NOTE: both("None", "없음"), "debriefing": both("![A dot](image:dot)", "![점](image:dot)")},
    {"images[0].data": "\n".join(DOT[at : at + 7] for at in range(0, len(DOT), 7))},
    *({"images[0]": Image("dot", kind, _picture(100, kind))} for kind in STARTS),
    {"images[0].data": _picture(LARGEST_IMAGE)},
    _album(300 * KILOBYTES, 200 * KILOBYTES, 100 * KILOBYTES),
    {"images": (), NOTE: both("None", "없음")},
]


@pytest.mark.parametrize(("values", "problem"), REFUSED)
def test_picture_that_can_not_be_shown_is_refused(
    values: Mapping[str, Any], problem: Problem
) -> None:
    assert list(image_problems(changed(kinds_design(), values))) == [problem]


@pytest.mark.parametrize("values", ALLOWED)
def test_picture_that_can_be_shown_is_taken(values: Mapping[str, Any]) -> None:
    assert list(image_problems(changed(kinds_design(), values))) == []


def test_picture_where_there_is_none_says_so() -> None:
    design = changed(kinds_design(), {"images": (), NOTE: both("![A dot](image:dot)", "없음")})
    expected = [Problem(NOTE, "There is no image dot.", "Known are: none so far.")]
    assert list(image_problems(design)) == expected


def test_picture_that_can_not_be_shown_keeps_a_study_from_launch() -> None:
    design = changed(kinds_design(), {f"{NOTE}.en": "![A dot](image:dto)"})
    assert problems(design) == [Problem(NOTE, "There is no image dto.", "Known are: dot.")]
