"""The links by which participants come: their mode, the panel's parameters, an invitation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings

from experiments.design import Access, Design
from responses import tokens
from responses.models import Mode

LONGEST_VALUE = 200
INVITATION = "i"
# Names in a link that are Coprod's own.
MODE, KEY = "mode", "key"


@dataclass(frozen=True)
class Link:
    """What a link brings: the panel's parameters by code, its id of the person, an invitation."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    identity: str = ""
    invitation: str = ""
    # A parameter that the study needs and the link lacks, or brings with no value that counts.
    lacks: str = ""

    def known_to(self, design: Design) -> dict[str, str]:
        """The parameters with the id among them, as the way back to the panel may want it."""
        identifying = {each.code: self.identity for each in design.parameters if each.identifies}
        return {**self.parameters, **identifying}


def read_link(design: Design, given: Mapping[str, str], mode: str = Mode.LIVE) -> Link:
    """The link's parameters by the design's mapping; what is unknown or too long is left out.

    So is what is none of the values that a parameter may have: a forged link is as good as one
    without. Test runs, whose link is signed, need neither parameters nor an invitation.
    """
    found = {
        each.code: text
        for each in design.parameters
        if (text := _value(given, each.name)) and (not each.values or text in each.values)
    }
    identifying = {each.code for each in design.parameters if each.identifies}
    needed = {
        each.name
        for each in design.parameters
        if each.required or (each.identifies and design.access is Access.PANEL)
        if each.code not in found
    }
    # An id that can't be stored must not let somebody in without one.
    needed |= {
        each.name
        for each in design.parameters
        if each.identifies and each.code not in found and _brings(given, each.name)
    }
    live = mode == Mode.LIVE
    return Link(
        parameters={code: text for code, text in found.items() if code not in identifying},
        identity=next((found[code] for code in identifying if code in found), ""),
        invitation=_value(given, INVITATION) if live else "",
        lacks=min(needed, default="") if live else "",
    )


def carried(design: Design, given: Mapping[str, str]) -> str:
    """What a form of the first page must send along of its link, to follow another parameter."""
    names = (MODE, KEY, INVITATION, *(each.name for each in design.parameters))
    kept = [(name, text) for name in names if (text := _value(given, name))]
    return f"&{urlencode(kept)}" if kept else ""


def entry_link(study: str, mode: str, base: str = "") -> str:
    """The address by which participants of a mode enter; signed unless they are live."""
    path = f"{base.rstrip('/')}/s/{study}/"
    return path if mode == Mode.LIVE else f"{path}?mode={mode}&key={tokens.sign_link(study, mode)}"


def known_site() -> str:
    """The site's address if the settings tell it: their one origin, or their one host by HTTPS."""
    hosts = [f"https://{host}" for host in settings.ALLOWED_HOSTS] if settings.HTTPS else []
    told = [str(each) for each in settings.CSRF_TRUSTED_ORIGINS or hosts]
    # A star, or a dot at the start, stands for many.
    return told[0] if len(told) == 1 and not re.search(r"\*|//\.", told[0]) else ""


def mode_of(study: str, given: Mapping[str, str]) -> str | None:
    """The mode that a link's parameters prove: live without any, None if they prove nothing."""
    mode, key = given.get(MODE, ""), given.get(KEY, "")
    if not mode and not key:
        return Mode.LIVE
    known = mode in (Mode.PILOT, Mode.REHEARSAL)
    return mode if known and tokens.link_is_signed(study, mode, key) else None


def _brings(given: Mapping[str, str], name: str) -> bool:
    """Whether the link brings a value, usable or not."""
    plain = given.get(name, "").strip()
    return bool(plain) and not (plain.startswith("{") and plain.endswith("}"))


def _value(given: Mapping[str, str], name: str) -> str:
    """What can be stored of a link's value; a panel that did not fill in its own slot gave none."""
    plain = given.get(name, "").strip()
    usable = plain.isprintable() and len(plain) <= LONGEST_VALUE and _brings(given, name)
    return plain if usable else ""
