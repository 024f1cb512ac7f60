"""PURE: rules on traces: the same device before, the hidden field, pasted texts."""

from experiments.design import ItemKind
from responses.quality.record import Record

_WRITTEN = frozenset({ItemKind.SHORT_TEXT, ItemKind.TEXT})


def duplicate(record: Record) -> int | None:
    """How many participants are known to have come before from the same device.

    Those of the same day with the same address and browser, by a keyed hash that can't be compared
    from one day to the next; and at least one if, on whatever day, the browser was somebody of the
    study before, who may come in anew by another panel id or invitation. The same panel id and the
    same invitation never make a second participant, so they need no flag.
    """
    if record.earlier is None:
        return None
    return max(record.earlier, int(record.known_browser))


def honeypot(record: Record) -> int | None:
    """1 if something was written into the field that people neither see nor reach by keyboard."""
    sent = record.sent()
    return int(any(each.facts.get("honeypot") for each in sent)) if sent else None


def pasted(record: Record) -> int | None:
    """How many text items something was pasted into."""
    written = {item.code for item in record.items() if item.kind in _WRITTEN}
    told = [sent for sent in record.sent() if sent.by_script and _asks(record, sent.page, written)]
    if not told:
        return None
    return len(
        {
            code
            for sent in told
            for code, item in sent.facts.get("items", {}).items()
            if code in written and item.get("pastes")
        }
    )


def _asks(record: Record, page: str, items: set[str]) -> bool:
    return not items.isdisjoint(item.code for item in record.judged.design.page(page).items)
