"""What of our texts has no translation yet: `make missing-texts`.

It prints, for each room, the entries that its catalogue under `locale/` lacks, ready to be filled
in, and those that nothing uses any more. Texts are found as Django's makemessages finds them,
but without gettext's tools, and with them the names of models and fields.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import django
import unfold
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.utils.translation.template import templatize

from coprod_site.messages import CATALOGUES, ROOMS, ROOT
from experiments.model_names import names_of

# What marks a text in Python, and which of its arguments the texts are; `said` is the pure rooms'.
MARKS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "said": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Whose texts a folder of templates holds.
TEMPLATES = {
    "experiments": "experiments",
    "responses": "responses",
    "responses_desk": "responses",
    "analysis": "analysis",
    "rehearsal": "rehearsal",
}
COMMENT = re.compile(r"{% comment.*?{% endcomment %}", re.DOTALL)
_UNFOLD = Path(unfold.__file__).parent

Key = tuple[str | None, str, str | None]


@dataclass(frozen=True)
class Used:
    """A text that the code shows: its context, itself, its plural, and where it stands."""

    context: str | None
    text: str
    plural: str | None
    places: tuple[tuple[str, int], ...]

    @property
    def key(self) -> Key:
        """By what gettext finds it."""
        return self.context, self.text, self.plural


def used_texts() -> dict[str, list[Used]]:
    """The texts of each room in the order of their files; unfold's are the site's."""
    found: dict[str, dict[Key, Used]] = {room: {} for room in ROOMS}
    for room, name, line, (context, text, plural) in _all():
        before = found[room].get((context, text, plural))
        places = (*(before.places if before else ()), (name, line))
        found[room][context, text, plural] = Used(context, text, plural, places)
    return {room: list(texts.values()) for room, texts in found.items()}


def translated(language: str) -> dict[Key, Message]:
    """What all catalogues together translate into a language."""
    known: dict[Key, Message] = {}
    for locale in CATALOGUES:
        known |= catalogued(locale, language)
    return known


def catalogued(locale: Path, language: str) -> dict[Key, Message]:
    """What one folder of catalogues translates into a language; what is unsure is not."""
    found: dict[Key, Message] = {}
    for path in locale.glob(f"{language}/LC_MESSAGES/django.po"):
        for message in read_po(BytesIO(path.read_bytes()), locale=language):
            if message.id and message.string and not message.fuzzy:
                found[key_of(message)] = message
    return found


def missing_texts(language: str) -> dict[str, list[Used]]:
    """What each room shows and no catalogue translates, nor a library's own."""
    known = {*translated(language), *_of_libraries(language)}
    return {
        room: [each for each in texts if each.key not in known]
        for room, texts in used_texts().items()
    }


def unused_texts(language: str) -> list[str]:
    """What a catalogue of ours translates and no room shows, nor a library whose words it mends."""
    used = {each.key for texts in used_texts().values() for each in texts}
    used |= _of_libraries(language)
    return [key[1] for key in translated(language) if key not in used]


def key_of(message: Message) -> Key:
    """By what gettext finds an entry of a catalogue."""
    if isinstance(message.id, str):
        return message.context, message.id, None
    return message.context, message.id[0], message.id[1]


def _all() -> Iterator[tuple[str, str, int, Key]]:
    for room in ROOMS[:-1]:
        for name in names_of(apps.get_app_config(room)):
            yield room, f"{room}/models", 0, (None, name, None)
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield from _of_file(room, path, path.read_bytes(), ROOT)
    for folder in sorted((ROOT / "templates").iterdir()):
        room = TEMPLATES.get(folder.name, "coprod_site")
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            yield from _of_file(room, path, _as_python(path), ROOT)
    for path in sorted((_UNFOLD / "templates").rglob("*.html")):
        yield from _of_file("coprod_site", path, _as_python(path), _UNFOLD.parent)


def _of_file(room: str, path: Path, code: bytes, root: Path) -> Iterator[tuple[str, str, int, Key]]:
    name = path.relative_to(root).as_posix()
    for line, texts, _, context in extract("python", BytesIO(code), MARKS):
        text, *plural = (texts,) if isinstance(texts, str) else texts
        yield room, name, line, (context, text, plural[0] if plural else None)


def _as_python(path: Path) -> bytes:
    """A template as code that marks the same texts; its indentation would be wrong Python.

    What Django keeps of a comment would hide all that follows it on the one line.
    """
    template = COMMENT.sub("", path.read_text())
    lines = templatize(template, origin=path.name).split("\n")
    return " ".join(lines).strip().encode()


def _of_libraries(language: str) -> set[Key]:
    """What Django and the apps that are in use translate themselves: unfold shows much of it."""
    own = [Path(app.path) / "locale" for app in apps.get_app_configs() if app.name not in ROOMS]
    locales = (Path(django.__file__).parent / "conf" / "locale", *own)
    return {key for locale in locales for key in catalogued(locale, language)}


def written(texts: list[Used], language: str) -> str:
    """Texts as entries of a catalogue, ready to be filled in."""
    catalogue = Catalog(locale=language)
    for each in texts:
        text = (each.text, each.plural) if each.plural else each.text
        catalogue.add(text, locations=each.places, context=each.context)
    file = BytesIO()
    write_po(file, catalogue, width=100, omit_header=True)
    return file.getvalue().decode()


def main(language: str = "ko") -> None:
    """Prints what is missing, and what is left over."""
    django.setup()
    for room, texts in missing_texts(language).items():
        sys.stdout.write(f"# ---- {room}: {len(texts)} missing ----\n{written(texts, language)}")
    for text in unused_texts(language):
        sys.stdout.write(f"# Nothing shows: {text}\n")


if __name__ == "__main__":
    main(*sys.argv[1:2])
