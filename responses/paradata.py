"""What a browser tells of how a page was answered: whitelisted and bounded, never the answers.

Rubbish costs nothing: what can't be read is left out, and the page is stored all the same.
"""

import json
import re
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

LARGEST = 16 * 1024
# A day in milliseconds: who left a page open for longer is counted as a day.
LONGEST = 24 * 3600 * 1000
WIDEST = 20_000
MOST = 100_000

# Times since the page was shown, in milliseconds; the others are counts.
_PAGE = {"w": WIDEST, "h": WIDEST, "hidden_ms": LONGEST, "hidden_count": MOST}
_ITEM = {"first": LONGEST, "last": LONGEST, "changes": MOST, "pastes": MOST}

_TABLET = re.compile(r"iPad|Tablet|PlayBook|Silk|Android(?!.*Mobile)", re.IGNORECASE)
_PHONE = re.compile(r"Mobi|iPhone|iPod|Windows Phone", re.IGNORECASE)
_DESKTOP = re.compile(r"Windows NT|Macintosh|X11|CrOS|Linux", re.IGNORECASE)


def read_facts(
    text: str, *, user_agent: str, items: Iterable[str], honeypot: str = ""
) -> dict[str, Any]:
    """The facts to store of one page: device, viewport, hidden time, changes by item.

    `honeypot` is what was written into the field that nobody sees: only that something was.
    """
    told = _parsed(text)
    facts: dict[str, Any] = {"device": device_class(user_agent)}
    facts |= _numbers(told, _PAGE)
    if isinstance(told.get("touch"), bool):
        facts["touch"] = told["touch"]
    of_items = told.get("items")
    known = of_items if isinstance(of_items, dict) else {}
    facts["items"] = {
        code: numbers
        for code in items
        if isinstance(known.get(code), dict) and (numbers := _numbers(known[code], _ITEM))
    }
    if honeypot:
        facts["honeypot"] = True
    return facts


def device_class(user_agent: str) -> str:
    """phone, tablet, desktop or unknown, by words that browsers put into their user agent."""
    if _TABLET.search(user_agent):
        return "tablet"
    if _PHONE.search(user_agent):
        return "phone"
    return "desktop" if _DESKTOP.search(user_agent) else "unknown"


def _parsed(text: str) -> Mapping[str, Any]:
    if len(text) > LARGEST:
        return {}
    try:
        told = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _numbers(told: Mapping[str, Any], bounds: Mapping[str, int]) -> dict[str, int]:
    return {
        name: min(int(told[name]), most)
        for name, most in bounds.items()
        if _is_number(told.get(name)) and told[name] >= 0
    }


def _is_number(value: object) -> bool:
    # A whole number of hundreds of digits is finite, and no float.
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole or (isinstance(value, float) and isfinite(value))
