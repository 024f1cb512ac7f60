"""PURE: pictures: each is one, is shown somewhere, and says what it shows."""

import base64
import binascii
import re
from collections.abc import Iterator

from experiments.checks.problem import Problem, listed, placed
from experiments.checks.texts import texts
from experiments.design import Design, Image
from experiments.said import said

LARGEST_IMAGE = 300 * 1024
# In base64 a third more, which leaves room for the rest of a study file of 1 MB.
LARGEST_TOGETHER = 2 * LARGEST_IMAGE
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
_SHOWN = re.compile(r"!\[([^\]]*)\]\(\s*<?image:([^)\s>]*)>?[^)]*\)")
_OTHER = re.compile(r"!\[[^\]]*\]\((?!\s*<?image:)[^)]*\)")


def image_problems(design: Design) -> Iterator[Problem]:
    """What keeps pictures from being shown, or from being understood without seeing them."""
    shown: set[str] = set()
    known = [image.code for image in design.images]
    for path, text in texts(design):
        for words in text.values():
            for alt, code in _SHOWN.findall(words):
                shown.add(code)
                yield from _mention(path, alt, code, known)
            if _OTHER.search(words):
                message = said("A picture from elsewhere is not shown: it would tell who reads it.")
                yield Problem(
                    path, message, said("Add it to images, and write image: and its code.")
                )
    sizes = []
    for at, image in placed(design.images, "images"):
        data = _file(image)
        yield from _image(at, image, data)
        if image.code not in shown:
            message = said("No text shows the image {image}.", image=image.code)
            yield Problem(
                at, message, said("Write ![…](image:{image}), or take it out.", image=image.code)
            )
        sizes.append(len(data or b""))
    if sum(sizes) > LARGEST_TOGETHER:
        message = said("The images have {sizes} KB together.", sizes=sum(sizes) // 1024)
        yield Problem(
            "images",
            message,
            said(
                "Make them {largest_together} KB or smaller.",
                largest_together=LARGEST_TOGETHER // 1024,
            ),
        )


def _mention(path: str, alt: str, code: str, known: list[str]) -> Iterator[Problem]:
    if code not in known:
        yield Problem(
            path,
            said("There is no image {code}.", code=code),
            said("Known are: {known}.", known=listed(known)),
        )
    if not alt.strip():
        message = said("The image {code} says nothing to who can't see it.", code=code)
        yield Problem(path, message, said("Write what it shows between the brackets."))


def _file(image: Image) -> bytes | None:
    """The file, None if its base64 is none; lines may be wrapped anywhere."""
    try:
        return base64.b64decode("".join(image.data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _image(at: str, image: Image, data: bytes | None) -> Iterator[Problem]:
    if image.media_type not in MEDIA_TYPES:
        message = said(
            "{media_type} is no kind of picture that is shown.", media_type=image.media_type
        )
        yield Problem(
            f"{at}.media_type",
            message,
            said("Use one of {media_types}.", media_types=listed(MEDIA_TYPES)),
        )
    if data is None:
        yield Problem(f"{at}.data", said("This is no base64."), said("Put in the file in base64."))
        return
    if image.media_type in MEDIA_TYPES and media_type_of(data) != image.media_type:
        yield Problem(
            f"{at}.data",
            said("This is no {media_type}.", media_type=image.media_type),
            said("Put in the right file."),
        )
    if len(data) > LARGEST_IMAGE:
        message = said("The image {image} has {data} KB.", image=image.code, data=len(data) // 1024)
        yield Problem(
            f"{at}.data",
            message,
            said("Make it {largest_image} KB or smaller.", largest_image=LARGEST_IMAGE // 1024),
        )


def media_type_of(data: bytes) -> str:
    """What a file's first bytes say it is; empty if they say nothing known."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""
