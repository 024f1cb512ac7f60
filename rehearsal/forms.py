"""PURE: the form of a page as a browser reads it, and what it would send."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from re import DOTALL, Match
from re import compile as pattern

# What a form sends: each field's name with its values.
Fields = Mapping[str, Sequence[str]]
CHOSEN = ("radio", "checkbox")
# The tags of a form that it is made of, quoted values as they are. What stands between them is for
# eyes: to parse that too would take who sends many people much longer.
_TAGS = pattern(
    r"""<(?P<area>textarea)\b(?P<of_area>[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*)>(?P<text>.*?)</textarea>"""
    r"""|<(?P<tag>form|input|select|option|button)\b(?P<has>[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*)>"""
    r"""|</(?P<end>select)\b[^>]*>""",
    DOTALL,
)
_ATTRIBUTES = pattern(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")


class WrongAnswerError(Exception):
    """The site did not do what a visitor needs; the text is one line, alike for like cases.

    `status` is that of its answer, 0 if there was none or it had a page.
    """

    def __init__(self, said: str, status: int = 0) -> None:
        super().__init__(said)
        self.status = status


@dataclass
class Control:
    """The fields of one name: what may be chosen (empty if it is typed), and what now is.

    `kind` is the type of an input, or `select` or `textarea`. What is not `seen` only a program
    would fill in.
    """

    name: str
    kind: str
    required: bool = False
    seen: bool = True
    options: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    @property
    def typed(self) -> bool:
        """Whether anything can be written into it."""
        return self.kind not in (*CHOSEN, "select")


@dataclass(frozen=True)
class Form:
    """One form: its address (empty: where it stands), its attributes, controls and buttons."""

    attributes: Mapping[str, str]
    controls: Mapping[str, Control]
    buttons: tuple[tuple[str, str], ...]

    @property
    def action(self) -> str:
        """Where it is sent to; empty for where it stands."""
        return self.attributes.get("action", "")

    @property
    def page(self) -> str:
        """The code of the page of a study."""
        return self.attributes.get("data-page", "")

    @property
    def wait(self) -> int:
        """How many seconds the page asks to be read."""
        return int(self.attributes.get("data-wait", "") or 0)

    def sent(self, answers: Fields, move: str = "next") -> dict[str, list[str]]:
        """What a browser sends: what stands in the form, these answers, the button of that move.

        WrongAnswerError where the form lacks a field, an option or the button: nobody can choose
        what is not there.
        """
        found = {name: list(each.values) for name, each in self.controls.items() if each.values}
        for name, values in answers.items():
            found[name] = self._chosen(name, values)
        if move and ("move", move) not in self.buttons:
            raise WrongAnswerError("A page has a form without its button")
        return {**found, "move": [move]} if move else found

    def _chosen(self, name: str, values: Sequence[str]) -> list[str]:
        control = self.controls.get(name)
        if control is None:
            raise WrongAnswerError(f"A page has no field {name}")
        if not control.typed and not set(values) <= set(control.options):
            raise WrongAnswerError(f"A page does not offer what is to be chosen in {name}")
        return list(values)


def read_form(page: str, form: str = "page") -> Form | None:
    """The form of that id, None if the page has none."""
    start = next(_starts(page, form), None)
    if start is None:
        return None
    end = page.find("</form>", start)
    reader = _Reader()
    for tag in _TAGS.finditer(page, start, end if end >= 0 else len(page)):
        reader.read(tag)
    return Form(reader.attributes, reader.controls, tuple(reader.buttons))


def _starts(page: str, form: str) -> Iterator[int]:
    """Where a form begins that has the id, whatever stands before its id."""
    at = page.find("<form")
    while at >= 0:
        if f'id="{form}"' in page[at : page.find(">", at)]:
            yield at
        at = page.find("<form", at + 1)


def _attributes(written: str) -> dict[str, str]:
    """What an element has, entities as the letters that they stand for."""
    found = {}
    for name, double, single, bare in _ATTRIBUTES.findall(written):
        value = double or single or bare
        found[name.lower()] = unescape(value) if "&" in value else value
    return found


class _Reader:
    """Collects what one form consists of."""

    def __init__(self) -> None:
        self.attributes: dict[str, str] = {}
        self.controls: dict[str, Control] = {}
        self.buttons: list[tuple[str, str]] = []
        self._select: Control | None = None

    def read(self, found: Match[str]) -> None:
        """Reads one element: its beginning, or the end of a list."""
        if found["end"]:
            self._select = None
        elif found["area"]:
            area = self._control(_attributes(found["of_area"]), "textarea")
            # A browser drops the first line break of a text area.
            area.values = [unescape(found["text"]).removeprefix("\n")]
        else:
            self._begin(found["tag"], _attributes(found["has"]))

    def _begin(self, tag: str, has: Mapping[str, str]) -> None:
        match tag:
            case "form":
                self.attributes = dict(has)
            case "input":
                self._input(has)
            case "select":
                self._select = self._control(has, "select")
            case "option" if self._select:
                self._option(self._select, has)
            case "button":
                self.buttons.append((has.get("name", ""), has.get("value", "")))

    def _input(self, has: Mapping[str, str]) -> None:
        if not has.get("name"):
            return
        control = self._control(has, has.get("type", "text"))
        value = has.get("value", "on" if control.kind in CHOSEN else "")
        if control.kind in CHOSEN:
            control.options.append(value)
            if "checked" in has:
                control.values.append(value)
        else:
            control.values.append(value)

    def _option(self, select: Control, has: Mapping[str, str]) -> None:
        value = has.get("value", "")
        select.options.append(value)
        # What is first stands in the field until another is chosen.
        if "selected" in has or len(select.options) == 1:
            select.values[:] = [value]

    def _control(self, has: Mapping[str, str], kind: str) -> Control:
        name = has.get("name", "")
        found = self.controls.setdefault(name, Control(name, kind))
        found.required |= "required" in has
        found.seen &= has.get("tabindex") != "-1" and kind != "hidden"
        return found
