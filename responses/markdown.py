"""Texts of a study as HTML: Markdown without HTML of its own, and the study's pictures."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape

from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token

from experiments.design import Design, Image
from responses.designs import version_of
from responses.marks import as_address

IMAGE = "image:"
# No text of a study that was launched is longer; that of a draft is shown as it stands.
LONGEST = 25_000
_SCHEMES = ("http:", "https:", "mailto:", "tel:")


class _Links(MarkdownIt):
    """Lets through links out of the page, and the study's own pictures."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 # markdown-it calls it so
        """Whether a text may lead there."""
        return url.lower().startswith((*_SCHEMES, IMAGE))


_markdown = _Links("commonmark", {"html": False}).enable("table")


def as_html(design: Design, text: str) -> str:
    """The text as HTML; a picture becomes its address, one that the study has not its words."""
    if len(text) > LONGEST:
        return f"<p>{escape(text)}</p>\n"
    tokens = _markdown.parse(text)
    for token in _all(tokens):
        if token.type == "image":
            _show(design, token)
        elif token.type == "link_open":
            _lead(token)
    return str(_markdown.renderer.render(tokens, _markdown.options, {}))


def image_name(image: Image) -> str:
    """By what name a picture is asked for: it changes with the picture."""
    return hashlib.sha256(image.data.encode()).hexdigest()[:16]


def image_address(design: Design, image: Image) -> str:
    """Where a picture of a launched study is found."""
    return reverse("responses:image", kwargs={"slug": design.study, "name": image_name(image)})


@lru_cache(maxsize=256)
def image_of(version_id: int, name: str) -> tuple[str, bytes] | None:
    """The media type and the file of a picture of that version, None if there is none."""
    for image in version_of(version_id).design.images:
        if image_name(image) == name:
            return image.media_type, base64.b64decode(image.data)
    return None


def _show(design: Design, token: Token) -> None:
    source = str(token.attrs.get("src", ""))
    code = source.removeprefix(IMAGE)
    image = next((each for each in design.images if each.code == code != source), None)
    if image is None:
        # Nothing is asked of another site, and no empty picture is shown.
        token.type, token.tag, token.attrs = "text", "", {}
        return
    token.attrs["src"] = image_address(design, image)
    token.attrs["loading"] = "lazy"


def _lead(token: Token) -> None:
    """What a slot puts into an address stays one part of it; a picture is nowhere to go."""
    address = str(token.attrs.get("href", ""))
    token.attrs["href"] = "" if address.startswith(IMAGE) else as_address(address)
    if not token.attrs["href"]:
        token.attrs = {}


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or ())
